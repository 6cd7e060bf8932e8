"""`captionbot data check`: what is wrong with a data set, before a long run finds out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from training.data.check.captions import caption_findings
from training.data.check.duplicates import duplicate_findings
from training.data.check.photos import Look, look_at
from training.data.check.report import Finding, Kind, Report
from training.data.reader_base import Contents, DataError, Listed, Reader
from training.data.registry import guess_reader, known_split

__all__ = ["Finding", "Kind", "Report", "check_folder"]

_PHOTO_SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".webp")


def check_folder(
    folder: Path,
    *,
    reader: Reader | None = None,
    split: str | None = None,
    fast: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Report:
    """Look at every photo and caption of a data set, or of one split of it.

    With `fast`, photos are not decoded. `progress` is told how many photos of how many were
    looked at. Raises DataError where the folder cannot be read at all.
    """
    reader = reader or guess_reader(folder)
    contents = reader.contents(folder, known_split(reader, split) if split else None)
    if not contents.photos and not contents.broken:
        raise DataError(f"{folder}: its files name no photo")
    paths = list(dict.fromkeys(photo.path for photo in contents.photos))
    looks = look_at(paths, decode=not fast, progress=lambda done: progress(done, len(paths)))
    findings = [Finding(Kind.BROKEN, one.where, "", one.text) for one in contents.broken]
    findings += _photo_findings(contents.photos, looks)
    findings += caption_findings(contents.photos)
    findings += duplicate_findings(contents.photos, looks)
    order = list(Kind)
    findings.sort(key=lambda finding: order.index(finding.kind))  # stable: by place within a kind
    return Report(
        folder=folder,
        reader=reader.name,
        decoded=not fast,
        photos=dict(Counter(photo.split for photo in contents.photos)),
        captions=_captions_of_splits(contents.photos),
        findings=tuple(findings),
        notes=(*contents.notes, *([] if split else _unlisted(contents, set(paths)))),
    )


def _photo_findings(photos: tuple[Listed, ...], looks: dict[Path, Look]) -> list[Finding]:
    findings = []
    for photo in photos:
        look = looks[photo.path]
        if look.missing:
            text = f"{photo.path} is missing"
            findings.append(Finding(Kind.MISSING, photo.where, photo.name, text))
        elif look.error:
            findings.append(Finding(Kind.DAMAGED, photo.where, photo.name, look.error))
        elif look.suspicion:
            findings.append(Finding(Kind.SUSPECT, photo.where, photo.name, look.suspicion))
    return findings


def _captions_of_splits(photos: tuple[Listed, ...]) -> dict[str, int]:
    count: Counter[str] = Counter()
    for photo in photos:
        count[photo.split] += len(photo.captions)
    return dict(count)


def _is_photo(name: str) -> bool:
    """By its name; what a Mac keeps beside a file is none."""
    return name.lower().endswith(_PHOTO_SUFFIXES) and not name.startswith("._")


def _unlisted(contents: Contents, known: set[Path]) -> list[str]:
    notes = []
    for folder in contents.folders:
        own = (p for p in folder.glob("*") if _is_photo(p.name))
        strangers = sorted(path.name for path in own if path not in known)
        if strangers:
            notes.append(f"{folder}: {len(strangers)} photos are in no split, as {strangers[0]}")
    return notes
