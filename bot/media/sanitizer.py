"""Untrusted bytes → a small, clean JPEG, or a named refusal.

The files are opened by `bot.media.decoder`, in the processes of `bot.media.decoder_pool`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.media import decoder
from bot.media.decoder_pool import Sandboxed

# Address space of a decoding process, in bytes. Measured at 80 megapixels: 70 MB for the process
# itself and, for each pixel, 14 bytes for the hungriest files (AVIF and PNG with transparency).
_MEMORY, _MEMORY_PER_PIXEL = 200_000_000, 16


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

    program: ClassVar[tuple[str, ...]] = ("-m", "bot.media.decoder")
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
        return await self.opened(data)

    def limits(self) -> tuple[str, ...]:
        memory = _MEMORY + _MEMORY_PER_PIXEL * self._max_pixels
        return ("--max-pixels", str(self._max_pixels), "--memory", str(memory))

    def understood(self, payload: bytes) -> CleanPhoto | decoder.Rejection:
        answer = decoder.decode_answer(payload)
        if isinstance(answer, decoder.Rejection):
            return answer
        return CleanPhoto(answer.jpeg, answer.width, answer.height)
