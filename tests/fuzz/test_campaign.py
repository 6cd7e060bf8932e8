"""The fuzzer finds what it looks for, and says the same again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.campaign import Doors, Finding, fuzz, save, shares
from tests.fuzz.misbehaving import TARGET
from tests.fuzz.mutations import mutated, mutated_value
from tests.fuzz.target import sentence

# With its name before each input, as where several targets share a process.
_PROGRAM = replace(TARGET, arguments=lambda: ("-m", "tests.fuzz.misbehaving"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"crash", "crash"),
        (b"hang", "hang: the process had to be ended"),
        (b"slow", "hang: "),
        (b"memory", "MemoryError"),
        (b"nonsense", "KeyError at misbehaving.py"),
    ],
)
async def test_what_goes_wrong_is_found(data: bytes, said: str) -> None:
    async with Doors(slowest=0.01) as doors:
        outcome, _ = await doors.put(_PROGRAM, b"misbehaving\0" + data)
        assert outcome.verdict == "finding"
        assert outcome.said.startswith(said)
        outcome, _ = await doors.put(_PROGRAM, b"misbehaving\0good")
        assert outcome.verdict == "accepted"


async def test_findings_come_with_their_input() -> None:
    target = replace(
        _PROGRAM, seeds=lambda: [b"misbehaving\0good"],
        mutate=lambda seed, dice, _: seed[:-4] + dice.choice((b"good", b"nonsense")),
    )  # fmt: skip
    async with Doors() as doors:
        figures = await fuzz(doors, target, range(20), seed=1)
    assert figures.inputs == 20
    assert figures.verdicts["accepted"] + figures.verdicts["finding"] == 20
    assert {finding.data for finding in figures.findings} == {b"misbehaving\0nonsense"}


def test_the_same_seed_makes_the_same_inputs() -> None:
    seeds = [bytes(range(256)), b"another seed" * 9]
    once = [TARGET.input(7, number, seeds) for number in range(300)]
    assert once == [TARGET.input(7, number, seeds) for number in range(300)]
    assert once != [TARGET.input(8, number, seeds) for number in range(300)]
    assert once[:2] == seeds, "what is valid goes first"
    assert len(set(once)) > 280


def test_without_other_kinds_a_value_keeps_its_shape() -> None:
    value = {"text": "hello", "number": 5, "list": [{"flag": True}, "a"], "fixed": "$ID"}
    for number in range(500):
        changed = mutated_value(value, Random(number), kinds=False)
        assert isinstance(changed["text"], str)
        assert type(changed["number"]) is int
        assert isinstance(changed["list"], list)
        assert changed["fixed"] == "$ID"


def test_what_is_mutated_does_not_grow_without_end() -> None:
    data = b"x" * 190_000
    for number in range(50):
        data = mutated(data, Random(number), [data])
    assert len(data) <= 200_000


def test_shares_cover_every_target() -> None:
    targets = [replace(TARGET, share=share) for share in (1, 9, 90)]
    counts = [count for _, count in shares(targets, 200)]
    assert counts == [2, 18, 180]
    assert [count for _, count in shares(targets, 1)] == [1, 1, 1]


def test_findings_are_kept(tmp_path: Path) -> None:
    finding = Finding("jpeg", 3, b"bytes", "crash")
    path = save(finding, tmp_path)
    assert path.parent == tmp_path / "jpeg"
    assert path.read_bytes() == b"bytes"
    assert save(finding, tmp_path) == path


@pytest.mark.parametrize("text", ["", " \n", "x" * 2001, "Traceback (most…", "half \ud800 a sign"])
def test_what_is_no_sentence(text: str) -> None:
    with pytest.raises((AssertionError, UnicodeEncodeError)):
        sentence(text)
