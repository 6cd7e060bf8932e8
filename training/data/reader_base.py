"""The interface of data-set readers: a `Reader` turns a folder into `DatasetContents`.

Training and `captionbot data check` use the same readers. A reader does not stop at a broken entry
but records it with its place; the caller decides what to do about it. `captioned_photos` turns the
contents into `CaptionedPhoto`s for training. Readers are listed in `training.data.registry`.
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
class CaptionEntry:
    """A caption as written in the file, and its place: `FILE:LINE` or `FILE, KEY[INDEX]`."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class PhotoEntry:
    """A photo that a split names; its file and its captions may be missing."""

    name: str
    path: Path
    split: str
    captions: tuple[CaptionEntry, ...]
    where: str  # where the split names it
    left_out: int = 0  # captions that the data set itself marks as not to be used
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenEntry:
    """An entry of a file that breaks the format; it is still used if its meaning is clear."""

    where: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", shortened(self.where))
        object.__setattr__(self, "text", shortened(self.text))


@dataclass(frozen=True)
class DatasetContents:
    """Everything that a reader found in a folder."""

    photos: tuple[PhotoEntry, ...]
    broken: tuple[BrokenEntry, ...] = ()
    folders: tuple[Path, ...] = ()  # where its photos lie
    notes: tuple[str, ...] = ()  # worth knowing, nothing to correct


@dataclass(frozen=True)
class Reader:
    """How one kind of data set is recognised and read."""

    name: str
    layout: str  # what its folder looks like, in a line
    splits: tuple[str, ...]  # those that exist; a folder may hold fewer
    recognises: Callable[[Path], bool]
    contents: Callable[
        [Path, str | None], DatasetContents
    ]  # of one split, or of all that are there
    has_captions: bool = True  # or its photos are for stages that need none
    # Captions of photos that are not in the folder, where its files have any. Raises DataError.
    captions_without_photos: Callable[[Path], list[str]] | None = None


def photo_entries(
    split: str,
    names: Mapping[str, str],
    captions: Mapping[str, list[CaptionEntry]],
    images: Path,
    broken: list[BrokenEntry],
) -> list[PhotoEntry]:
    """The photos of a split, from {name: where it is named}; invalid names go to `broken`."""
    photos = []
    for name, where in names.items():
        path = path_inside(images, name)
        if path is None:
            broken.append(BrokenEntry(where, f"{name[:60]!r} is not a file name"))
        else:
            photos.append(PhotoEntry(name, path, split, tuple(captions.get(name, ())), where))
    return photos


def path_inside(folder: Path, name: str) -> Path | None:
    """The path of a file below `folder`; None for a name that leads out of it or is invalid."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or not name.isprintable():
        return None
    if len(name.encode()) > LONGEST_NAME:  # the system could not even look for it
        return None
    return folder.joinpath(*parts)


def captioned_photos(
    contents: DatasetContents, what: str, *, lenient: bool, has_captions: bool = True
) -> list[CaptionedPhoto]:
    """The photos for training: each has a file, and captions or regions if `has_captions`.

    White space in captions becomes single spaces. `what` names the source in messages. Raises
    DataError for the first broken entry, for a photo without a file or without captions and
    regions, and if there is no photo. With `lenient`, broken entries and photos without captions
    are skipped, and the log says how many.
    """
    if contents.broken and not lenient:
        first, more = contents.broken[0], len(contents.broken) - 1
        others = f" (and {more} more like it)" if more else ""
        raise DataError(f"{first.where}: {first.text}{others}")
    photos, bare = [], 0
    for one in contents.photos:
        if has_captions and not one.captions and not one.regions:
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
    """A data set is missing, incomplete or damaged; the message names file and line."""

    def __init__(self, text: str) -> None:
        super().__init__(shortened(text))


def shortened(text: str) -> str:
    """A message that may quote a file, cut to a length that fits a terminal."""
    shown = text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
    return shown.encode(errors="backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Region:
    """A named object and its box: left, top, right, bottom as fractions of the photo's sides."""

    name: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class CaptionedPhoto:
    """A photo file and its captions, as written in the data set."""

    name: str
    path: Path
    captions: tuple[str, ...]  # none where the photo has regions only
    regions: tuple[Region, ...] = ()
    language: str = "en"  # of the captions
