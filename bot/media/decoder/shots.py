"""Samples of a film → its shots, and for each the sample that shows it best.

The readers of videos and of animations both give a `Film` of samples, within a `Budget`.

A shot ends where the picture changes far more than it does around there, or has slowly become
another one. Pictures are compared by their colours and by a coarse grid, so that what moves
within a shot counts little.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.media.decoder.colour import SDR, Encoding, Pixels

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


Vector = NDArray[np.float32]

# Differences run from 0 (the same) to 1 (black and white).
_SURE = 0.25  # certainly another shot
_LEAST = 0.06  # less is never one
_TIMES = 3.0  # that much more than the usual change around it
_AROUND = 6  # samples to either side
_DRIFT = 0.20  # from a shot's first picture: it shows something else by now
_SHORTEST = 0.45  # seconds
_GRID, _LEVELS = 8, 32
_DARK, _BRIGHT, _EVEN = 24.0, 235.0, 6.0  # of 255: a blank picture, as in a fade


@dataclass(frozen=True, slots=True)
class Choice:
    """A shot and the number of the sample that stands for it."""

    start: float  # seconds
    end: float
    sample: int


@dataclass(frozen=True, slots=True)
class _Part:
    start: float
    end: float
    samples: Sequence[int]  # those that may stand for it
    look: Vector
    blank: bool

    @property
    def length(self) -> float:
        return self.end - self.start


def choose(film: Film, most: int) -> list[Choice]:
    """At most so many shots, which cover the film from its beginning to its end."""
    looks = [_look(sample.pixels) for sample in film.samples]
    parts = _parts(film, looks, _cuts(looks))
    shortest = min(_SHORTEST, film.duration / 6)
    while len(parts) > 1:
        at = _least_worth(parts, most, shortest)
        if at is None:
            break
        parts[at : at + 2] = [_merged(parts[at], parts[at + 1])]
    return [Choice(part.start, part.end, _best(film, part)) for part in parts]


def _look(pixels: Pixels) -> Vector:
    """A picture as numbers whose absolute differences add up to a difference of 0…1."""
    image = Image.fromarray(pixels)
    grid = np.asarray(image.resize((_GRID, _GRID), Image.Resampling.BOX), np.float32) / 255
    small = np.asarray(image.resize((64, 64), Image.Resampling.BOX))
    levels = small.reshape(-1, 3) // (256 // _LEVELS)
    shares = [np.bincount(levels[:, n], minlength=_LEVELS) / len(levels) for n in range(3)]
    # Between sums of shares, a colour that is a little brighter makes little difference.
    sums = np.cumsum(shares, axis=1, dtype=np.float32)
    return np.concatenate([grid.ravel() / (2 * grid.size), sums.ravel() / (2 * sums.size)])


def _difference(a: Vector, b: Vector) -> float:
    return float(np.abs(a - b).sum())


def _cuts(looks: Sequence[Vector]) -> list[int]:
    """The numbers of the samples that begin a shot, the first included."""
    changes = [_difference(a, b) for a, b in pairwise(looks)]
    cuts = [0]
    for at, change in enumerate(changes, start=1):
        around = changes[max(0, at - 1 - _AROUND) : at - 1] + changes[at : at + _AROUND]
        unusual = change > max(_LEAST, _TIMES * median(around or [0.0]))
        if unusual or change > _SURE or _difference(looks[cuts[-1]], looks[at]) > _DRIFT:
            cuts.append(at)
    return cuts


def _parts(film: Film, looks: Sequence[Vector], cuts: Sequence[int]) -> list[_Part]:
    parts = []
    for first, after in zip(cuts, [*cuts[1:], len(looks)], strict=True):
        numbers = range(first, after)
        ends = film.samples[after].seconds if after < len(looks) else film.duration
        parts.append(
            _Part(
                start=film.samples[first].seconds if first else 0.0,
                end=ends,
                samples=numbers,
                look=np.mean([looks[n] for n in numbers], axis=0, dtype=np.float32),
                blank=all(_is_blank(film.samples[n].pixels) for n in numbers),
            )
        )
    return parts


def _least_worth(parts: Sequence[_Part], most: int, shortest: float) -> int | None:
    """The pair to make one of, by the number of its first part. None if all may stay."""
    pairs = range(len(parts) - 1)

    def alike(at: int) -> float:
        return _difference(parts[at].look, parts[at + 1].look)

    poor = [n for n, part in enumerate(parts) if part.blank or part.length < shortest]
    if poor:
        number = min(poor, key=lambda n: (not parts[n].blank, parts[n].length))
        return min((at for at in (number - 1, number) if at in pairs), key=alike)
    if len(parts) <= most:
        return None

    def loss(at: int) -> float:
        return alike(at) * min(parts[at].length, parts[at + 1].length)

    return min(pairs, key=loss)


def _merged(a: _Part, b: _Part) -> _Part:
    """One part, which looks like the longer of the two, or like the one that is not blank."""
    heart = max(a, b, key=lambda part: (not part.blank, part.length))
    return _Part(a.start, b.end, heart.samples, heart.look, heart.blank)


def _best(film: Film, part: _Part) -> int:
    """The sample that is sharp, not blank and near the middle."""
    first, last = (film.samples[part.samples[n]].seconds for n in (0, -1))
    middle, half = (first + last) / 2, (last - first) / 2 or 1.0
    sharp = np.array([_sharpness(film.samples[n].pixels) for n in part.samples])
    sharp = np.sqrt(sharp / (sharp.max() or 1.0))
    away = np.array([abs(film.samples[n].seconds - middle) / half for n in part.samples])
    blank = np.array([_is_blank(film.samples[n].pixels) for n in part.samples])
    worth = (0.05 + sharp) * (1 - 0.5 * away) * np.where(blank, 0.01, 1)
    return part.samples[int(worth.argmax())]


def _grey(pixels: Pixels, side: int) -> NDArray[np.float32]:
    image = Image.fromarray(pixels).convert("L")
    image.thumbnail((side, side), Image.Resampling.BOX)
    return np.asarray(image, np.float32)


def _is_blank(pixels: Pixels) -> bool:
    grey = _grey(pixels, 64)
    return bool(grey.std() < _EVEN and not _DARK <= grey.mean() <= _BRIGHT)


def _sharpness(pixels: Pixels) -> float:
    """How much of the picture's detail is left: the variance of its Laplacian."""
    grey = _grey(pixels, 256)
    edges = (
        4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    )
    return float(edges.var())
