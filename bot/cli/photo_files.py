"""The photos and videos that a command line names, those of folders included."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from captioner.errors import UsageError

PHOTO_ENDINGS = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp"),
        *(".tif", ".tiff", ".heic", ".heif", ".hif", ".heics", ".heifs", ".avif", ".avifs"),
        *(".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw"),
    )
)
VIDEO_ENDINGS = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".3gp"})
_APPLE_DOUBLE = b"\0\5\x16\7"


def files_of(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """All files, those of folders in order, and a sentence for each folder without any.

    Raises UsageError where there is no file at all.
    """
    files: list[Path] = []
    unreadable: list[str] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        known = len(unreadable)
        found = sorted(_photos_below(path, unreadable))
        if not found and len(unreadable) == known:
            endings = " ".join(sorted(PHOTO_ENDINGS | VIDEO_ENDINGS))
            unreadable.append(f"{shown(path)}: no photo or video in this folder ({endings})")
        files += found
    if not files and unreadable:
        raise UsageError(unreadable[0])
    return files, unreadable


def _photos_below(folder: Path, unreadable: list[str]) -> Iterator[Path]:
    def complain(error: OSError) -> None:
        unreadable.append(f"{shown(error.filename)}: {error.strerror}")

    endings = PHOTO_ENDINGS | VIDEO_ENDINGS
    for where, _, names in os.walk(folder, onerror=complain):
        for name in names:
            path = Path(where, name)
            if path.suffix.lower() in endings and path.is_file() and not _is_companion(path):
                yield path


def _is_companion(path: Path) -> bool:
    """Whether a Mac keeps in it what other systems have no place for, beside the file itself."""
    if not path.name.startswith("._"):
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(_APPLE_DOUBLE)) == _APPLE_DOUBLE
    except OSError:
        return False


_NOT_UTF8 = range(0xDC80, 0xDD00)  # how Python keeps bytes of a name that are no UTF-8


def shown(path: Path | str) -> str:
    r"""The name on one line, what is not printable as an escape: `caf\xe9.jpg`, `\x1b[2J`."""
    return "".join(c if c.isprintable() else _escaped(c) for c in os.fspath(path))


def _escaped(character: str) -> str:
    code = ord(character)
    if code in _NOT_UTF8:
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
