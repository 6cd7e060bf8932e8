"""What a data set's files say: the photos they name, and the entries that make no sense.

Training and `captionbot data check` read through the same readers. A reader never stops at the
first broken entry: it keeps each with its place, and whoever asked decides what to do about it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from captioner.errors import OperatorError

log = logging.getLogger(__name__)
LONGEST_NAME = 255  # bytes


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption as it stands in the file, and where: `FILE:LINE` or `FILE, KEY[INDEX]`."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A photo that a split names; the file may be missing and captions too."""

    name: str
    path: Path
    split: str
    captions: tuple[Caption, ...]
    where: str  # where the split names it
    left_out: int = 0  # captions that the data set itself says are not to be used
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """An entry of a file that is not as it should be.

    Where it is plain what was meant, that is in the contents too.
    """

    where: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", shortened(self.where))
        object.__setattr__(self, "text", shortened(self.text))


@dataclass(frozen=True)
class Contents:
    """All that was read from a folder."""

    photos: tuple[Listed, ...]
    broken: tuple[Broken, ...] = ()
    folders: tuple[Path, ...] = ()  # where its photos lie
    notes: tuple[str, ...] = ()  # good to know, nothing to put right


@dataclass(frozen=True)
class Reader:
    """How one kind of data set is read."""

    name: str
    layout: str  # what its folder looks like, in a line
    splits: tuple[str, ...]  # those that exist; a folder may hold fewer
    recognises: Callable[[Path], bool]
    contents: Callable[[Path, str | None], Contents]  # of one split, or of all that are there


def listed(
    split: str,
    names: Mapping[str, str],
    captions: Mapping[str, list[Caption]],
    images: Path,
    broken: list[Broken],
) -> list[Listed]:
    """The photos of a split from {name: where it is named}; impossible names become broken."""
    photos = []
    for name, where in names.items():
        path = inside(images, name)
        if path is None:
            broken.append(Broken(where, f"{name[:60]!r} is no file name"))
        else:
            photos.append(Listed(name, path, split, tuple(captions.get(name, ())), where))
    return photos


def inside(folder: Path, name: str) -> Path | None:
    """The path of a named file below `folder`, or None for a name that points elsewhere."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or not name.isprintable():
        return None
    if len(name.encode()) > LONGEST_NAME:  # the system could not even look for it
        return None
    return folder.joinpath(*parts)


def captioned_photos(contents: Contents, what: str, *, lenient: bool) -> list[CaptionedPhoto]:
    """The photos, ready for training: each has a file and a caption or regions; single spaces.

    `what` names the source. Raises DataError for the first broken entry, for a photo without a
    file or without anything said of it, and where there is no photo. With `lenient`, broken
    entries and photos that have neither are passed over, and the log says how many.
    """
    if contents.broken and not lenient:
        first, more = contents.broken[0], len(contents.broken) - 1
        others = f" (and {more} more like it)" if more else ""
        raise DataError(f"{first.where}: {first.text}{others}")
    photos, bare = [], 0
    for one in contents.photos:
        if not one.captions and not one.regions:
            if not lenient:
                raise DataError(f"{one.where}: {one.name} has no caption")
            bare += 1
            continue
        if not one.path.is_file():
            raise DataError(f"{one.where}: {one.path} is missing")
        texts = tuple(" ".join(caption.text.split()) for caption in one.captions)
        photos.append(CaptionedPhoto(one.name, one.path, texts, one.regions))
    if contents.broken or bare:
        log.warning(
            "%s: passed over %d broken entries and %d photos without captions",
            what, len(contents.broken), bare,
        )  # fmt: skip
    if not photos:
        raise DataError(f"{what}: names no photo that has a caption")
    return photos


_LONGEST_REASON = 600  # characters: a file must not fill a screen with what it holds


class DataError(OperatorError, ValueError):
    """A data set is missing, incomplete or damaged; the text names file and line."""

    def __init__(self, text: str) -> None:
        super().__init__(shortened(text))


def shortened(text: str) -> str:
    """A text that may repeat what a file says, made fit for a line on a terminal."""
    shown = text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
    return shown.encode(errors="backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Region:
    """A named thing in a photo and where: left, top, right, bottom as fractions of its sides."""

    name: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class CaptionedPhoto:
    """A photo file and what people said of it, each caption as it stands in the data set."""

    name: str
    path: Path
    captions: tuple[str, ...]  # none where the photo has regions only
    regions: tuple[Region, ...] = ()
    language: str = "en"  # of the captions
