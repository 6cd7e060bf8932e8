"""What a file says about its numbers, how they become light, and how an ordinary screen shows it.

The codes are those of ITU-T H.273, which PNG (`cICP`), HEIF and AVIF (`nclx`), colour profiles
(`cicp`) and films share.

Pictures of a high dynamic range would look grey and dull, and those of linear light dark. The
curves are those of ITU-R BT.2100; how bright white is, 203 cd/m², is from ITU-R BT.2408. The last
step leaves dark and middle tones as they are and brings down what is brighter than a screen.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from bot.media.decoder import png

Transfer = Literal["sdr", "pq", "hlg", "power"]

BT709, BT2020, DISPLAY_P3 = 1, 9, 12  # primaries
_PRIMARIES = frozenset((BT709, BT2020, DISPLAY_P3))
_LINEAR, _PQ, _HLG = 8, 16, 18  # transfer characteristics
_POWERS = {4: 2.2, 5: 2.8, _LINEAR: 1.0}
_USUAL_POWER = 2.2
_NEAR = 0.05  # of the usual power: no other picture to an eye
_LEAST_POWER, _MOST_POWER = 0.2, 5.0  # outside of these, a file does not mean what it says
_TAGS_AT, _MOST_TAGS = 128, 100


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the numbers of a picture are to be read."""

    transfer: Transfer = "sdr"
    power: float = 1.0  # light is a number raised to it, where the transfer is "power"
    primaries: int = BT709


SDR = Encoding()


def by_codes(primaries: int, transfer: int) -> Encoding:
    """The encoding by its codes; what is not known is taken for an ordinary screen's."""
    if transfer in {_PQ, _HLG}:
        known = primaries if primaries in _PRIMARIES else BT2020
        return Encoding("pq" if transfer == _PQ else "hlg", primaries=known)
    known = primaries if primaries in _PRIMARIES else BT709
    if transfer in _POWERS:
        return _by_power(_POWERS[transfer], known)
    return Encoding(primaries=known)


def _by_power(power: float, primaries: int = BT709) -> Encoding:
    if not _LEAST_POWER <= power <= _MOST_POWER or abs(power / _USUAL_POWER - 1) < _NEAR:
        return Encoding(primaries=primaries)
    return Encoding("power", power, primaries)


def encoding_of(data: bytes, image: Image.Image) -> Encoding:
    """What a picture file says of itself; SDR also where its colour profile says the rest."""
    icc = image.info.get("icc_profile")
    profile = icc if isinstance(icc, bytes) else b""
    if data.startswith(png.SIGNATURE):
        return _of_png(data, profile)
    if data[4:8] == b"ftyp":
        codes = colour_codes(data)
        found = by_codes(*codes) if codes else SDR
        if found.transfer in {"pq", "hlg"} or not profile:
            return found
    return _of_profile(profile)


def _of_png(data: bytes, profile: bytes) -> Encoding:
    """By `cICP`, else the profile, else sRGB, else the exponent; that is their order of rank."""
    codes = png.said(data, b"cICP")
    if codes is not None and len(codes) == 4:
        return by_codes(codes[0], codes[1])
    if profile:
        return _of_profile(profile)
    exponent = png.said(data, b"gAMA")
    if exponent is None or len(exponent) != 4 or png.said(data, b"sRGB") is not None:
        return SDR
    value = int.from_bytes(exponent, "big") / 100_000
    return _by_power(1 / value) if value else SDR


def _of_profile(profile: bytes) -> Encoding:
    """Profiles of a high dynamic range say so in a tag, older ones in their name alone."""
    for name, body in _tags(profile):
        if name == b"cicp" and len(body) >= 12:
            found = by_codes(body[8], body[9])
            return found if found.transfer in {"pq", "hlg"} else SDR
    if b"2100" in profile or b"2\0001\0000\0000" in profile:
        title = _description(profile)
        if "2100" in title:
            if "PQ" in title:
                return Encoding("pq", primaries=BT2020)
            if "HLG" in title:
                return Encoding("hlg", primaries=BT2020)
    return SDR


def _tags(profile: bytes) -> Iterator[tuple[bytes, bytes]]:
    if len(profile) < _TAGS_AT + 4:
        return
    (count,) = struct.unpack_from(">I", profile, _TAGS_AT)
    for number in range(min(count, _MOST_TAGS)):
        entry = profile[_TAGS_AT + 4 + 12 * number :][:12]
        if len(entry) == 12:
            name, at, length = struct.unpack(">4sII", entry)
            yield name, profile[at : at + length]


def _description(profile: bytes) -> str:
    try:
        return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    except Exception:  # noqa: BLE001 - a broken profile is no profile
        return ""


# --- boxes of files in the ISO base format

Box = tuple[bytes, memoryview]
_MOST_BOXES = 10_000


def colour_codes(data: bytes) -> tuple[int, int] | None:
    """Primaries and transfer (H.273) of the primary picture of a HEIF or AVIF; None if unsaid."""
    try:
        return _colour_codes(memoryview(data))
    except (struct.error, IndexError):  # it breaks off
        return None


def _colour_codes(file: memoryview) -> tuple[int, int] | None:
    meta = _inside(file, b"meta")
    if meta is None:
        return None
    properties, whose = _inside(meta, b"iprp", b"ipco"), _inside(meta, b"iprp", b"ipma")
    primary = _inside(meta, b"pitm")
    if properties is None or whose is None or primary is None:
        return None
    item = int.from_bytes(primary[4 : 8 if primary[0] else 6], "big")
    listed = list(_boxes(properties))
    for number in _properties_of(item, whose):
        if 0 < number <= len(listed):
            name, body = listed[number - 1]
            if name == b"colr" and bytes(body[:4]) == b"nclx":
                primaries, transfer = struct.unpack_from(">HH", body, 4)
                return primaries, transfer
    return None


def _properties_of(item: int, whose: memoryview) -> Sequence[int]:
    """The numbers of an item's properties, from 1, by an `ipma` box."""
    wide_ids, wide_numbers = bool(whose[0]), bool(whose[3] & 1)
    (entries,) = struct.unpack_from(">I", whose, 4)
    at = 8
    for _ in range(min(entries, _MOST_BOXES)):
        (own,) = struct.unpack_from(">I" if wide_ids else ">H", whose, at)
        at += 4 if wide_ids else 2
        count = whose[at]
        at += 1
        form, most = (f">{count}H", 0x7FFF) if wide_numbers else (f">{count}B", 0x7F)
        if own == item:
            return [number & most for number in struct.unpack_from(form, whose, at)]
        at += count * (2 if wide_numbers else 1)
    return ()


def _boxes(view: memoryview) -> Iterator[Box]:
    """Name and body of each box, until one makes no sense."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(view):
            return
        size, name = struct.unpack_from(">I4s", view, at)
        head = 8
        if size == 1 and at + 16 <= len(view):
            (size,) = struct.unpack_from(">Q", view, at + 8)
            head = 16
        elif size == 0:
            size = len(view) - at
        if size < head:
            return
        yield name, view[at + head : at + size]
        at += size


def _inside(view: memoryview, *path: bytes) -> memoryview | None:
    """The body of the first box along a path of names."""
    for name in path:
        found = next((body for box, body in _boxes(view) if box == name), None)
        if found is None:
            return None
        view = found[4:] if name == b"meta" else found  # a version and flags
    return view


# --- light

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
