"""Foreign GIF, WebP, PNG and AVIF animations → samples, by Pillow, which puts frames together."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import zip_longest

import numpy as np
from PIL import Image, ImageFile

from bot.media.decoder import Rejection, png
from bot.media.decoder.colour import Pixels, encoding_of
from bot.media.decoder.frames import (
    ANIMATED,
    WHITE,
    Colour,
    background_of,
    delay,
    first_frame,
    has_holes,
    put_on,
    worth,
)
from bot.media.decoder.photos import SMALLEST_SIDE, fitted, too_many, too_small
from bot.media.decoder.shots import MOST_SAMPLES, Budget, Film, Sample
from bot.media.decoder.truncated import whole_frames

_FINEST = 0.05  # seconds between samples


def read(data: bytes, max_pixels: int, budget: Budget) -> Film | Rejection:
    """What there is to see, as far as the budget reaches; a broken end is left out."""
    if data.startswith(png.SIGNATURE):
        data = png.tidied(data)
    elif data.startswith(b"RIFF"):
        data = whole_frames(data)
    with Image.open(io.BytesIO(data), formats=ANIMATED) as image:
        if image.width * image.height > max_pixels:
            return too_many(max_pixels)
        size = fitted(*image.size)
        if min(size) < SMALLEST_SIDE:
            return too_small(*image.size)
        samples, seconds = _sampled(image, size, budget)
        if not samples:
            return Rejection("too_slow", {})
        return Film(samples, seconds, encoding=encoding_of(data, image))


def _sampled(
    image: ImageFile.ImageFile, size: tuple[int, int], budget: Budget
) -> tuple[list[Sample], float]:
    sampling, frames = _Sampling(), _Frames(size)
    seconds = 0.0
    number = first_frame(image)
    while not budget.spent:
        try:
            image.seek(number)
            image.load()
        except EOFError:
            break
        except (OSError, SyntaxError, ValueError):  # the file is broken from here on
            if not sampling.samples:
                raise
            break
        shown = delay(image)
        sampling.see(seconds, shown, lambda: frames.pixels(image))
        budget.saw()
        seconds += shown
        number += 1
    return sampling.samples, seconds


class _Sampling:
    """Keeps one frame of each stretch of time: the one shown longest, and rather no blank one."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self._apart = _FINEST
        self._ends = 0.0  # the stretch of the last sample

    def see(self, seconds: float, shown: float, pixels: Callable[[], Pixels]) -> None:
        """The next frame: when it comes, for how long, and how to get its pixels."""
        if not self.samples or seconds >= self._ends:
            self.samples.append(Sample(seconds, pixels(), shown))
            self._ends = seconds + self._apart
            if len(self.samples) > MOST_SAMPLES:
                self._thin_out()
        elif shown > _worth(self.samples[-1]):
            self.samples[-1] = _better(self.samples[-1], Sample(seconds, pixels(), shown))

    def _thin_out(self) -> None:
        pairs = zip_longest(self.samples[::2], self.samples[1::2])
        self.samples = [one if other is None else _better(one, other) for one, other in pairs]
        self._apart *= 2


def _better(one: Sample, other: Sample) -> Sample:
    return other if _worth(other) > _worth(one) else one


def _worth(sample: Sample) -> float:
    return worth(sample.pixels, sample.shown)


class _Frames:
    """Frames as pixels, all on the same background."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._background: Colour | None = None

    def pixels(self, image: Image.Image) -> Pixels:
        # Pillow keeps what it needs for the next frame in the image itself, so this is a copy.
        frame = image.convert("RGBA") if image.has_transparency_data else image.convert("RGB")
        if frame.size != self._size:
            frame = frame.resize(self._size, Image.Resampling.BOX, reducing_gap=2.0)
        return np.asarray(self._without_holes(frame))

    def _without_holes(self, frame: Image.Image) -> Image.Image:
        if frame.mode == "RGB":
            return frame
        if self._background is None and frame.getbbox() and has_holes(frame):
            self._background = background_of(frame)
        return put_on(frame, self._background or WHITE)
