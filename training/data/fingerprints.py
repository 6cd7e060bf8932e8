"""What a data set is, in a few numbers: cheap to find, and different when the data set is.

No photo is opened. Of captioned photos, name, size in bytes and captions count; of labelled ones,
what their archive's directory says, which has a checksum of each.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from training.data.labelled import opened_archive
from training.data.photos import DataError
from training.data.registry import read_source


def fingerprint_of_source(source: str, base: Path) -> dict[str, Any]:
    """Numbers of photos and captions and a SHA-256 of a source of captioned photos.

    Raises DataError.
    """
    reader, _, rest = source.partition(":")
    folder, _, split = rest.partition(":")
    photos = read_source(source, base)
    try:
        items = [(p.name, p.path.stat().st_size, p.captions) for p in photos]
    except OSError as error:
        raise DataError(f"{source!r}: {error}") from error
    return {
        "reader": reader,
        "data_set": folder,
        "split": split,
        "photos": len(photos),
        "captions": sum(len(p.captions) for p in photos),
        "sha256": _sha256(items),
    }


def fingerprint_of_archive(archive: Path) -> dict[str, Any]:
    """The number of files and a SHA-256 of an archive of labelled photos; raises DataError."""
    with opened_archive(archive) as opened:
        entries = [(e.filename, e.file_size, e.CRC) for e in opened.infolist() if not e.is_dir()]
    return {"files": len(entries), "sha256": _sha256(entries)}


def _sha256(items: Iterable[tuple[Any, ...]]) -> str:
    lines = sorted(json.dumps(item) for item in items)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
