"""Why a picture could not be opened: its kind is not known here, or it is damaged."""

from __future__ import annotations

import io

import pillow_heif
from PIL import TiffImagePlugin

from bot.media.decoder import Rejection, jpeg, raw

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_COMPRESSION = 259
_DAMAGED = Rejection("damaged", {})
_UNKNOWN = Rejection("unsupported", {"kind": "picture"})


def refusal_of(data: bytes, error: Exception) -> Rejection:
    """The refusal of a picture over which a decoder raised an error."""
    if raw.is_raw(data):
        return Rejection("unsupported", {"kind": "raw"})
    try:
        return _UNKNOWN if _is_unknown(data, error) else _DAMAGED
    except Exception:  # noqa: BLE001 - a look at a file that is broken
        return _DAMAGED


def _is_unknown(data: bytes, error: Exception) -> bool:
    if str(error).startswith("Unsupported"):
        return True
    if data.startswith(_TIFF):
        return _is_unknown_tiff(data)
    if data.startswith(b"\xff\xd8"):
        found = jpeg.layout(data)
        return found is not None and not found.decodable
    return data[4:8] == b"ftyp" and _is_unknown_heif(data)


def _is_unknown_tiff(data: bytes) -> bool:
    """Whether it is packed in a way, or its pixels are of a kind, that Pillow does not have."""
    try:
        TiffImagePlugin.TiffImageFile(io.BytesIO(data))
    except SyntaxError as error:
        cause = error.__cause__  # for a compression that is not in Pillow's table, its number
        number = cause.args[0] if isinstance(cause, KeyError) and cause.args else None
        return isinstance(number, int) or str(error).startswith("unknown")
    return False


def _is_unknown_heif(data: bytes) -> bool:
    try:
        pillow_heif.open_heif(io.BytesIO(data))[0].load()
    except Exception as error:  # noqa: BLE001 - whatever it is, its words are looked at
        return "nsupported" in str(error)
    return False
