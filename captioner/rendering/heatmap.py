"""Attention weights as heat maps, and a photo that is lit by them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captioner.queue.messages import Word

Floats = NDArray[np.float32]

_SPREAD = 0.55  # sigma of the blur over the grid, in cells
_COOL = (0.30, 0.315, 0.35)  # what is left of red, green and blue where nobody looked
_WARM = (0.14, 0.09, 0.02)  # how far towards full they go where the model looked
_GOLDEN = (math.sqrt(5) - 1) / 2
_COARSE = 4
_FULL = 2.5  # this many times the uniform weight is fully lit, where nothing weighs more


def heat_maps(
    words: Sequence[Word], grid: tuple[int, int], size: tuple[int, int]
) -> list[Floats | None]:
    """The heat map (0…1) of each word's attention; None for a word without attention.

    A map has a quarter of the width and height of the photo (`size` pixels): it is smooth, and
    `HeatmapOverlay.draw` scales it up. The highest weight becomes 1 if it is at least 2.5 times the
    uniform weight 1/K, so evenly spread attention looks even. Raises ValueError as
    `check_attention` does.
    """
    check_attention(words, grid)
    rows, columns = grid
    width, height = (max(1, round(side / _COARSE)) for side in size)
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


def check_attention(words: Sequence[Word], grid: tuple[int, int]) -> None:
    """Raise ValueError, naming the word, for input that cannot be drawn.

    That is: no words, no attention at all, a grid without cells, a number of weights that does not
    match the grid, weights that are negative or not finite, or a sum far from 1.
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


class HeatmapOverlay:
    """A photo with a heat map: bright and warm where the model looked, dark and grey elsewhere.

    `grain` is the amplitude (of 0…255) of an ordered dither. It is the same in every frame, and
    hides the steps between the few colours of a GIF.
    """

    def __init__(self, photo: Image.Image, size: tuple[int, int], *, grain: float = 0.0) -> None:
        rgb = photo.convert("RGB").resize(size, Image.Resampling.BICUBIC, reducing_gap=1.5)
        width, height = self._size = size
        # A row is red, green, blue, red…: numpy is slow where the last dimension is of three.
        colour = np.asarray(rgb).reshape(height, 3 * width).astype(np.float32)
        grey = np.repeat(np.asarray(rgb.convert("L")), 3, axis=1).astype(np.float32)
        dither = _ordered(size) * np.float32(grain)
        cool, warm = (np.tile(np.array(c, np.float32), width) for c in (_COOL, _WARM))

        def drawn(pixels: Floats) -> Image.Image:
            pixels = np.clip(pixels, grain / 2, 255 - grain / 2) + dither
            return Image.fromarray(pixels.astype(np.uint8).reshape(height, width, 3))

        self.plain = drawn(colour)
        self._dark = drawn((0.75 * grey + 0.25 * colour) * cool)
        self._bright = drawn(colour + (255 - colour) * warm)

    def draw(self, page: Image.Image, corner: tuple[int, int], heat: Floats | None) -> None:
        """Draw the photo onto a page, lit by a heat map of 0…1; plain without one."""
        if heat is None:
            page.paste(self.plain, corner)
            return
        mask = Image.fromarray((heat * 255).astype(np.uint8))
        page.paste(self._dark, corner)
        page.paste(self._bright, corner, mask.resize(self._size, Image.Resampling.BILINEAR))

    def shades(self) -> Image.Image:
        """A small picture with the colours that overlays have, from dark to bright."""
        step = max(1, math.isqrt(math.prod(self._size) // 1_500))
        dark, bright = (
            np.asarray(drawn, np.float32)[::step, ::step] for drawn in (self._dark, self._bright)
        )
        pixels = np.arange(math.prod(dark.shape[:2]), dtype=np.float32)
        heat = (pixels * _GOLDEN % 1) ** 1.5  # spread evenly over neighbours, more dark than bright
        shades = dark + (bright - dark) * heat.reshape(*dark.shape[:2], 1)
        return Image.fromarray(shades.astype(np.uint8))


@lru_cache(maxsize=8)
def _ordered(size: tuple[int, int]) -> Floats:
    """Bayer's 8 x 8 thresholds, -0.5…0.5, repeated over (height, 3 * width)."""
    matrix = np.zeros((1, 1))
    for _ in range(3):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    width, height = size
    tiled = np.tile((matrix + 0.5) / 64 - 0.5, (height // 8 + 1, width // 8 + 1))
    return np.repeat(tiled[:height, :width], 3, axis=1).astype(np.float32)


def fitted_size(photo: Image.Image, side: int) -> tuple[int, int]:
    """Width and height of the photo with its longest side `side`, never less than a pixel."""
    width, height = photo.size
    if width < 1 or height < 1:
        raise ValueError("a photo without pixels")
    scale = side / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))
