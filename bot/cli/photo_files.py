"""The photos and videos that a command line names: found, read, opened as the bots open them."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot.chat.refusals import Refusal
from bot.locales import say
from bot.media.sanitizer import CleanPhoto, Intake, Moment, VideoIntake
from bot.media.sniff import container_of, is_moving
from bot.settings import Settings
from captioner.distribution import how_to_install
from captioner.errors import UsageError

STANDARD_INPUT = Path("-")
PHOTO_ENDINGS = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp"),
        *(".tif", ".tiff", ".heic", ".heif", ".hif", ".heics", ".heifs", ".avif", ".avifs"),
        *(".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw"),
    )
)
VIDEO_ENDINGS = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".3gp"})
_APPLE_DOUBLE = b"\0\5\x16\7"
_NOT_UTF8 = range(0xDC80, 0xDD00)  # how Python keeps bytes of a name that are no UTF-8


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


def shown(path: Path | str) -> str:
    r"""The name on one line, what is not printable as an escape: `caf\xe9.jpg`, `\x1b[2J`."""
    return "".join(c if c.isprintable() else _escaped(c) for c in os.fspath(path))


def _escaped(character: str) -> str:
    code = ord(character)
    if code in _NOT_UTF8:
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


@dataclass(frozen=True)
class OpenedFile:
    """A file and what is to be captioned of it: one photo, or the moments of a video."""

    path: Path
    photos: Sequence[Image.Image]
    moments: Sequence[Moment] = ()


class FileCleaner:
    """Files as clean photos, decoded in processes of their own as the bots do it.

    With `still`, an animation is the picture that it shows most of the time.
    """

    def __init__(self, settings: Settings, *, still: bool) -> None:
        self._still = still
        self._loop = asyncio.Runner()
        self._max_bytes = settings.max_photo_mb * 1_000_000
        self._intake = Intake(
            max_bytes=self._max_bytes, max_pixels=settings.max_megapixels * 1_000_000
        )
        most = {"max_moments": 1} if still else {}
        self._videos = VideoIntake(max_bytes=self._max_bytes, **most)

    def opened(self, path: Path) -> OpenedFile | str:
        """The file opened, or a sentence that says why it cannot be."""
        try:
            if path == STANDARD_INPUT:
                data = sys.stdin.buffer.read(self._max_bytes + 1)
            else:
                with path.open("rb") as file:
                    data = file.read(self._max_bytes + 1)
        except OSError as error:
            return error.strerror or str(error)
        try:
            if self._still and container_of(data):
                return "an attention picture is of a photo, not of a video"
            if not is_moving(data):
                photo = self._loop.run(self._intake.clean(data))
                return OpenedFile(path, [_image(photo)])
            if importlib.util.find_spec("av") is None:
                return f"videos need PyAV: {how_to_install('bot')}"
            moments = self._loop.run(self._videos.moments(data))
            images = [_image(moment.photo) for moment in moments]
            return OpenedFile(path, images, () if self._still else moments)
        except Refusal as refused:
            return say(refused.code, "en", **refused.args_for_text)

    def close(self) -> None:
        """End the decoding processes."""
        self._loop.run(self._intake.close())
        self._loop.run(self._videos.close())
        self._loop.close()


def _image(photo: CleanPhoto) -> Image.Image:
    return Image.open(io.BytesIO(photo.jpeg)).convert("RGB")
