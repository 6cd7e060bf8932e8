"""What the worker loop has in hand: claims, the next batch, the model's thread, replies.

While the model works, waiting jobs are taken from the queue and their photos are decoded. So a
batch grows while the model is busy anyway, for one inference at most, and not at all while it is
idle. Claims are renewed until their jobs are finished; each job is counted, logged and traced.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from opentelemetry.trace import INVALID_SPAN, Span

from captioner.queue.base import Claim, JobQueue, QueueUnavailable
from captioner.telemetry import metrics, tracing
from captioner.telemetry.tracing import about, waited

QUICKEST = 0.01  # seconds between two looks at the queue
_PATIENCE = 5.0  # seconds that a look may last once the model is there again

CAPTIONED = "captioned"
TWICE = "twice"  # somebody else had finished it before
RETURNED = "returned"  # given back, or lost with the queue: it comes again
_SAID = {
    CAPTIONED: "● ok",
    TWICE: "· finished by somebody else",
    RETURNED: "✗ given back; it comes again",
}

Take = Callable[[int], Awaitable[list[Claim]]]
Release = Callable[[Sequence[Claim]], Awaitable[None]]

log = logging.getLogger("captioner.worker")


class Leases:
    """The claims of one worker: renews them, and gives them back if necessary."""

    def __init__(self, queue: JobQueue, consumer: str) -> None:
        self._queue, self._consumer = queue, consumer
        self._held: dict[str, tuple[Claim, float]] = {}  # by entry: since when, monotonic

    def add(self, claims: Iterable[Claim]) -> None:
        """Add claims of jobs that were taken."""
        now = time.monotonic()
        self._held.update((claim.entry, (claim, now)) for claim in claims)

    def drop(self, claim: Claim) -> None:
        """Remove a claim, because its job is finished."""
        self._held.pop(claim.entry, None)

    def begun(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims; their waiting time now includes the time in this worker."""
        now = time.monotonic()
        return [
            replace(claim, waited=claim.waited + now - self._since(claim, now)) for claim in claims
        ]

    def _since(self, claim: Claim, now: float) -> float:
        # A job that was lost and taken again may be finished, and dropped, before its second turn.
        return self._held[claim.entry][1] if claim.entry in self._held else now

    async def give_back(self, claims: Iterable[Claim]) -> None:
        """Release claims at once; if the queue is away, they are free after the visibility time."""
        returned = list(claims)
        for claim in returned:
            self.drop(claim)
        if returned:
            with contextlib.suppress(QueueUnavailable):
                await self._queue.release(self._consumer, returned)

    @contextlib.asynccontextmanager
    async def renewed(self) -> AsyncIterator[None]:
        """Renew all claims while the context lasts."""
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait({renewing})

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._queue.limits.visibility / 3)
            claims = [claim for claim, _ in self._held.values()]
            try:
                if claims:
                    await self._queue.renew(self._consumer, claims)
            except QueueUnavailable:
                continue
            except Exception as error:  # noqa: BLE001 - the jobs in hand may get done all the same
                log.error("could not renew claims: %s", type(error).__name__)


class JobMetrics:
    """Counts, logs and traces jobs from when they are taken until the worker is done with them."""

    def __init__(self) -> None:
        self._in_hand: dict[str, tuple[float, Span]] = {}  # by entry: since when

    def taken(self, claims: Sequence[Claim]) -> list[Claim]:
        """Record a batch; the returned claims make later spans part of their traces."""
        if claims:
            metrics.BATCH_SIZE.observe(len(claims))
        return [self._begun(claim) for claim in claims]

    def done(self, claim: Claim, outcome: str) -> None:
        """Record a job's outcome: CAPTIONED, TWICE, RETURNED or a Failure."""
        started, span = self._in_hand.pop(claim.entry, (time.monotonic(), INVALID_SPAN))
        metrics.JOBS.labels(metrics.platform_of(claim.job.adapter), outcome).inc()
        said = _SAID.get(outcome, f"✗ {outcome}")
        with about(claim.job.id):
            log.info("%6.2fs ← %s", time.monotonic() - started, said)
        span.set_attribute("captionbot.outcome", outcome)
        span.end()

    def _begun(self, claim: Claim) -> Claim:
        if claim.deliveries > 1:
            metrics.REDELIVERIES.inc()
        job = claim.job
        with about(job.id):
            again = f", delivery {claim.deliveries}" if claim.deliveries > 1 else ""
            log.info("%6.2fs → %s%s", claim.waited, job.output, again)
            waited(claim.waited, job.trace)
            span = tracing.begin("worker", parent=job.trace) if job.trace else INVALID_SPAN
        self._in_hand[claim.entry] = (time.monotonic(), span)
        # What is done for it here is a part of this span, which is a part of the request's.
        return replace(claim, job=replace(job, trace=tracing.traceparent(span) or job.trace))


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
