"""The short id of a request."""

from __future__ import annotations

import asyncio

import pytest

from captioner.telemetry.request_id import about, current, short


async def test_it_is_that_of_the_task_and_of_what_the_task_starts() -> None:
    async def seen() -> str:
        await asyncio.sleep(0)
        return current()

    async def one(job: str) -> tuple[str, str]:
        with about(job):
            return await seen(), await asyncio.create_task(seen())

    found = await asyncio.gather(*map(one, ("a" * 32, "b" * 32)))
    assert found == [("aaaaaaaa",) * 2, ("bbbbbbbb",) * 2]
    assert current() == ""


@pytest.mark.parametrize(
    ("job", "expected"),
    [("3fa9c2d1e5", "3fa9c2d1"), ("", ""), ("a\nb\x1b[2J", "a?b??2J"), ("é…x", "??x")],
)
def test_what_comes_over_the_wire_forges_no_lines(job: str, expected: str) -> None:
    assert short(job) == expected
