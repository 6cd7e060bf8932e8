"""Keeps the model busy: runs it in a thread, prefetches its next batch, delivers its replies.

While the model works, waiting jobs are taken from the queue and their photos are decoded. So a
batch grows while the model is busy anyway, for one inference at most, and not at all while it is
idle.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from captioner.queue.base import Claim

QUICKEST = 0.01  # seconds between two looks at the queue
_PATIENCE = 5.0  # seconds that a look may last once the model is there again

Take = Callable[[int], Awaitable[list[Claim]]]
Release = Callable[[Sequence[Claim]], Awaitable[None]]


class Prefetch:
    """Takes at most one batch ahead.

    `take` returns up to so many waiting claims at once. Idle workers get jobs as they come, so
    only jobs are prefetched that no worker could start. To leave jobs to workers that will soon be
    idle, the queue is asked late: first after half of the time that the batch before took, then
    after every quarter of it.

    A job that was delivered before may have crashed a worker, so it is done alone: nothing is held
    together with it. If one is prefetched, it is given back with `release`, and taken again when
    the model is free.
    """

    def __init__(self, take: Take, release: Release, *, max_batch: int) -> None:
        self._take, self._release, self._max_batch = take, release, max_batch
        self._batch: list[Claim] = []
        self._suspect_waits = False
        self._lasted = 0.0  # seconds

    def next(self) -> list[Claim]:
        """The prefetched batch, or [] if there is none."""
        if not self._batch:
            self._suspect_waits = False
        return self.drain()

    def drain(self) -> list[Claim]:
        """Return the prefetched claims, and forget them."""
        batch, self._batch = self._batch, []
        return batch

    @contextlib.asynccontextmanager
    async def prefetching(self, in_hand: Sequence[Claim]) -> AsyncIterator[None]:
        """Prefetch while the context lasts, in which the model works on the batch `in_hand`."""
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
    """Whether a claim was delivered before; the queue returns such a job alone."""
    return any(claim.deliveries > 1 for claim in claims)


_DELIVERY_PATIENCE = 5.0  # seconds for what is on its way when the worker fails


class ReplyTasks:
    """Delivers the replies of one batch at a time; leaving the context waits for the last ones."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, deliveries: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Start deliveries, and wait for those before; raises their errors."""
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
        """Wait for the deliveries and raise their errors; after another error, only briefly."""
        if error is None:
            await asyncio.gather(*self._tasks)
        elif self._tasks:
            if isinstance(error, Exception):
                await asyncio.wait(self._tasks, timeout=_DELIVERY_PATIENCE)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)


A = TypeVar("A")
R = TypeVar("R")
T = TypeVar("T")


class ModelThread(Generic[A, R]):
    """Runs all calls of a function in the same thread.

    Unlike an executor's threads, this one does not keep a process alive whose model is stuck.
    """

    def __init__(self, function: Callable[[A], R]) -> None:
        self._function = function
        self._inbox: queue.SimpleQueue[tuple[A, asyncio.Future[R]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="model", daemon=True)

    async def call(self, argument: A) -> R:
        """The function's result; raises its error."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._inbox.put((argument, future))
        return await future

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the thread after its current call."""
        self._inbox.put(None)

    def _work(self) -> None:
        while (task := self._inbox.get()) is not None:
            argument, future = task
            try:
                result = self._function(argument)
            except Exception as error:  # noqa: BLE001 - whoever called is to know, not this thread
                _tell(future, future.set_exception, error)
            else:
                _tell(future, future.set_result, result)


def _tell(future: asyncio.Future[R], settle: Callable[[T], None], outcome: T) -> None:
    def in_loop() -> None:
        if not future.done():  # who called may have given up
            settle(outcome)

    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
        future.get_loop().call_soon_threadsafe(in_loop)
