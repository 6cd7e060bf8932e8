"""Moving pictures: untrusted bytes → a few key moments, each a clean photo.

The files are opened by `bot.media.decoder.video_worker`, in the processes of
`bot.media.decoder_pool`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.media import decoder
from bot.media.decoder_pool import Sandboxed
from bot.media.sanitizer import CleanPhoto
from bot.media.sniff import container_of
from bot.media.video.timeline import Line, clock, timeline
from captioner.telemetry.stages import Stage, timed

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
