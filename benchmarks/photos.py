"""Photos made here that cost what real ones cost: their detail falls with its fineness."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from PIL import Image

_ROUGHNESS = 1.4  # exponent; so a small JPEG has the 50 to 60 kB that intake makes of most photos
_SIDE = 512  # of the photos that intake makes


@cache
def scene(width: int, height: int, seed: int = 0) -> Image.Image:
    """An image whose spectrum is that of a natural scene."""
    noise = np.random.default_rng(seed).standard_normal((height, width, 3))
    spectrum = np.fft.rfft2(noise, axes=(0, 1))
    rows = np.fft.fftfreq(height)[:, None]
    columns = np.fft.rfftfreq(width)[None, :]
    radius = np.hypot(rows, columns)
    radius[0, 0] = 1.0
    shaped = np.fft.irfft2(spectrum / radius[..., None] ** _ROUGHNESS, (height, width), (0, 1))
    grey = shaped.mean(axis=2, keepdims=True)
    mixed = 0.75 * grey + 0.25 * shaped  # colours differ less than brightness
    scaled = (mixed - mixed.mean()) / mixed.std() * 52 + 118
    return Image.fromarray(np.clip(scaled, 0, 255).astype(np.uint8))


@cache
def jpeg(width: int, height: int, seed: int = 0, quality: int = 85) -> bytes:
    """The scene as a camera would store it."""
    buffer = io.BytesIO()
    scene(width, height, seed).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@cache
def of_bytes(size: int, seed: int = 0, *, width: int = 1280, height: int = 960) -> bytes:
    """A photo of about `size` bytes, as chats send them: the quality that comes nearest."""
    return min(
        (jpeg(width, height, seed, quality) for quality in range(30, 96, 3)),
        key=lambda data: abs(len(data) - size),
    )


def small(seed: int = 0) -> Image.Image:
    """A photo as it lies in front of the model: what intake made, decoded."""
    return scene(_SIDE, _SIDE * 3 // 4, seed)
