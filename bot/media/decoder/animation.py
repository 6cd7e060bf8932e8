"""Foreign GIF, WebP, PNG and AVIF animations → samples, by Pillow, which puts frames together."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFile

from bot.media.decoder import Refusal
from bot.media.decoder.photos import SMALLEST_SIDE, fitted, on_white, too_many, too_small
from bot.media.decoder.sampling import MOST_SAMPLES, Budget, Film, Pixels, Sample

_FORMATS = ("GIF", "WEBP", "PNG", "AVIF")
_FINEST = 0.05  # seconds between samples
_NO_DELAY, _DELAY = 0.010, 0.1  # seconds: a frame shown for no time is shown as browsers show it


def read(data: bytes, max_pixels: int, budget: Budget) -> Film | Refusal:
    """What there is to see, as far as the budget reaches; a broken end is left out."""
    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        if image.width * image.height > max_pixels:
            return too_many(max_pixels)
        size = fitted(*image.size)
        if min(size) < SMALLEST_SIDE:
            return too_small(*image.size)
        return _sampled(image, size, budget)


def _sampled(image: ImageFile.ImageFile, size: tuple[int, int], budget: Budget) -> Film | Refusal:
    samples: list[Sample] = []
    seconds, apart = 0.0, _FINEST
    # A PNG may begin with a still for programs that do not know of animations.
    number = 1 if getattr(image, "default_image", False) else 0
    while not budget.spent:
        try:
            image.seek(number)
            image.load()
        except EOFError:
            break
        except (OSError, SyntaxError, ValueError):  # the file is broken from here on
            if not samples:
                raise
            break
        if not samples or seconds >= samples[-1].seconds + apart:
            samples.append(Sample(seconds, _pixels(image, size)))
            budget.saw()
            if len(samples) > MOST_SAMPLES:
                del samples[1::2]
                apart *= 2
        seconds += _delay(image)
        number += 1
    return Film(samples, seconds) if samples else Refusal("too_slow", {})


def _pixels(image: Image.Image, size: tuple[int, int]) -> Pixels:
    # Pillow keeps what it needs for the next frame in the image itself, so this is a copy.
    frame = image.convert("RGBA") if image.has_transparency_data else image.convert("RGB")
    if frame.size != size:
        frame = frame.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(on_white(frame))


def _delay(image: Image.Image) -> float:
    """How long the frame that was read last is shown, in seconds."""
    said = image.info.get("duration", 0)
    seconds = float(said) / 1000 if isinstance(said, (int, float)) else 0.0
    return seconds if _NO_DELAY < seconds < 3600 else _DELAY
