"""Untrusted bytes → small, clean JPEGs: of a photo, or of a video's key moments; or a refusal.

The files are opened by `bot.media.decoder`, in the processes of `bot.media.decoder_pool`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar

from bot.chat.refusals import Refusal, RefusalCode, too_large
from bot.media import decoder
from bot.media.decoder_pool import Children, OutOfTime, Program, Unreadable
from bot.media.sniff import container_of, kind_of
from captioner.telemetry.tracing import Stage, span

MAX_FRAME_PIXELS = 9_500_000  # of a video: 4096 x 2304, and what phones call 4K

# Address space of a decoding process, in bytes. Measured for photos at 80 megapixels: 70 MB for the
# process itself and, for each pixel, 14 bytes for the hungriest files (AVIF and PNG with
# transparency).
_PHOTO_MEMORY, _PHOTO_MEMORY_PER_PIXEL = 200_000_000, 16
# For videos: 260 MB for the process itself, 100 MB of samples, and for each pixel what a codec
# keeps to look back at, of 10 bits a colour.
_VIDEO_MEMORY, _VIDEO_MEMORY_PER_PIXEL = 450_000_000, 45

A = TypeVar("A")


class Sandboxed(Generic[A]):
    """Something that opens foreign files in decoding processes, and says what becomes of each.

    A subclass names the program and says what it needs, looks at a file first, and makes sense of
    an answer.
    """

    program: ClassVar[tuple[str, ...]]  # of the Python interpreter
    name: ClassVar[str]  # for people: "photo decoder"
    files_per_process: ClassVar[int]

    def __init__(
        self, *, max_bytes: int, seconds: float, max_answer: int, processes: int = 1
    ) -> None:
        self.max_bytes = max_bytes
        self._seconds = seconds
        program = Program(
            name=self.name,
            arguments=self.arguments,
            max_answer=max_answer,
            files_per_process=self.files_per_process,
        )
        self._children = Children(program, seconds=seconds, processes=processes)

    def limits(self) -> Sequence[str]:
        """The program's other options."""
        raise NotImplementedError

    def takes(self, data: bytes, kind: str) -> bool:  # noqa: ARG002 - for those that take such kinds
        """Whether a kind of file is opened that is no still picture."""
        return False

    def understood(self, payload: bytes) -> A | Refusal:
        """What a process says in a frame; raises ValueError if it makes no sense."""
        raise NotImplementedError

    def arguments(self) -> tuple[str, ...]:
        """What the interpreter is started with."""
        return (*self.program, "--seconds", str(self._seconds), *self.limits())

    def check(self, data: bytes) -> None:
        """Refuse what needs no decoding to be refused. Raises Refusal."""
        if not data:
            raise Refusal(RefusalCode.EMPTY)
        if len(data) > self.max_bytes:
            raise too_large(self.max_bytes)
        kind = kind_of(data)
        if kind is None:
            raise Refusal(RefusalCode.NOT_AN_IMAGE)
        if kind and not self.takes(data, kind):
            raise Refusal(RefusalCode.UNSUPPORTED, kind=kind)

    async def opened(self, data: bytes) -> A:
        """What there is in a file. Raises Refusal."""
        self.check(data)
        try:
            answer = await self._children.ask(data, self.understood)
        except OutOfTime:
            raise Refusal(RefusalCode.TOO_SLOW) from None
        except Unreadable:
            raise Refusal(RefusalCode.DAMAGED) from None
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def close(self) -> None:
        """End the processes. A file in the middle is given up with RuntimeError."""
        await self._children.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A baseline RGB JPEG that we wrote ourselves: no metadata, upright, at most 512 px a side."""

    jpeg: bytes
    width: int  # of the JPEG
    height: int


class Intake(Sandboxed[CleanPhoto]):
    """Decodes foreign bytes in separate processes with limits on memory and time.

    `seconds` is what one photo may take once it is its turn. At most `processes` photos are
    decoded at a time; the others wait in the order they came. Processes start when needed.
    """

    program: ClassVar[tuple[str, ...]] = ("-m", "bot.media.decoder.photos")
    name = "photo decoder"
    files_per_process = 500

    def __init__(
        self,
        *,
        max_bytes: int = 20_000_000,
        max_pixels: int = 80_000_000,
        seconds: float = 10.0,
        processes: int = 1,
    ) -> None:
        self._max_pixels = max_pixels
        super().__init__(
            max_bytes=max_bytes,
            seconds=seconds,
            max_answer=decoder.MAX_ANSWER_BYTES,
            processes=processes,
        )

    async def clean(self, data: bytes) -> CleanPhoto:
        """The photo as a small JPEG, as a person would see it. Raises Refusal."""
        with span(Stage.INTAKE):
            return await self.opened(data)

    def limits(self) -> tuple[str, ...]:
        memory = _PHOTO_MEMORY + _PHOTO_MEMORY_PER_PIXEL * self._max_pixels
        return ("--max-pixels", str(self._max_pixels), "--memory", str(memory))

    def understood(self, payload: bytes) -> CleanPhoto | Refusal:
        answer = decoder.decode_answer(payload)
        if isinstance(answer, decoder.Rejection):
            return Refusal.with_figures(answer.reason, answer.figures)
        return CleanPhoto(answer.jpeg, answer.width, answer.height)


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
        with span(Stage.INTAKE):
            return await self.opened(data)

    def limits(self) -> tuple[str, ...]:
        return (
            *("--max-pixels", str(MAX_FRAME_PIXELS)),
            *("--memory", str(_VIDEO_MEMORY + _VIDEO_MEMORY_PER_PIXEL * MAX_FRAME_PIXELS)),
            *("--moments", str(self._max_moments)),
        )

    def takes(self, data: bytes, kind: str) -> bool:  # noqa: ARG002 - the file itself says more
        return bool(container_of(data))

    def understood(self, payload: bytes) -> list[Moment] | Refusal:
        answer = decoder.decode_shots(payload)
        if isinstance(answer, decoder.Rejection):
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
