"""What transparent pictures are put on, so that there is something to see."""

from __future__ import annotations

import numpy as np
from PIL import Image

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
DARK: Colour = (32, 32, 32)  # as chats have it that are dark
_PLAIN = 64  # of 255: what differs so much from its background is plainly visible
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
        return float((alpha * np.minimum(apart / _PLAIN, 1)).sum()) / there

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
