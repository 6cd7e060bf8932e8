"""A photo lit where the model looked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captioner.jobs import Word

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SPREAD = 0.55  # sigma of the blur over the grid, in cells
_COOL = (0.30, 0.315, 0.35)  # what is left of red, green and blue where nobody looked
_WARM = (0.14, 0.09, 0.02)  # how far towards full they go where the model looked
_GOLDEN = (math.sqrt(5) - 1) / 2
_FULL = 2.5  # this many times the uniform weight is fully lit, where nothing weighs more


def heat_maps(
    words: Sequence[Word], grid: tuple[int, int], size: tuple[int, int]
) -> list[Floats | None]:
    """For each word how lit each pixel is, 0…1, (height, width); None without attention.

    A word's highest weight is 1, but nothing that is under 2.5 times the uniform weight 1/K is:
    attention that is spread evenly looks even. Raises ValueError as `check` does.
    """
    check(words, grid)
    rows, columns = grid
    width, height = size
    down, across = _blur(rows, height), _blur(columns, width)
    maps: list[Floats | None] = []
    for word in words:
        if not word.attention:
            maps.append(None)
            continue
        alpha = np.array(word.attention, np.float64).reshape(rows, columns)
        ratio = (alpha * (alpha.size / alpha.sum())).astype(np.float32)
        # einsum, not @: waking a BLAS's threads takes longer than the sums
        lit = np.einsum("yr,rx->yx", down, np.einsum("rc,xc->rx", ratio, across))
        maps.append(lit / max(float(lit.max()), _FULL))
    return maps


def check(words: Sequence[Word], grid: tuple[int, int]) -> None:
    """Raise ValueError, saying which word, for anything that cannot be drawn.

    That is: no words, no attention at all, a grid without cells, weights that are not one for
    each cell, that are negative or not finite, or that are far from summing to 1.
    """
    rows, columns = grid
    if not words:
        raise ValueError("a caption without words has no attention to show")
    if rows < 1 or columns < 1:
        raise ValueError(f"a grid of {rows} x {columns} has no cells")
    if not any(word.attention for word in words):
        raise ValueError("none of the words has attention weights")
    for number, word in enumerate(words, start=1):
        weights = np.array(word.attention, np.float64)
        if not weights.size:
            continue
        if weights.size != rows * columns:
            raise ValueError(
                f"word {number} has {weights.size} attention weights for {rows} x {columns} cells"
            )
        if not np.isfinite(weights).all() or (weights < 0).any():
            raise ValueError(f"word {number} has attention weights that are negative or not finite")
        if weights.max() > 100 or not 0.01 < weights.sum() < 100:  # rounding is forgiven
            raise ValueError(f"word {number} has attention weights that do not sum to 1")


@lru_cache(maxsize=32)
def _blur(cells: int, pixels: int) -> Floats:
    """Gaussian interpolation (pixels, cells); each row sums to 1, so that even stays even."""
    centres = (np.arange(pixels, dtype=np.float32) + 0.5) * (cells / pixels) - 0.5
    distance = centres[:, None] - np.arange(cells, dtype=np.float32)
    weights = np.exp(-(distance**2) / (2 * _SPREAD**2))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


class LitPhoto:
    """A photo that can be lit: grey, dark and cool where nobody looked, bright and warm where.

    `grain` is the height of an ordered dither in levels of 0…255. It lies still from frame to
    frame and hides the steps between the few colours of a GIF.
    """

    def __init__(self, photo: Image.Image, size: tuple[int, int], *, grain: float = 0.0) -> None:
        rgb = photo.convert("RGB").resize(size, Image.Resampling.BICUBIC, reducing_gap=1.5)
        colour = np.asarray(rgb, np.float32)
        grey = np.asarray(rgb.convert("L"), np.float32)[..., None]
        dither = _ordered(size) * grain
        low, high = grain / 2, 255 - grain / 2
        cool, warm = np.array(_COOL, np.float32), np.array(_WARM, np.float32)
        self.plain: Bytes = (np.clip(colour, low, high) + dither).astype(np.uint8)
        dark = np.clip((0.75 * grey + 0.25 * colour) * cool, low, high)
        bright = np.clip(colour + (255 - colour) * warm, low, high)
        self._dark, self._gain = dark + dither, bright - dark

    def lit(self, heat: Floats | None) -> Bytes:
        """The photo as (height, width, 3), lit by a heat map of 0…1; plain without one."""
        if heat is None:
            return self.plain
        lit = self._gain * heat[..., None]
        lit += self._dark
        return lit.astype(np.uint8)

    def shades(self) -> Bytes:
        """A small picture of colours that lit photos have, from dark to bright."""
        height, width = self._dark.shape[:2]
        step = max(1, math.isqrt(height * width // 4_000))
        dark, gain = self._dark[::step, ::step], self._gain[::step, ::step]
        pixels = np.arange(dark.shape[0] * dark.shape[1], dtype=np.float32)
        heat = (pixels * _GOLDEN % 1) ** 1.5  # spread evenly over neighbours, more dark than bright
        return (dark + gain * heat.reshape(*dark.shape[:2], 1)).astype(np.uint8)


def _ordered(size: tuple[int, int]) -> Floats:
    """Bayer's 8 x 8 thresholds, -0.5…0.5, repeated over (height, width, 1)."""
    matrix = np.zeros((1, 1))
    for _ in range(3):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    width, height = size
    tiled = np.tile((matrix + 0.5) / 64 - 0.5, (height // 8 + 1, width // 8 + 1))
    return np.asarray(tiled[:height, :width, None], np.float32)


def fit(photo: Image.Image, side: int) -> tuple[int, int]:
    """Width and height of the photo with its longest side `side`, never less than a pixel."""
    width, height = photo.size
    if width < 1 or height < 1:
        raise ValueError("a photo without pixels")
    scale = side / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))
