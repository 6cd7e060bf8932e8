"""Puts many inputs through every door, and keeps count of what becomes of them."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bot.media.decoder_pool import Children, OutOfTime, Program, Unreadable
from tests.fuzz.cost import COST
from tests.fuzz.target import Outcome, Target

SLOWEST = 2.0  # seconds of computing for one input
_WALL = 90.0  # seconds: a busy machine may take its time
_STARTS = 5  # tries to start a process, for the same reason
_LARGEST = 64_000_000  # bytes of an answer


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that something went wrong with."""

    target: str
    number: int
    data: bytes
    said: str


@dataclass(slots=True)
class Figures:
    """What became of the inputs of one target."""

    inputs: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0  # seconds of computing
    findings: list[Finding] = field(default_factory=list)


class Doors:
    """The ways through all targets; their processes start when needed, `processes` a group."""

    def __init__(self, *, processes: int = 1, slowest: float = SLOWEST) -> None:
        self._processes, self._slowest = processes, slowest
        self._groups: dict[str, Children] = {}

    async def put(self, target: Target, data: bytes) -> tuple[Outcome, float]:
        """What becomes of an input, and what it cost in seconds of computing."""
        try:
            early = target.before(data)
            if early is not None:
                return early, 0.0
            cost, payload = await self._asked(target, data)
            outcome = target.understood(payload)
        except OutOfTime:
            return Outcome("finding", "hang: the process had to be ended"), math.inf
        except Unreadable:
            return Outcome("finding", "crash: the process ended"), 0.0
        except (AssertionError, ValueError, OSError) as error:
            return Outcome("finding", f"{type(error).__name__}: {error}"[:500]), 0.0
        if cost > self._slowest:
            outcome = Outcome("finding", f"hang: {cost:.1f} s of computing")
        return outcome, cost

    async def close(self) -> None:
        """End the processes."""
        for children in self._groups.values():
            await children.close()
        self._groups.clear()

    async def _asked(self, target: Target, data: bytes) -> tuple[float, bytes]:
        children, packed = self._of(target), target.packed(data)
        for _ in range(_STARTS - 1):
            with contextlib.suppress(RuntimeError):  # no process could be started
                return await children.ask(packed, _split)
        return await children.ask(packed, _split)

    def _of(self, target: Target) -> Children:
        if target.group not in self._groups:
            arguments = target.arguments or (lambda: ("-m", "tests.fuzz.child", target.group))
            program = Program(name=target.group, arguments=arguments, max_answer=_LARGEST)
            children = Children(program, seconds=_WALL, processes=self._processes)
            self._groups[target.group] = children
        return self._groups[target.group]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def fuzz(
    doors: Doors,
    target: Target,
    numbers: Iterable[int],
    *,
    seed: int,
    at_once: int = 1,
    done: Callable[[], None] = lambda: None,
) -> Figures:
    """Put the inputs of these numbers through a door; `done` is called after each."""
    seeds = await asyncio.to_thread(target.seeds)
    figures, waiting = Figures(), iter(numbers)

    async def work() -> None:
        for number in waiting:
            data = target.input(seed, number, seeds)
            outcome, cost = await doors.put(target, data)
            _count(figures, outcome, cost)
            if outcome.verdict == "finding":
                figures.findings.append(Finding(target.name, number, data, outcome.said))
            done()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(at_once):
            tasks.create_task(work())
    return figures


def shares(targets: Sequence[Target], inputs: int) -> Iterator[tuple[Target, int]]:
    """How many of the inputs go to each target: never none."""
    total = sum(target.share for target in targets)
    for target in targets:
        yield target, max(1, math.ceil(inputs * target.share / total))


def save(finding: Finding, folder: Path) -> Path:
    """Keep a finding's input in a file; its name says what it is of."""
    place = folder / finding.target
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{hashlib.sha256(finding.data).hexdigest()[:12]}.bin"
    path.write_bytes(finding.data)
    return path


def _count(figures: Figures, outcome: Outcome, cost: float) -> None:
    figures.inputs += 1
    figures.verdicts[outcome.verdict] += 1
    if outcome.verdict == "refused":
        figures.refusals[outcome.said] += 1
    figures.slowest = max(figures.slowest, cost)


def _split(payload: bytes) -> tuple[float, bytes]:
    if len(payload) < COST.size:
        raise ValueError("an answer without its cost")
    (cost,) = COST.unpack_from(payload)
    return cost, payload[COST.size :]
