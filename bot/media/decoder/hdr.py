"""Pictures with another range or other colours than an ordinary screen has, as it shows them.

Without this those of a high dynamic range look grey and dull, and those of linear light dark. The
curves are those of ITU-R BT.2100; how bright white is, 203 cd/m², is from ITU-R BT.2408. The last
step leaves dark and middle tones as they are and brings down what is brighter than a screen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.media.decoder.colour import BT709, BT2020, DISPLAY_P3, SDR, Encoding

Pixels = NDArray[np.uint8]  # (H, W, 3)
Light = NDArray[np.float32]

_WHITE, _BRIGHTEST = 203.0, 1000.0  # cd/m²
_BEND = 2.5  # how late the curve for bright parts begins; white becomes 226 of 255
# Other primaries → those of sRGB, which are BT.709's.
_TO_SRGB = {
    BT2020: np.array(
        [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
        dtype=np.float32,
    ),
    DISPLAY_P3: np.array(
        [[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]],
        dtype=np.float32,
    ),
    BT709: np.eye(3, dtype=np.float32),
}


def to_sdr(pixels: Pixels, encoding: Encoding) -> Pixels:
    """The picture in sRGB; (H, W, 3) both ways."""
    if encoding == SDR:
        return pixels
    levels: Light = np.arange(256, dtype=np.float32) / np.float32(255)
    to_srgb = _TO_SRGB[encoding.primaries].T
    match encoding.transfer:
        case "pq":
            light = _toned(_pq(levels)[pixels] / _WHITE @ to_srgb)
        case "hlg":  # brighter parts are lifted, as much as their brightness says
            scene = _hlg(levels)[pixels]
            luma = scene @ np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)
            light = _toned(_BRIGHTEST / _WHITE * scene * luma[..., None] ** 0.2 @ to_srgb)
        case "power":
            light = (levels ** np.float32(encoding.power))[pixels] @ to_srgb
        case "sdr":
            light = _from_srgb(levels)[pixels] @ to_srgb
    return (_srgb(np.clip(light, 0, 1)) * 255 + 0.5).astype(np.uint8)


def _toned(light: Light) -> Light:
    """Light, white being 1, with the brightest parts brought down to what a screen can show."""
    light = np.clip(light, 0, None)
    peak = light.max(axis=-1, keepdims=True)
    top = _BRIGHTEST / _WHITE
    toned: Light = light * ((1 + peak**_BEND) / (top**-_BEND + 1)) ** (-1 / _BEND)
    return toned


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


def _from_srgb(value: Light) -> Light:
    light: Light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return light
