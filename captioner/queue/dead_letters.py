"""Dead letters within one process."""

from __future__ import annotations

import itertools
import time
from collections import OrderedDict
from dataclasses import dataclass

from captioner.queue.common import DEAD_LETTERS
from captioner.queue.inspection import DeadLetter
from captioner.queue.messages import CaptionJob


@dataclass(frozen=True, slots=True)
class _Letter:
    job: CaptionJob
    reason: str
    deliveries: int
    at: float  # by the monotonic clock


class DeadLetters:
    """The last of the jobs that were given up; `len` is how many.

    Their photos are kept for so many seconds. Each process has few of them, so what is too old
    is looked for whenever somebody looks.
    """

    def __init__(self, keep: float) -> None:
        self._keep = keep
        self._letters: OrderedDict[str, _Letter] = OrderedDict()
        self._ids = itertools.count(1)

    def __len__(self) -> int:
        return len(self._letters)

    def put(self, job: CaptionJob, reason: str, deliveries: int) -> None:
        """Remember a job that was given up."""
        letter = _Letter(job, reason, deliveries, time.monotonic())
        self._letters[str(next(self._ids))] = letter if self._keep else _bare(letter)
        while len(self._letters) > DEAD_LETTERS:
            self._letters.popitem(last=False)

    def all(self) -> list[DeadLetter]:
        """All of them, the newest first."""
        self._forget_photos()
        now = time.monotonic()
        return [
            DeadLetter(
                letter=ident,
                job_id=one.job.id,
                adapter=one.job.adapter,
                error=one.reason,
                deliveries=one.deliveries,
                age=now - one.at,
                kept=bool(one.job.photo),
            )
            for ident, one in reversed(self._letters.items())
        ]

    def job(self, letter: str) -> CaptionJob | None:
        """A letter's job, while its photo is kept."""
        self._forget_photos()
        one = self._letters.get(letter)
        return one.job if one and one.job.photo else None

    def drop(self, letter: str) -> bool:
        """Forget a letter; False if there is none."""
        return self._letters.pop(letter, None) is not None

    def _forget_photos(self) -> None:
        until = time.monotonic() - self._keep
        for ident, one in self._letters.items():
            if one.at <= until and one.job.photo:
                self._letters[ident] = _bare(one)


def _bare(letter: _Letter) -> _Letter:
    """A letter without its photos."""
    job = CaptionJob(adapter=letter.job.adapter, photo=b"", dedupe="", person="", id=letter.job.id)
    return _Letter(job, letter.reason, letter.deliveries, letter.at)
