"""Finds the faults of a data set before a long training run does (`captionbot data check`)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from training.data.check.photos import PhotoInspection, duplicate_findings, inspect_photos
from training.data.check.report import DatasetReport, Finding, FindingKind
from training.data.reader_base import CaptionEntry, DataError, DatasetContents, PhotoEntry, Reader
from training.data.registry import guess_reader, resolve_split

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


__all__ = ["DatasetReport", "Finding", "FindingKind", "check_folder"]

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
