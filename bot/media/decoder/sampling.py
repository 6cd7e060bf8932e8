"""What the readers of videos and of animations have in common: samples, and what they may cost."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass, field

from bot.media.decoder.colour import SDR, Encoding
from bot.media.decoder.hdr import Pixels

MOST_SAMPLES = 128  # of at most 512 x 512 pixels: 100 MB
_FIRST_PICTURE = 1.0  # seconds of computing; then there is no hope of one
_FIRST_PICTURE_AT_LAST = 1.5  # then the process is ended, wherever it is


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture out of a film, small."""

    seconds: float  # from the beginning
    pixels: Pixels
    shown: float = 0.0  # seconds; 0 where nobody counted


@dataclass(frozen=True, slots=True)
class Film:
    """What was seen of a film, in order."""

    samples: list[Sample]
    duration: float  # seconds
    matrix: tuple[int, int, int, int] = (1, 0, 0, 1)  # a, b, c, d: x' = ax + cy, y' = bx + dy
    encoding: Encoding = SDR


@dataclass(slots=True)
class Budget:
    """How long to go on looking. Counted in computing time, so a busy host changes little.

    There is half of the time that the parent grants for looking, the rest is for a slow host.
    """

    seconds: float  # what the parent grants
    _cpu: float = field(default_factory=time.process_time)
    _wall: float = field(default_factory=time.monotonic)
    _seen: bool = False

    def start(self) -> None:
        """From here on a picture must be seen soon."""
        signal.setitimer(signal.ITIMER_PROF, _FIRST_PICTURE_AT_LAST)

    def saw(self) -> None:
        """There is a picture, so there will be an answer."""
        if not self._seen:
            self._seen = True
            self.stop()

    def stop(self) -> None:
        """The reading is over."""
        signal.setitimer(signal.ITIMER_PROF, 0)

    @property
    def spent(self) -> bool:
        """Whether to be content with what was seen."""
        cpu = time.process_time() - self._cpu
        if not self._seen:
            return cpu > _FIRST_PICTURE
        return cpu > self.seconds * 0.3 or time.monotonic() - self._wall > self.seconds * 0.5
