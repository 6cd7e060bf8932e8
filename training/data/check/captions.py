"""Checks of captions: length, repetitions, markup, wrong encodings, odd characters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from training.data.check.report import Finding, FindingKind
from training.data.reader_base import CaptionEntry, PhotoEntry

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
