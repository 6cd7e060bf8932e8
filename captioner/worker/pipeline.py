"""The batch after the one that the model has.

While the model works, what waits on the queue is taken, and what can be done of it without the
model is begun. So a batch grows for as long as the model is busy anyway, one inference at most,
and not at all where it is idle.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from types import TracebackType
from typing import Any, Self

from captioner.queue.base import Claim

QUICKEST = 0.01  # seconds between two looks at the queue
_PATIENCE = 5.0  # seconds that a look may last once the model is there again

Take = Callable[[int], Awaitable[list[Claim]]]
Release = Callable[[Sequence[Claim]], Awaitable[None]]


class Prefetch:
    """Takes at most one batch ahead.

    `take` gives up to so many claims of what waits, without waiting itself. A worker whose model
    is idle waits for jobs and is given them as they come, so only such are taken here that nobody
    could begin with. For the sake of those who will be idle soon it happens late: first when half
    of the time has passed that the batch before took, then every quarter.

    A job that was delivered before may have killed a worker, and is done alone. So that it cannot
    take others with it, nothing is held beside it; nor is it held beside others, which may be what
    kills: it is given back with `release`, and has the model's next free turn.
    """

    def __init__(self, take: Take, release: Release, *, max_batch: int) -> None:
        self._take, self._release, self._max_batch = take, release, max_batch
        self._batch: list[Claim] = []
        self._suspect_waits = False
        self._lasted = 0.0  # seconds

    def next(self) -> list[Claim]:
        """The next batch, or [] if nothing was gathered: whatever waits longest is to be taken."""
        if not self._batch:
            self._suspect_waits = False
        return self.rest()

    def rest(self) -> list[Claim]:
        """Everything that was gathered and not used."""
        batch, self._batch = self._batch, []
        return batch

    @contextlib.asynccontextmanager
    async def meanwhile(self, in_hand: Sequence[Claim]) -> AsyncIterator[None]:
        """Gathers as long as this goes on, beside a batch that the model has."""
        started, over = time.monotonic(), asyncio.Event()
        gathering = asyncio.create_task(self._gather(in_hand, over))
        try:
            yield
        finally:
            self._lasted = time.monotonic() - started
            over.set()
            # Not cancelled at once: what the queue gives away now would be held by nobody.
            await asyncio.wait({gathering}, timeout=_PATIENCE)
            gathering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gathering

    async def _gather(self, in_hand: Sequence[Claim], over: asyncio.Event) -> None:
        if _suspect(in_hand):
            return
        pause = self._lasted / 2
        while not self._suspect_waits and (room := self._max_batch - len(self._batch)):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(pause, QUICKEST)):
                    await over.wait()
            if over.is_set():
                return
            claims = await self._take(room)
            if _suspect(claims):
                self._suspect_waits = True
                await self._release(claims)
            else:
                self._batch += claims
            pause = self._lasted / 4


def _suspect(claims: Sequence[Claim]) -> bool:
    """Whether these were delivered before; the queue gives such a job alone."""
    return any(claim.deliveries > 1 for claim in claims)


_DELIVERY_PATIENCE = 5.0  # seconds for what is on its way when the worker fails


class ReplyTasks:
    """Delivers the replies of one batch at a time; the end of the context waits for the last."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, deliveries: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Waits until those before are delivered; raises what went wrong with them."""
        before = self._tasks
        self._tasks = [asyncio.create_task(delivery) for delivery in deliveries]
        await asyncio.gather(*before)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Raises what went wrong. Where something else did already, patience is short."""
        if error is None:
            await asyncio.gather(*self._tasks)
        elif self._tasks:
            if isinstance(error, Exception):
                await asyncio.wait(self._tasks, timeout=_DELIVERY_PATIENCE)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
