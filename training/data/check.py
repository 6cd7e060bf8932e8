"""Finds the faults of a data set before a long training run does (`captionbot data check`)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data.decoding import THUMB, PhotoInspection, inspect_photos
from training.data.reader_base import (
    CaptionEntry,
    DataError,
    DatasetContents,
    PhotoEntry,
    Reader,
    shortened,
)
from training.data.registry import guess_reader, resolve_split


class FindingKind(StrEnum):
    """The kinds of findings, in the order of a report."""

    BROKEN = "broken entry"
    MISSING = "missing photo"
    DAMAGED = "damaged photo"
    NO_CAPTION = "photo without caption"
    OVERLAP = "photo in two splits"
    SUSPECT = "photo looks damaged"
    SAME_FILE = "same file twice"
    SAME_PIXELS = "same pixels twice"
    ALIKE = "near duplicate"
    FEW = "fewer captions than others"
    REPEATED = "caption repeated"
    SHORT = "caption too short"
    LONG = "caption too long"
    CHARACTERS = "caption with odd characters"
    MARKUP = "caption with HTML"

    @property
    def stops_a_run(self) -> bool:
        """Whether training refuses to start; the other kinds are only worth a look."""
        return self in {
            FindingKind.BROKEN,
            FindingKind.MISSING,
            FindingKind.DAMAGED,
            FindingKind.NO_CAPTION,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a data set, and its place."""

    kind: FindingKind
    where: str  # `FILE:LINE` or `FILE, KEY[INDEX]`
    photo: str  # its name, "" where an entry names none
    text: str

    def __post_init__(self) -> None:
        for name in ("where", "photo", "text"):
            object.__setattr__(self, name, shortened(getattr(self, name)))


@dataclass(frozen=True)
class DatasetReport:
    """The result of checking a folder."""

    folder: Path
    reader: str
    decoded: bool  # whether photos were decoded; else only their bytes were compared
    photos: dict[str, int]  # of each split
    captions: dict[str, int]
    findings: tuple[Finding, ...]  # by kind
    notes: tuple[str, ...]  # worth knowing, nothing to correct


SHORTEST, LONGEST = 3, 50  # words; shorter and longer captions teach little

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:[A-Za-z]{2,8}|#\d{1,6});")
_MISREAD = re.compile(r"Ã[\x80-\xbf]|â€|Â[\xa0-\xbf]")  # UTF-8 that was read as Latin-1
_SHOWN = 60


def caption_findings(photos: Sequence[PhotoEntry]) -> Iterator[Finding]:
    """The findings about the captions of photos, each alone and compared with the others."""
    counts = Counter(len(p.captions) + p.left_out for p in photos if p.captions)
    usual = counts.most_common(1)[0][0] if counts else 0
    for photo in photos:
        count = len(photo.captions) + photo.left_out
        if not photo.captions and not photo.regions:
            yield Finding(FindingKind.NO_CAPTION, photo.where, photo.name, "has no caption")
        elif photo.captions and count < usual:
            text = f"has {count} captions where others have {usual}"
            yield Finding(FindingKind.FEW, photo.where, photo.name, text)
        seen: dict[tuple[str, ...], str] = {}
        for caption in photo.captions:
            words = tuple(_WORD.findall(caption.text.lower()))
            first = seen.setdefault(words, caption.where)
            if first is not caption.where:
                text = f"says the same as {first}: {_shown(caption.text)}"
                yield Finding(FindingKind.REPEATED, caption.where, photo.name, text)
            for kind, text in _odd(caption, len(words)):
                yield Finding(kind, caption.where, photo.name, text)


def _odd(caption: CaptionEntry, words: int) -> Iterator[tuple[FindingKind, str]]:
    text = caption.text.strip()
    if words < SHORTEST:
        yield FindingKind.SHORT, f"has {words} words: {_shown(text)}"
    if words > LONGEST:
        yield FindingKind.LONG, f"has {words} words: {_shown(text)}"
    found = _MARKUP.search(text)
    if found:
        yield FindingKind.MARKUP, f"has {found[0][:_SHOWN]!r}: {_shown(text)}"
    misread = _MISREAD.search(text)
    if misread:
        yield (
            FindingKind.CHARACTERS,
            f"has {misread[0]!r}, text in a wrong encoding: {_shown(text)}",
        )
        return
    odd = next((c for c in text if _is_odd(c)), None)
    if odd:
        name = unicodedata.name(odd, f"U+{ord(odd):04X}")
        yield FindingKind.CHARACTERS, f"has {odd!r} ({name}): {_shown(text)}"


def _is_odd(character: str) -> bool:
    # control, format, private, unassigned; pictures, but not °; what stands for undecodable bytes
    category = unicodedata.category(character)
    return category[0] == "C" or (category == "So" and character > "\xff")


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


HASH_BITS = 4  # of 56 that may differ
GREY_LEVELS = 6.0  # of 255 by which the thumbnails may differ on average
_PAIRS_AT_ONCE = 1 << 22  # hashes compared in one operation: 32 MB


def duplicate_findings(
    photos: Sequence[PhotoEntry], looks: dict[Path, PhotoInspection]
) -> Iterator[Finding]:
    """A finding for each photo that equals an earlier one; it names both.

    A photo in two splits is reported as an overlap, because it makes scores too good.
    """
    named: dict[Path, PhotoEntry] = {}
    files: dict[bytes, PhotoEntry] = {}
    pixels: dict[bytes, PhotoEntry] = {}
    single: list[PhotoEntry] = []
    for photo in photos:
        look = looks[photo.path]
        if photo.path in named:
            yield _finding(photo, named[photo.path], FindingKind.SAME_FILE, "is named before in")
            continue
        named[photo.path] = photo
        if look.missing or not look.file:
            continue
        if look.file in files:
            yield _finding(photo, files[look.file], FindingKind.SAME_FILE, "is the same file as")
            continue
        files[look.file] = photo
        if look.pixels in pixels:
            yield _finding(
                photo, pixels[look.pixels], FindingKind.SAME_PIXELS, "has the same pixels as"
            )
        elif look.pixels:
            pixels[look.pixels] = photo
            single.append(photo)
    yield from _alike(single, looks)


def _alike(photos: Sequence[PhotoEntry], looks: dict[Path, PhotoInspection]) -> Iterator[Finding]:
    thumbs = np.frombuffer(b"".join(looks[p.path].thumb for p in photos), np.uint8)
    for later, earlier in near_pairs(thumbs.reshape(-1, THUMB, THUMB)):
        how = "looks the same (by a perceptual hash, which may be wrong) as"
        yield _finding(photos[later], photos[earlier], FindingKind.ALIKE, how)


def near_pairs(thumbs: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """The index pairs (later, earlier) of similar grey thumbnails (N, THUMB, THUMB).

    If the difference hashes of two thumbnails differ in few bits, the thumbnails are compared.
    """
    hashes = _hashes(thumbs)
    block = max(1, _PAIRS_AT_ONCE // max(1, len(hashes)))
    for start in range(0, len(hashes), block):
        own = hashes[start : start + block, None]
        bits = np.bitwise_count(own ^ hashes[None, : start + block])  # (block, N)
        for row, column in np.argwhere(bits <= HASH_BITS):
            later, earlier = start + int(row), int(column)
            if earlier >= later:
                continue
            difference = np.abs(thumbs[later].astype(int) - thumbs[earlier]).mean()
            if difference <= GREY_LEVELS:
                yield later, earlier


def _hashes(thumbs: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The difference hash of each thumbnail, 8 x 7 bits: is the right neighbour brighter?"""
    half = THUMB // 2
    small = thumbs.reshape(-1, half, 2, half, 2).mean(axis=(2, 4))
    brighter = (np.diff(small, axis=2) > 0).reshape(len(thumbs), half * (half - 1))  # (N, 56)
    weights = np.uint64(1) << np.arange(brighter.shape[1], dtype=np.uint64)
    hashes: NDArray[np.uint64] = (brighter * weights).sum(axis=1, dtype=np.uint64)
    return hashes


def _finding(photo: PhotoEntry, earlier: PhotoEntry, kind: FindingKind, how: str) -> Finding:
    same_path = photo.path == earlier.path
    other = earlier.where if same_path else f"{earlier.name} ({earlier.where})"
    if photo.split != earlier.split:
        text = f"is in {photo.split} and {earlier.split}: {how} {other}"
        return Finding(FindingKind.OVERLAP, photo.where, photo.name, text)
    return Finding(kind, photo.where, photo.name, f"{how} {other}")


_PHOTO_SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".webp")


def check_folder(
    folder: Path,
    *,
    reader: Reader | None = None,
    split: str | None = None,
    fast: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> DatasetReport:
    """Check every photo and caption of a data set, or of one split of it.

    With `fast`, photos are not decoded. `progress` is called with the number of photos done and
    the number of all photos. Raises DataError if the folder cannot be read at all.
    """
    reader = reader or guess_reader(folder)
    contents = reader.contents(folder, resolve_split(reader, split) if split else None)
    if not contents.photos and not contents.broken:
        raise DataError(f"{folder}: its files name no photo")
    paths = list(dict.fromkeys(photo.path for photo in contents.photos))
    looks = inspect_photos(paths, decode=not fast, progress=lambda done: progress(done, len(paths)))
    findings = [Finding(FindingKind.BROKEN, one.where, "", one.text) for one in contents.broken]
    findings += _photo_findings(contents.photos, looks)
    if reader.has_captions:
        findings += caption_findings(contents.photos)
    findings += duplicate_findings(contents.photos, looks)
    order = list(FindingKind)
    findings.sort(key=lambda finding: order.index(finding.kind))  # stable: by place within a kind
    return DatasetReport(
        folder=folder,
        reader=reader.name,
        decoded=not fast,
        photos=dict(Counter(photo.split for photo in contents.photos)),
        captions=_captions_of_splits(contents.photos),
        findings=tuple(findings),
        notes=(*contents.notes, *([] if split else _unlisted(contents, set(paths)))),
    )


def _photo_findings(
    photos: tuple[PhotoEntry, ...], looks: dict[Path, PhotoInspection]
) -> list[Finding]:
    findings = []
    for photo in photos:
        look = looks[photo.path]
        if look.missing:
            text = f"{photo.path} is missing"
            findings.append(Finding(FindingKind.MISSING, photo.where, photo.name, text))
        elif look.error:
            findings.append(Finding(FindingKind.DAMAGED, photo.where, photo.name, look.error))
        elif look.suspicion:
            findings.append(Finding(FindingKind.SUSPECT, photo.where, photo.name, look.suspicion))
    return findings


def _captions_of_splits(photos: tuple[PhotoEntry, ...]) -> dict[str, int]:
    count: Counter[str] = Counter()
    for photo in photos:
        count[photo.split] += len(photo.captions)
    return dict(count)


def _is_photo(name: str) -> bool:
    """Whether a file is a photo, by its name; macOS's `._NAME` files are not."""
    return name.lower().endswith(_PHOTO_SUFFIXES) and not name.startswith("._")


def _unlisted(contents: DatasetContents, known: set[Path]) -> list[str]:
    notes = []
    for folder in contents.folders:
        own = (p for p in folder.glob("*") if _is_photo(p.name))
        strangers = sorted(path.name for path in own if path not in known)
        if strangers:
            notes.append(f"{folder}: {len(strangers)} photos are in no split, as {strangers[0]}")
    return notes
