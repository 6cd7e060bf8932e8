"""Moving pictures: untrusted bytes → a few key moments, each a clean photo.

The files are opened by `bot.media.decoder.video_worker`, in the processes of
`bot.media.decoder_pool`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from bot.chat.refusals import Refusal, RefusalCode
from bot.media import decoder
from bot.media.decoder_pool import Children, OutOfTime, Program, Unreadable
from bot.media.sanitizer import CleanPhoto, check_size
from bot.media.sniff import container_of, kind_of
from bot.media.video.timeline import Line, clock, timeline
from captioner.telemetry.stages import Stage, timed

__all__ = ["Line", "Moment", "VideoIntake", "clock", "timeline"]

MAX_PIXELS = 9_500_000  # of a frame: 4096 x 2304, and what phones call 4K

_PROGRAM = ("-m", "bot.media.decoder.video_worker")
# Address space of a decoding process, in bytes: 260 MB for the process itself, 100 MB of samples,
# and for each pixel what a codec keeps to look back at, of 10 bits a colour.
_MEMORY, _MEMORY_PER_PIXEL = 450_000_000, 45


@dataclass(frozen=True, slots=True)
class Moment:
    """A photo out of a video, and when it is to be seen."""

    seconds: float  # from the beginning: when its shot begins
    photo: CleanPhoto
    end: float = 0.0  # when its shot ends; that of the last one is how long the video is


class VideoIntake:
    """Finds the key moments of foreign videos and animations, in a process with limits.

    `seconds` is what one file may take once it is its turn; with less than half of it spent the
    process is content with what it has seen. The others wait in the order they came.
    """

    def __init__(
        self, *, max_bytes: int = 20_000_000, max_moments: int = 8, seconds: float = 10.0
    ) -> None:
        self._max_bytes = max_bytes
        self._max_moments = max_moments
        self._seconds = seconds
        program = Program(
            name="video decoder",
            arguments=self._arguments,
            max_answer=max_moments * decoder.MAX_ANSWER_BYTES,
            files_per_process=100,
        )
        self._children = Children(program, seconds=seconds)

    async def moments(self, data: bytes) -> list[Moment]:
        """One moment a shot, in order, at most `max_moments`. Raises Refusal.

        A still picture of a kind that can move has one moment.
        """
        self._glance(data)
        try:
            with timed(Stage.INTAKE):
                shots = await self._children.ask(data, self._understood)
        except OutOfTime:
            raise Refusal(RefusalCode.TOO_SLOW) from None
        except Unreadable:
            raise Refusal(RefusalCode.DAMAGED) from None
        if isinstance(shots, Refusal):
            raise shots
        return shots

    async def close(self) -> None:
        """End the decoding process. A video in the middle is given up with RuntimeError."""
        await self._children.close()

    def _arguments(self) -> tuple[str, ...]:
        return (
            *_PROGRAM,
            *("--max-pixels", str(MAX_PIXELS)),
            *("--seconds", str(self._seconds)),
            *("--memory", str(_MEMORY + _MEMORY_PER_PIXEL * MAX_PIXELS)),
            *("--moments", str(self._max_moments)),
        )

    def _glance(self, data: bytes) -> None:
        """Refuse what needs no decoding to be refused."""
        check_size(data, self._max_bytes)
        kind = kind_of(data)
        if kind is None:
            raise Refusal(RefusalCode.NOT_AN_IMAGE)
        if kind and not container_of(data):
            raise Refusal(RefusalCode.UNSUPPORTED, kind=kind)

    def _understood(self, payload: bytes) -> list[Moment] | Refusal:
        """The answer in a frame; raises ValueError if it makes no sense."""
        answer = decoder.decode_shots(payload)
        if isinstance(answer, decoder.Refusal):
            return Refusal.with_figures(answer.reason, answer.figures)
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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
