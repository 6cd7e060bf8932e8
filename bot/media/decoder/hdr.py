"""Pictures with a high dynamic range as an ordinary screen shows them.

Without this they look grey and dull. The curves are those of ITU-R BT.2100; how bright white is,
203 cd/m², is from ITU-R BT.2408; the last step is Reinhard's curve.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.media.decoder.sampling import Pixels, Transfer

_WHITE, _BRIGHTEST = 203.0, 1000.0  # cd/m²
_TO_SRGB = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    dtype=np.float32,
)  # primaries of BT.2020 → those of sRGB, which are BT.709's

Light = NDArray[np.float32]


def to_sdr(pixels: Pixels, transfer: Transfer) -> Pixels:
    """The picture in sRGB; (H, W, 3) both ways."""
    if transfer == "sdr":
        return pixels
    levels: Light = np.arange(256, dtype=np.float32) / np.float32(255)
    light = (_pq(levels) if transfer == "pq" else _hlg(levels))[pixels]
    if transfer == "hlg":  # brighter parts are lifted, as much as their brightness says
        luma = light @ np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)
        light = _BRIGHTEST * light * luma[..., None] ** 0.2
    light = np.clip(light / _WHITE @ _TO_SRGB.T, 0, None)
    top = _BRIGHTEST / _WHITE
    peak = light.max(axis=-1, keepdims=True)
    light *= (1 + peak / top**2) / (1 + peak)
    return (_srgb(np.clip(light, 0, 1)) * 255 + 0.5).astype(np.uint8)


def _pq(value: Light) -> Light:
    """Light in cd/m² for what SMPTE ST 2084 stores."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = value ** (1 / m2)
    light: Light = 10_000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    return light


def _hlg(value: Light) -> Light:
    """Light of the scene, 0…1, for what ARIB STD-B67 stores."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    light: Light = np.where(value <= 0.5, value**2 / 3, (np.exp((value - c) / a) + b) / 12)
    return light


def _srgb(light: Light) -> Light:
    value: Light = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return value
