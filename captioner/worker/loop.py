"""The worker loop: takes batches of jobs from the queue, runs the model, finishes each job.

The life of a batch is take → answer (the model, in its own thread) → finish. While the model works
on one batch, the next is taken and its photos are decoded, and the replies of the one before are
delivered. The loop does not know the model: see `JobHandler`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from captioner.capabilities import Capabilities
from captioner.errors import ModelAwayError, OperatorError
from captioner.queue.base import Claim, JobQueue, QueueUnavailable
from captioner.queue.common import failure_reply
from captioner.queue.messages import CaptionJob, CaptionReply, Failure, WireError
from captioner.telemetry.tracing import about
from captioner.worker.health import ModelBrokenError, ModelFailure, announce_ready, self_test_job
from captioner.worker.pipeline import (
    CAPTIONED,
    RETURNED,
    TWICE,
    JobMetrics,
    Leases,
    ModelThread,
    Prefetch,
    ReplyTasks,
)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0  # between attempts while the queue is away
_LONGEST_PAUSE_FOR_MODEL = 30.0  # each attempt costs one call of it

_Model = ModelThread[Sequence[CaptionJob], list[CaptionReply]]

log = logging.getLogger("captioner.worker")


class JobHandler(Protocol):
    """Turns a batch of jobs into replies; `captioner.worker.batch_handler` has the real one."""

    @property
    def model(self) -> str:
        """The model's name in replies; it changes whenever captions may change."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What the model can do."""
        ...

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        """One reply for each job, in order; a photo that cannot be captioned gets one too."""
        ...

    def expect(self, job: CaptionJob) -> None:
        """Prepare a job of one of the next batches; returns at once.

        It is called in the event loop's thread, once for each job, before `answer` or `forget`.
        """
        ...

    def forget(self, job: CaptionJob) -> None:
        """Forget a prepared job, because it will not be answered here."""
        ...


class ModelStuckError(ModelFailure):
    """The model works on one batch for longer than any batch can take.

    A thread cannot be stopped, so the process should end; other workers then take over its jobs.
    """


class Worker:
    """Answers a queue's jobs until it is asked to stop."""

    def __init__(
        self,
        queue: JobQueue,
        captions: JobHandler,
        *,
        consumer: str,
        max_batch: int = 16,
        grace: float = 20.0,
        patience: float = 300.0,
        photo_patience: float = 0.0,
        wait: float = 1.0,
    ) -> None:
        """All times in seconds.

        `grace` is left to a batch in hand when asked to stop; `patience` to any batch, and
        `photo_patience` to each of its photos besides, before the model counts as stuck; `wait` is
        how late an idle worker may notice that it should stop.
        """
        self._queue, self._captions = queue, captions
        self._consumer, self._max_batch = consumer, max_batch
        self._grace, self._wait = grace, wait
        self._patience, self._photo_patience = patience, photo_patience
        self._stop = asyncio.Event()
        self._stop_by = float("inf")  # by the monotonic clock
        self._away_since: float | None = None
        self._model_is_away = False
        self._work = JobMetrics()
        self._held = Leases(queue, consumer)
        self._ahead = Prefetch(self._take_waiting, self._give_back, max_batch=max_batch)

    def request_stop(self) -> None:
        """Finish the current batch within the grace time, give back the rest, return from `run`.

        To be called in the event loop's thread, such as by `loop.add_signal_handler`.
        """
        if not self._stop.is_set():
            self._stop_by = time.monotonic() + self._grace
            self._stop.set()

    async def run(self) -> None:
        """Work until `request_stop`.

        Raises ModelStuckError and ModelBrokenError, and OperatorError where the operator must do
        something before the model answers again. Other workers then get the held jobs after the
        visibility time, each one alone, because one of them may be the cause.
        """
        log.info("worker %s is ready: up to %d photos a batch", self._consumer, self._max_batch)
        there = announce_ready(
            self._queue,
            self._consumer,
            model=self._captions.model,
            capabilities=self._captions.capabilities,
            until=self._stop,
            ready=lambda: not self._model_is_away,
        )
        async with there, self._held.renewed():
            with ModelThread(self._captions.answer) as model:
                try:
                    await self._serve(model)
                finally:
                    await self._give_back(self._ahead.drain())
        log.info("worker %s has stopped", self._consumer)

    async def _serve(self, model: _Model) -> None:
        async with ReplyTasks() as delivering:
            while not self._stop.is_set():
                if claims := self._ahead.next() or await self._take():
                    batch = self._work.taken(self._held.begun(claims))
                    await self._handle(model, batch, delivering)
                    if self._model_is_away:
                        await self._wait_for_model(model)

    # --- the queue, which may be away for a while

    async def _take(self) -> list[Claim]:
        """Wait for jobs. The model is idle, so the first ones do not wait for more."""
        pause = _FIRST_PAUSE
        while not self._stop.is_set():
            try:
                claims = await self._queue.take(
                    self._consumer, max_batch=self._max_batch, wait=self._wait, top_up=0
                )
            except QueueUnavailable as error:
                pause = await self._wait_for_queue(error, pause)
                continue
            self._queue_is_back()
            self._expect(claims)
            return claims
        return []

    async def _take_waiting(self, room: int) -> list[Claim]:
        """Jobs that wait already; none if the worker is stopping or the queue is away."""
        if self._stop.is_set():
            return []
        try:
            claims = await self._queue.take(self._consumer, max_batch=room, wait=0, top_up=0)
        except QueueUnavailable:
            return []  # `_take` will say so
        self._expect(claims)
        return claims

    def _expect(self, claims: Sequence[Claim]) -> None:
        self._held.add(claims)
        for claim in claims:
            self._captions.expect(claim.job)

    async def _give_back(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            self._captions.forget(claim.job)
        await self._held.give_back(claims)

    async def _wait_for_queue(self, error: QueueUnavailable, pause: float) -> float:
        """Wait for the queue, log it the first time, and return the next pause."""
        if self._away_since is None:
            self._away_since = time.monotonic()
            log.warning("%s; trying again until it is back", error)
        if self._stop.is_set():
            await asyncio.sleep(_FIRST_PAUSE)
        else:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.wait()
        return min(pause * 2, _LONGEST_PAUSE)

    def _queue_is_back(self) -> None:
        if self._away_since is not None:
            log.info("the queue is back after %.1fs", time.monotonic() - self._away_since)
            self._away_since = None

    # --- a batch

    async def _handle(self, model: _Model, claims: Sequence[Claim], delivering: ReplyTasks) -> None:
        """Answer every claim, or give it back when the grace time is over.

        Raises ModelFailure. A batch that fails as a whole is retried job by job, so that only the
        job at fault gets an error.
        """
        batches = deque([list(claims)])
        try:
            while batches:
                async with self._ahead.prefetching(batches[0]):
                    replies = await self._replies(model, batches[0])
                    batch = batches.popleft()
                    if replies is None:
                        batches.extend([claim] for claim in batch)
                        continue
                    await delivering.start(map(self._deliver, batch, replies))
        except (_OutOfTimeError, ModelAwayError, OperatorError) as error:
            left = [claim for batch in batches for claim in batch]
            log.warning("%s: giving back what is in hand: %d", error, len(left))
            await self._give_back([*left, *self._ahead.drain()])
            for claim in left:
                self._work.done(claim, RETURNED)
            if isinstance(error, OperatorError):
                raise
            self._model_is_away = isinstance(error, ModelAwayError)

    async def _wait_for_model(self, model: _Model) -> None:
        """Wait until a model that computes elsewhere answers again, or until asked to stop.

        The jobs wait in the queue meanwhile, where other workers find them.
        """
        pause = _FIRST_PAUSE
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.wait()
            pause = min(pause * 2, _LONGEST_PAUSE_FOR_MODEL)
            try:
                await self._check(model)
            except ModelAwayError as error:
                log.info("the model is still away: %s", error)
            except _OutOfTimeError:
                return
            else:
                log.info("the model is back")
                self._model_is_away = False
                return

    async def _deliver(self, claim: Claim, reply: CaptionReply) -> None:
        with about(claim.job.id):
            outcome = await self._finish(claim, reply)
        self._held.drop(claim)
        self._work.done(claim, outcome)

    async def _replies(
        self, model: _Model, batch: list[Claim], *, again: bool = False
    ) -> list[CaptionReply] | None:
        """A reply to each claim; None if several failed together."""
        try:
            jobs = [claim.job for claim in batch]
            return _checked(jobs, await self._answer(model, jobs))
        except (_OutOfTimeError, ModelFailure, OperatorError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever the model raises, the worker lives on
            if isinstance(error, ModelAwayError):
                await self._check(model)  # raises, unless one of these photos is the cause
                if len(batch) == 1 and not again:  # or it was away for a moment
                    return await self._replies(model, batch, again=True)
            if len(batch) > 1:
                log.warning("batch of %d: %s; one by one now", len(batch), _kind(error))
                return None
            with about(batch[0].job.id):
                log.error("the model failed: %s", _kind(error))
            await self._check(model)
            return [failure_reply(batch[0].job, Failure.INTERNAL)]

    async def _check(self, model: _Model) -> None:
        """Raise ModelBrokenError if the model fails at a test photo too; nobody gets an error then.

        A GPU that failed once may fail for good, and this worker would take jobs that others could
        do.
        """
        try:
            await self._answer(model, [self_test_job()])
        except (_OutOfTimeError, ModelFailure, ModelAwayError, OperatorError):
            raise
        except Exception as error:
            raise ModelBrokenError(_kind(error)) from error

    async def _answer(self, model: _Model, jobs: list[CaptionJob]) -> list[CaptionReply]:
        photos = sum(len(job.photos) for job in jobs)
        patience = self._patience + self._photo_patience * photos
        working = asyncio.ensure_future(model.call(jobs))
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({working, stopping}, timeout=patience, return_when="FIRST_COMPLETED")
            if not working.done() and self._stop.is_set():
                await asyncio.wait({working}, timeout=self._stop_by - time.monotonic())
                if not working.done():
                    raise _OutOfTimeError
            if not working.done():
                raise ModelStuckError(f"no answer from the model in {patience:.0f} s")
            return working.result()
        finally:
            working.cancel()
            stopping.cancel()

    async def _finish(self, claim: Claim, reply: CaptionReply) -> str:
        """Deliver the reply, however long the queue is away; the outcome for `JobMetrics`."""
        pause = _FIRST_PAUSE
        while True:
            try:
                first = await self._queue.finish(claim, reply)
            except QueueUnavailable as error:
                if time.monotonic() >= self._stop_by:
                    return RETURNED
                pause = await self._wait_for_queue(error, pause)
            except WireError as error:  # the model's reply cannot travel
                if reply.failure is Failure.INTERNAL:
                    raise
                log.error("a reply that cannot travel: %s", _kind(error))
                reply = failure_reply(claim.job, Failure.INTERNAL)
            else:
                self._queue_is_back()
                return (reply.failure or CAPTIONED) if first else TWICE


class _OutOfTimeError(Exception):
    """The grace time is over while the model is still working."""

    def __init__(self) -> None:
        super().__init__("out of time")


def _checked(jobs: Sequence[CaptionJob], replies: list[CaptionReply]) -> list[CaptionReply]:
    if [reply.job_id for reply in replies] != [job.id for job in jobs]:
        raise ValueError("the replies are not those to the jobs")
    return replies


def _kind(error: BaseException) -> str:
    """An error's type and place, for the log; its message could quote a caption."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    return type(error).__name__ + where
