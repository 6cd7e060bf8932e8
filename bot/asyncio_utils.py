"""Ending tasks, waiting between tries, and taking turns."""

from __future__ import annotations

import asyncio
import itertools
import weakref
from collections.abc import Iterable, Iterator
from typing import Any

_PATIENCE = 1.0  # seconds from one try to the next


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


def pauses(longest: float = 10.0) -> Iterator[float]:
    """Seconds to wait after each failure in a row: 0.5, 1, 2, … up to the longest."""
    return (min(0.5 * 2.0**n, longest) for n in itertools.count())


class Turns:
    """Locks by name: whoever holds one does alone what the name stands for."""

    def __init__(self) -> None:
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    def of(self, name: str) -> asyncio.Lock:
        """The lock of a name, the same for as long as somebody holds it or waits for it."""
        lock = self._locks.get(name)
        if lock is None:
            lock = self._locks[name] = asyncio.Lock()
        return lock
