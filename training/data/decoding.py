"""Photos from files that may be anything."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from training.data.photos import DataError

# What Pillow's plugins have been seen to raise on broken files.
_ERRORS = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError,
    MemoryError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip


def open_rgb(data: bytes | Path, name: str) -> Image.Image:
    """The photo, decoded to its last pixel, as RGB. Raises DataError that begins with `name`."""
    try:
        raw = data if isinstance(data, bytes) else data.read_bytes()
    except OSError as error:
        raise DataError(f"{name}: cannot be read: {error.strerror}") from error
    if not raw:
        raise DataError(f"{name}: the file is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about metadata that nobody looks at
            with Image.open(io.BytesIO(raw)) as photo:
                return photo.convert("RGB")
    except UnidentifiedImageError as error:
        raise DataError(f"{name}: does not decode: no picture in a format known here") from error
    except _ERRORS as error:
        reason = str(error) or type(error).__name__
        raise DataError(f"{name}: does not decode: {reason}") from error
