"""Untrusted bytes → a small, clean JPEG, or a named refusal.

Here is only what needs no picture library: what a file claims to be, and what becomes of it.
The files are opened by `bot.media.decoder`, in the processes of `bot.media.decoder_pool`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from bot.chat.refusals import Refusal, RefusalCode, too_large
from bot.media import decoder
from bot.media.decoder_pool import Children, OutOfTime, Program, Unreadable
from bot.media.sniff import kind_of

# Address space of a decoding process, in bytes. Measured at 80 megapixels: 70 MB for the process
# itself and, for each pixel, 14 bytes for the hungriest files (AVIF and PNG with transparency).
_MEMORY, _MEMORY_PER_PIXEL = 200_000_000, 16
_PROGRAM = ("-m", "bot.media.decoder")
_PHOTOS_PER_PROCESS = 500


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A baseline RGB JPEG that we wrote ourselves: no metadata, upright, at most 512 px a side."""

    jpeg: bytes
    width: int  # of the JPEG
    height: int


class Intake:
    """Decodes foreign bytes in separate processes with limits on memory and time.

    `seconds` is what one photo may take once it is its turn. At most `processes` photos are
    decoded at a time; the others wait in the order they came. Processes start when needed.
    """

    def __init__(
        self,
        *,
        max_bytes: int = 20_000_000,
        max_pixels: int = 80_000_000,
        seconds: float = 10.0,
        processes: int = 1,
    ) -> None:
        self.max_bytes = max_bytes
        self._max_pixels = max_pixels
        self._seconds = seconds
        program = Program(
            name="photo decoder",
            arguments=self._arguments,
            max_answer=decoder.MAX_ANSWER_BYTES,
            files_per_process=_PHOTOS_PER_PROCESS,
        )
        self._children = Children(program, seconds=seconds, processes=processes)

    async def clean(self, data: bytes) -> CleanPhoto:
        """The photo as a small JPEG, as a person would see it. Raises Refusal."""
        self._glance(data)
        try:
            answer = await self._children.ask(data, _understood)
        except OutOfTime:
            raise Refusal(RefusalCode.TOO_SLOW) from None
        except Unreadable:
            raise Refusal(RefusalCode.DAMAGED) from None
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def close(self) -> None:
        """End the decoding processes. A photo in the middle is given up with RuntimeError."""
        await self._children.close()

    def _arguments(self) -> tuple[str, ...]:
        memory = _MEMORY + _MEMORY_PER_PIXEL * self._max_pixels
        return (
            *_PROGRAM,
            *("--max-pixels", str(self._max_pixels)),
            *("--seconds", str(self._seconds)),
            *("--memory", str(memory)),
        )

    def _glance(self, data: bytes) -> None:
        """Refuse what needs no decoding to be refused."""
        check_size(data, self.max_bytes)
        kind = kind_of(data)
        if kind is None:
            raise Refusal(RefusalCode.NOT_AN_IMAGE)
        if kind:
            raise Refusal(RefusalCode.UNSUPPORTED, kind=kind)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def check_size(data: bytes, most: int) -> None:
    """Raises Refusal for an empty file and for one of more than `most` bytes."""
    if not data:
        raise Refusal(RefusalCode.EMPTY)
    if len(data) > most:
        raise too_large(most)


def _understood(payload: bytes) -> CleanPhoto | Refusal:
    """The answer in a frame; raises ValueError if it makes no sense."""
    answer = decoder.decode_answer(payload)
    if isinstance(answer, decoder.Refusal):
        return Refusal.with_figures(answer.reason, answer.figures)
    return CleanPhoto(answer.jpeg, answer.width, answer.height)
