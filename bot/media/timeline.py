"""Captions of a video's moments → the lines of its timeline."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

_ALIKE = 0.75  # of the words in either caption are in both
_ENDING = re.compile(r"(?:(.)\1ing|ing|es|s)$")
# Words that say little; two captions do not become alike by sharing them.
_SMALL_WORDS = frozenset(
    "a an the is are in on at of to with and by his her its their there through".split()  # noqa: SIM905 - a list of words reads better
)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a timeline: what is said of a video from a moment on."""

    start: float  # seconds
    end: float
    caption: str


def timeline(moments: Sequence[tuple[float, str]], duration: float) -> list[Line]:
    """Captions of moments in order, equal or nearly equal neighbours merged.

    `moments` are the time in seconds from which each caption holds, and the caption; one
    without a caption is left out and the caption before it goes on. The last line ends after
    `duration` seconds. Of captions that are nearly equal, the first is kept.
    """
    kept: list[tuple[float, str]] = []
    for start, said in sorted(moments, key=lambda moment: moment[0]):
        caption = said.strip()
        if caption and not (kept and _nearly_equal(kept[-1][1], caption)):
            kept.append((start, caption))
    starts = [start for start, _ in kept]
    ends = [*starts[1:], max([duration, *starts[-1:]])]
    return [Line(start, end, caption) for (start, caption), end in zip(kept, ends, strict=False)]


def clock(seconds: float) -> str:
    """A time in a video as people write it: 0:07, 12:30, 1:02:03. Begun seconds do not count."""
    whole = max(0, math.floor(seconds)) if math.isfinite(seconds) else 0
    minutes, hours = whole // 60 % 60, whole // 3600
    tail = f"{minutes:02}" if hours else str(minutes)
    return f"{hours}:{tail}:{whole % 60:02}" if hours else f"{tail}:{whole % 60:02}"


def _nearly_equal(one: str, other: str) -> bool:
    a, b = _words(one), _words(other)
    if not a or not b:
        return one.casefold() == other.casefold()
    return len(a & b) / len(a | b) >= _ALIKE


def _words(caption: str) -> set[str]:
    """What a caption speaks of, without endings: who runs is who is running."""
    words = set(re.findall(r"\w+", caption.casefold())) - _SMALL_WORDS
    return {_ENDING.sub(r"\1", word) for word in words}
