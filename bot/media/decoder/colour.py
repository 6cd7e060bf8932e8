"""What a file says about its numbers: how they become light, and of which colours.

The codes are those of ITU-T H.273, which PNG (`cICP`), HEIF and AVIF (`nclx`), colour profiles
(`cicp`) and films share.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageCms

from bot.media.decoder import bmff, png

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
        codes = bmff.colour_codes(data)
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
