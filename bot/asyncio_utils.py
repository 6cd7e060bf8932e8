"""Ending tasks, waiting between tries, and taking turns."""

from __future__ import annotations

import asyncio
import itertools
import logging
import weakref
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

_PATIENCE = 1.0  # seconds from one try to the next
_SHORTEST_PAUSE = 0.5  # seconds


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks that go on for ever, until each has ended; what they raise is left to others.

    Once is not always enough: `asyncio.wait_for` of Python 3.11, which libraries use, forgets a
    cancellation that comes together with the result, and a task that begins anew goes on. Not for
    tasks that take their time to clean up: they would be cancelled in the midst of it.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_PATIENCE)


async def finish(tasks: Iterable[asyncio.Task[Any]], grace: float) -> None:
    """Give tasks `grace` seconds, then cancel those that go on; returns when all have ended."""
    open_tasks = set(tasks)
    if not open_tasks:
        return
    _, unfinished = await asyncio.wait(open_tasks, timeout=grace)
    for task in unfinished:
        task.cancel()
    await asyncio.gather(*unfinished, return_exceptions=True)


async def first_of(*jobs: Coroutine[Any, Any, None]) -> None:
    """Run until one of the jobs ends, and end as it did; the others are cancelled."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def pauses(longest: float = 10.0) -> Iterator[float]:
    """Seconds to wait after each failure in a row: 0.5, 1, 2, … up to the longest."""
    return (min(_SHORTEST_PAUSE * 2.0**n, longest) for n in itertools.count())


class GaveUpError(Exception):
    """Something went wrong for so long that it is not worth trying any more."""


async def persist(
    attempt: Callable[[], Awaitable[T]],
    *,
    wait: Callable[[Exception], float | None],
    describe: Callable[[Exception], str],
    patience: float,
    seconds: float | None = None,
) -> T:
    """What an attempt gives, made again for `patience` seconds; each may take `seconds`.

    After an error, `wait` says for how long to be silent: 0 for a pause that grows from try to
    try, None where trying again does not help. Then the error is raised; GaveUpError, when there
    is no more time.
    """
    clock = asyncio.get_running_loop().time
    give_up, waits = clock() + patience, pauses(60.0)
    while True:
        try:
            async with asyncio.timeout(seconds):
                return await attempt()
        except Exception as error:
            asked = wait(error)
            if asked is None:
                raise
            pause, why = asked or next(waits), describe(error)
            if clock() + pause > give_up:
                raise GaveUpError(why) from error
            log.warning("a message was not sent (%s); trying on", why)
        await asyncio.sleep(pause)


class Turns:
    """Turns by name: `at_once` at a time do what a name stands for, in the order they came."""

    def __init__(self, at_once: int = 1) -> None:
        self._at_once = at_once
        self._taken: weakref.WeakValueDictionary[str, asyncio.Semaphore]
        self._taken = weakref.WeakValueDictionary()

    def of(self, name: str) -> asyncio.Semaphore:
        """To be entered; the same for as long as somebody is in it, or waits for it."""
        turns = self._taken.get(name)
        if turns is None:
            turns = self._taken[name] = asyncio.Semaphore(self._at_once)
        return turns
