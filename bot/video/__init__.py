"""Moving pictures: untrusted bytes → a few key moments, each a clean photo."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from bot.intake import CleanPhoto


@dataclass(frozen=True, slots=True)
class Moment:
    """A photo out of a video, and when it is to be seen."""

    seconds: float  # from the beginning
    photo: CleanPhoto


class VideoIntake:
    """Finds the key moments of foreign videos and animations, in a process with limits."""

    def __init__(
        self, *, max_bytes: int = 20_000_000, max_moments: int = 8, seconds: float = 10.0
    ) -> None:
        raise NotImplementedError

    async def moments(self, data: bytes) -> list[Moment]:
        """One moment a shot, in order, at most `max_moments`. Raises bot.intake.Refused."""
        raise NotImplementedError

    async def close(self) -> None:
        """End the decoding process."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a timeline: what is said of a video from a moment on."""

    start: float  # seconds
    end: float
    caption: str


def timeline(moments: list[tuple[float, str]], duration: float) -> list[Line]:
    """Captions of moments in order, equal or nearly equal neighbours merged."""
    raise NotImplementedError
