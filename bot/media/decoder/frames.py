"""Frames of an animation: how long each is shown, and which of them shows most.

Transparent ones are put on a background on which there is something to see.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
_NO_DELAY, _DELAY = 0.010, 0.1  # seconds: a frame shown for no time is shown as browsers show it
_LONG = 0.5  # seconds; a frame that is shown so long is meant to be seen
_PLAIN, _WORTH = 6.0, 0.25  # of 255: a frame that even has little to show, and so counts less
_MOST_FRAMES, _MOST_SECONDS = 100, 1.0  # to look at, of computing
_MOST_PIXELS = 10_000_000
_SMALL = (64, 64)


def delay(image: Image.Image) -> float:
    """How long the frame that was read last is shown, in seconds."""
    said = image.info.get("duration", 0)
    seconds = float(said) / 1000 if isinstance(said, (int, float)) else 0.0
    return seconds if _NO_DELAY < seconds < 3600 else _DELAY


def worth(pixels: NDArray[np.uint8], shown: float) -> float:
    """How much of an animation a frame is: the time that it is shown, of a blank one a part."""
    even = float(pixels[::4, ::4].std(axis=(0, 1)).max()) < _PLAIN
    return shown * (_WORTH if even else 1)


def first_frame(image: Image.Image) -> int:
    """The number of the first frame; a PNG may have a still for other programs before it."""
    return 1 if getattr(image, "default_image", False) else 0


def seek_chief(image: ImageFile.ImageFile) -> None:
    """Go to the frame that stands for an animation: the first, or a later one that shows more.

    The first that is shown for long and is not blank is taken without looking at others. Of a
    very large one it is the first in any case: putting frames together takes much memory.
    """
    if image.width * image.height > _MOST_PIXELS:
        return
    began = time.process_time()
    best, most = first_frame(image), 0.0
    for number in range(best, best + _MOST_FRAMES):
        try:
            image.seek(number)
            image.load()
        except (EOFError, OSError, SyntaxError, ValueError):  # the end, or broken from here on
            if number == first_frame(image):
                raise
            break
        shown = delay(image)
        value = worth(_small(image), shown)
        if value > most:
            best, most = number, value
        if value >= _LONG or time.process_time() - began > _MOST_SECONDS:
            break
    image.seek(best)


def _small(image: Image.Image) -> NDArray[np.uint8]:
    small = image.resize(_SMALL, Image.Resampling.NEAREST)
    return np.asarray(put_on(small.convert("RGBA"), WHITE))


Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
DARK: Colour = (32, 32, 32)  # as chats have it that are dark
_VISIBLE = 64  # of 255: what differs so much from its background is plainly visible
_LOST = 0.5  # of what is there to see


def background_of(image: Image.Image) -> Colour:
    """White, or a dark grey for a picture in RGBA most of which would be lost on white."""
    pixels = np.asarray(image, np.int16)
    alpha = pixels[..., 3].astype(np.float32) / 255
    there = float(alpha.sum())
    if not there:
        return WHITE

    def visible(colour: Colour) -> float:
        apart = np.abs(pixels[..., :3] - np.array(colour, np.int16)).max(axis=-1)
        return float((alpha * np.minimum(apart / _VISIBLE, 1)).sum()) / there

    on_white = visible(WHITE)
    return DARK if on_white < _LOST and visible(DARK) > on_white else WHITE


def has_holes(image: Image.Image) -> bool:
    """Whether a picture in RGBA lets anything through."""
    low, _ = image.getchannel("A").getextrema()
    return isinstance(low, (int, float)) and low < 255


def put_on(image: Image.Image, colour: Colour) -> Image.Image:
    """A picture in RGBA on a colour, as RGB."""
    ground = Image.new("RGBA", image.size, (*colour, 255))
    return Image.alpha_composite(ground, image).convert("RGB")
