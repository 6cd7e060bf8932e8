"""Moving pictures: untrusted bytes → key moments, each a clean photo; captions of them → lines.

The files are opened by `bot.media.decoder.video_worker`, in the processes of
`bot.media.decoder_pool`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.media import decoder
from bot.media.decoder_pool import Sandboxed
from bot.media.sanitizer import CleanPhoto
from bot.media.sniff import container_of
from captioner.telemetry.tracing import Stage, timed

_ALIKE = 0.75  # of the words in either caption are in both
_ENDING = re.compile(r"(?:(.)\1ing|ing|es|s)$")
# Words that say little; two captions do not become alike by sharing them.
_SMALL_WORDS = frozenset(
    "a an the is are in on at of to with and by his her its their there through".split()  # noqa: SIM905 - words
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


__all__ = ["Line", "Moment", "VideoIntake", "clock", "timeline"]

MAX_PIXELS = 9_500_000  # of a frame: 4096 x 2304, and what phones call 4K

# Address space of a decoding process, in bytes: 260 MB for the process itself, 100 MB of samples,
# and for each pixel what a codec keeps to look back at, of 10 bits a colour.
_MEMORY, _MEMORY_PER_PIXEL = 450_000_000, 45


@dataclass(frozen=True, slots=True)
class Moment:
    """A photo out of a video, and when it is to be seen."""

    seconds: float  # from the beginning: when its shot begins
    photo: CleanPhoto
    end: float = 0.0  # when its shot ends; that of the last one is how long the video is


class VideoIntake(Sandboxed[list[Moment]]):
    """Finds the key moments of foreign videos and animations, in a process with limits.

    `seconds` is what one file may take once it is its turn; with less than half of it spent the
    process is content with what it has seen. The others wait in the order they came.
    """

    program: ClassVar[tuple[str, ...]] = ("-m", "bot.media.decoder.video_worker")
    name = "video decoder"
    files_per_process = 100

    def __init__(
        self, *, max_bytes: int = 20_000_000, max_moments: int = 8, seconds: float = 10.0
    ) -> None:
        self._max_moments = max_moments
        super().__init__(
            max_bytes=max_bytes,
            seconds=seconds,
            max_answer=max_moments * decoder.MAX_ANSWER_BYTES,
        )

    async def moments(self, data: bytes) -> list[Moment]:
        """One moment a shot, in order, at most `max_moments`. Raises Refusal.

        A still picture of a kind that can move has one moment.
        """
        with timed(Stage.INTAKE):
            return await self.opened(data)

    def limits(self) -> tuple[str, ...]:
        return (
            *("--max-pixels", str(MAX_PIXELS)),
            *("--memory", str(_MEMORY + _MEMORY_PER_PIXEL * MAX_PIXELS)),
            *("--moments", str(self._max_moments)),
        )

    def takes(self, data: bytes, kind: str) -> bool:  # noqa: ARG002 - the file itself says more
        return bool(container_of(data))

    def understood(self, payload: bytes) -> list[Moment] | decoder.Rejection:
        answer = decoder.decode_shots(payload)
        if isinstance(answer, decoder.Rejection):
            return answer
        if len(answer) > self._max_moments:
            raise ValueError("more moments than were asked for")
        return [
            Moment(
                shot.start,
                CleanPhoto(shot.photo.jpeg, shot.photo.width, shot.photo.height),
                shot.end,
            )
            for shot in answer
        ]
