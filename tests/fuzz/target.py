"""What is fuzzed, and what has become of an input."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Literal

from tests.fuzz.mutations import mutated

SEPARATOR = b"\0"
Verdict = Literal["accepted", "refused", "finding"]
Mutate = Callable[[bytes, Random, Sequence[bytes]], bytes]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an input. `said` names the refusal, or says what was found."""

    verdict: Verdict
    said: str = ""


Check = Callable[[bytes], Awaitable[Outcome]]
Open = Callable[[], AbstractAsyncContextManager[Check]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A door for foreign bytes.

    Inputs go through it in a process of their own, with limits: that of a group of targets, which
    runs `open`, or the program of `arguments`, whose answers `understood` reads.
    """

    name: str
    group: str  # targets of a group share their processes
    seeds: Callable[[], Sequence[bytes]]
    share: int  # of the inputs of a whole run, compared with the other targets
    mutate: Mutate = mutated
    open: Open | None = None
    arguments: Callable[[], Sequence[str]] | None = None
    before: Callable[[bytes], Outcome | None] = lambda _: None  # what needs no process
    understood: Callable[[bytes], Outcome] = lambda payload: Outcome(*json.loads(payload))

    def packed(self, data: bytes) -> bytes:
        """An input as the target's process wants it: where several share one, after the name."""
        return data if self.arguments else self.name.encode() + SEPARATOR + data

    def input(self, seed: int, number: int, seeds: Sequence[bytes]) -> bytes:
        """The input of that number: always the same bytes for the same seeds."""
        if number < len(seeds):
            return seeds[number]
        dice = Random(f"{seed}/{self.name}/{number}")
        return self.mutate(seeds[number % len(seeds)], dice, seeds)


def plainly(check: Callable[[bytes], Outcome]) -> Open:
    """For a door that needs nothing behind it."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Check]:
        async def checked(data: bytes) -> Outcome:
            return check(data)

        yield checked

    return opened


def sentence(text: str) -> str:
    """The text, if it can be said to a person; raises AssertionError if it cannot."""
    assert text.strip(), "a refusal without a word"
    assert len(text) < 2000, f"a refusal of {len(text)} characters"
    assert "Traceback" not in text
    text.encode()  # what cannot be written to a terminal or a log ends a program there
    return text
