"""The short form of `make fuzz`, and everything that its long form ever found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fuzz.campaign import Doors, Figures, fuzz, shares
from tests.fuzz.target import Target
from tests.fuzz.targets import every

# One loop, so that both tests share the processes.
pytestmark = [pytest.mark.timeout(600), pytest.mark.asyncio(loop_scope="module")]

INPUTS, SEED = 500, 1
_CORPUS = Path(__file__).parent / "corpus"
# Beginnings of files, for what stands in them to be read as far as it goes.
_NEVER_ACCEPTED = {"checkpoint-header"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors() -> AsyncIterator[Doors]:
    """The doors, with their processes."""
    async with Doors() as opened:
        yield opened


async def test_nothing_foreign_breaks_anything(doors: Doors) -> None:
    targets = every()
    groups: dict[str, list[tuple[Target, int]]] = {}
    for target, inputs in shares(list(targets.values()), INPUTS):
        groups.setdefault(target.group, []).append((target, inputs))
    figures: dict[str, Figures] = {}

    async def through(group: list[tuple[Target, int]]) -> None:
        for target, inputs in group:
            figures[target.name] = await fuzz(doors, target, range(inputs), seed=SEED)

    await asyncio.gather(*map(through, groups.values()))
    found = [finding for own in figures.values() for finding in own.findings]
    assert not found, [(one.target, one.number, one.said) for one in found]
    assert figures.keys() == targets.keys()
    assert sum(own.inputs for own in figures.values()) >= INPUTS
    closed = {name for name, own in figures.items() if not own.verdicts["accepted"]}
    assert closed <= _NEVER_ACCEPTED, "a door that refuses valid files too proves nothing"


async def test_what_was_found_stays_mended(doors: Doors) -> None:
    targets = every()
    files = sorted(_CORPUS.glob("*/*.bin"))
    assert len(files) >= 13
    for file in files:
        outcome, _ = await doors.put(targets[file.parent.name], file.read_bytes())
        assert outcome.verdict != "finding", (file.name, outcome.said)
