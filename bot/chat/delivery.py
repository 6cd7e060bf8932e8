"""An adapter's replies: taken from the queue, held while they are sent, sent once, and done.

Until then people are told how many are in front of them, or that no worker is there: before the
answer or not at all, and taken away where the answer is another message.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Generic, ParamSpec, TypeVar

from bot.asyncio_utils import finish, pauses
from bot.chat.messenger import Messenger, P, Undeliverable
from bot.chat.models import Place, Reply, Ticket
from bot.chat.rendering import render
from bot.locales import say
from bot.monitoring.request_metrics import FAILED, SENT, UNDELIVERABLE, Sending, replying, waited
from captioner.queue.base import Delivery, JobQueue, QueueUnavailable
from captioner.queue.messages import CaptionReply, Failure

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 5.0  # seconds between tries during an outage
_MARKING_PAUSE = 0.05  # seconds: what is not marked may be sent twice

_SILENT = 2.0  # seconds without a sign of life; workers give one a second
# Seconds from one look at what there is to say to the next: whom we answer sooner need not be told
# that they wait, and whoever waits for nobody is told within three.
_CHECKS = (1.0, 1.4)
_LOOK = 5.0  # seconds between looks whether another process has answered
_STANDS = 3600.0  # seconds for which a notice stands
_SAYING = 10.0  # seconds for which an answer waits for a notice that is on its way
_CLOSE_SECONDS = 5.0

A = ParamSpec("A")
T = TypeVar("T")


class ReplyInbox:
    """Where an adapter finds its replies. Whatever the queue's server does, none is lost."""

    def __init__(self, queue: JobQueue, adapter: str) -> None:
        self._queue, self.adapter = queue, adapter
        self.platform = adapter.partition(".")[0]  # "web.INSTANCE": a person is one on all
        self._away = False  # the queue, the last time that it was asked
        self._consumer = ""
        self._held: dict[str, Delivery] = {}  # by entry: taken, and not done

    async def prepare(self) -> None:
        """Called before replies are taken, again and again."""

    async def replies(self, consumer: str) -> AsyncIterator[Delivery]:
        """Replies for this adapter, for ever; survives a queue that goes away for a while.

        The adapter sends each, then calls `done`; or `let_go`, and it comes again. Until then, and
        as long as this goes on, no other process is offered it.
        """
        adapter, self._consumer = self.adapter, consumer
        holding = asyncio.create_task(self._hold())
        try:
            while True:
                await self.prepare()
                try:
                    taken = await self._reached(self._queue.take_replies, adapter, consumer)
                except Exception:
                    # One reply that cannot be read must not silence the adapter for good.
                    log.exception("%s: taking replies failed; trying on", adapter)
                    await asyncio.sleep(_LONGEST_PAUSE)
                    continue
                self._held |= {delivery.entry: delivery for delivery in taken}
                for delivery in taken:
                    yield delivery
        finally:
            holding.cancel()
            self._held.clear()

    async def _hold(self) -> None:
        """Keep what the adapter has in hand from being offered to others."""
        while True:
            await asyncio.sleep(self._queue.limits.visibility / 3)
            with contextlib.suppress(QueueUnavailable):
                await self._queue.hold(self.adapter, self._consumer, list(self._held.values()))

    def let_go(self, delivery: Delivery) -> None:
        """The adapter no longer tries to send this reply: after a while it comes again."""
        self._held.pop(delivery.entry, None)

    async def is_sent(self, delivery: Delivery) -> bool:
        """Whether somebody sent this reply before; False for one that nobody else was offered.

        Waits while the queue cannot be reached: what is sent while nothing can be written down
        would be sent again by whoever takes over.
        """
        if not delivery.repeated:
            holder = self.adapter, self._consumer
            if await self._reached(self._queue.hold, *holder, [delivery]):
                return False
        return await self._reached(self._queue.was_sent, delivery.reply.job_id)

    async def mark_sent(self, delivery: Delivery) -> None:
        """Remember that the adapter has just sent this reply, as soon as that can be.

        Whoever takes over from a process that ends before would send it again, so this waits in
        short steps while the queue cannot be reached.
        """
        while True:
            try:
                await self._queue.mark_sent(delivery.reply.job_id)
            except QueueUnavailable:
                await asyncio.sleep(_MARKING_PAUSE)
            else:
                return

    async def done(self, delivery: Delivery) -> None:
        """The reply was sent, or can never be. Waits while the queue cannot be reached."""
        await self._reached(self._queue.done, self.adapter, delivery)
        self.let_go(delivery)

    async def _reached(
        self, call: Callable[A, Coroutine[Any, Any, T]], *args: A.args, **kwargs: A.kwargs
    ) -> T:
        """What a call of the queue gives, as soon as the queue can be reached."""
        waits = pauses(_LONGEST_PAUSE)
        while True:
            try:
                given = await call(*args, **kwargs)
            except QueueUnavailable as error:
                if not self._away:
                    log.warning(
                        "%s: the queue cannot be reached (%s); trying on", self.adapter, error
                    )
                self._away = True
                await asyncio.sleep(next(waits))
                continue
            if self._away:
                log.info("%s: the queue is back", self.adapter)
            self._away = False
            return given

    async def unattended(self) -> bool:
        """Whether no worker is alive, as far as that can be known: none gives signs of life."""
        try:
            return (await self._queue.workers()).silent > _SILENT
        except QueueUnavailable:
            return False

    async def was_answered(self, job_id: str) -> bool:
        """Whether the answer to a job was sent, by whichever process; False while nobody knows."""
        try:
            return await self._queue.was_sent(job_id)
        except QueueUnavailable:
            return False


class ReplyLoop(Generic[P]):
    """Takes what the workers answered and has each reply sent once, as far as that can be known.

    A reply is marked after it was sent, not before: a process that is killed in between then
    sends twice, while the other way round it would never send.
    """

    def __init__(
        self,
        inbox: ReplyInbox,
        messenger: Messenger[P],
        count: Callable[[str], Awaitable[None]],
        *,
        at_once: int,
        notices: Notices,
        remark: Callable[[CaptionReply, Place], Awaitable[str]],
    ) -> None:
        """At most `at_once` replies are being sent; one that has to wait holds up no other.

        `remark` says what else there is to say below an answer.
        """
        self._remark = remark
        self._notices = notices
        self._inbox = inbox
        self._messenger = messenger
        self._count = count
        self._slots = asyncio.Semaphore(at_once)
        self._in_hand: dict[str, asyncio.Task[None]] = {}  # by job

    async def run(self, consumer: str) -> None:
        """Send for ever; what is not sent when the process ends comes again."""
        async for delivery in self._inbox.replies(consumer):
            job_id = delivery.reply.job_id
            if job_id in self._in_hand:  # we hold it so long that the queue offers it again
                continue
            await self._slots.acquire()
            task = asyncio.create_task(self._process(delivery), name=f"reply {job_id}")
            self._in_hand[job_id] = task
            task.add_done_callback(partial(self._finished, delivery))

    async def finish(self, grace: float) -> None:
        """Give what is being sent `grace` seconds; the rest is sent after the next start."""
        await finish(self._in_hand.values(), grace)

    async def _process(self, delivery: Delivery) -> None:
        if not self._messenger.repeatable and await self._inbox.is_sent(delivery):
            await self._inbox.done(delivery)
            return
        with replying(self._inbox.platform, delivery.reply) as sending:
            outcome = await self._send(delivery.reply, sending)
        # Nothing comes before the mark: each step more is time to be killed in.
        await self._inbox.mark_sent(delivery)
        await self._count(outcome)
        if sending.outcome == SENT and sending.seconds is not None:
            await self._count(waited(sending.seconds))
        await self._inbox.done(delivery)

    def _finished(self, delivery: Delivery, _task: asyncio.Task[None]) -> None:
        self._inbox.let_go(delivery)  # unless it is done already
        del self._in_hand[delivery.reply.job_id]
        self._slots.release()

    async def _send(self, reply: CaptionReply, sending: Sending) -> str:
        """Send a reply to whom it is for; logs, and raises nothing, if that cannot be.

        What it was, for the counts.
        """
        outcome = f"failed.{reply.failure or Failure.INTERNAL}"
        try:
            place = self._messenger.place.from_context(reply.context)
            if reply.failure is None:
                outcome = place.wish.value
            try:
                answer = self._rendered(reply, place)
                if remark := await self._remark(reply, place):
                    answer = replace(answer, text=f"{answer.text}\n\n{remark}")
                await self._notices.before_answer(reply.job_id)
                async with self._messenger.turn(place):
                    if not await self._messenger.send(place, answer, key=reply.job_id):
                        sending.outcome = UNDELIVERABLE
            finally:
                self._messenger.ended(place)
                self._notices.end(reply.job_id)
        except Exception:  # a defect of ours: trying again would only repeat it
            sending.outcome = FAILED
            outcome = f"failed.{Failure.INTERNAL}"
            log.exception("reply %s could not be sent and is dropped", reply.job_id[:8])
        return outcome

    def _rendered(self, reply: CaptionReply, place: Place) -> Reply:
        try:
            return render(reply, place, self._messenger.style)
        except Exception:  # whoever asked shall not wait for ever
            log.exception("reply %s could not be put into words", reply.job_id[:8])
            return Reply(text=say(Failure.INTERNAL, place.lang), lang=place.lang)


# --- while somebody waits


@dataclass(frozen=True, slots=True)
class _Notice:
    """What is said of one job."""

    over: asyncio.Event = field(default_factory=asyncio.Event)  # nothing is to be said any more
    settled: asyncio.Event = field(default_factory=asyncio.Event)  # it is said, or never will be
    gone: asyncio.Event = field(default_factory=asyncio.Event)  # it is to be taken away


class Notices:
    """What was said to people who wait, by job."""

    def __init__(self, inbox: ReplyInbox) -> None:
        self._inbox = inbox
        self._open: dict[str, _Notice] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, messenger: Messenger[Any], place: Place, ticket: Ticket) -> None:
        """Say something in a while to whoever asked for a job, unless its answer comes first."""
        if ticket.job_id in self._open:
            return
        notice = self._open[ticket.job_id] = _Notice()
        running = self._run(messenger, place, ticket, notice)
        task = asyncio.create_task(running, name=f"notice {ticket.job_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def before_answer(self, job_id: str) -> None:
        """The answer is there: returns when nothing is said of the job any more."""
        if notice := self._open.get(job_id):
            notice.over.set()
            await _within(_SAYING, notice.settled)

    def end(self, job_id: str) -> None:
        """The answer was sent, or cannot be: what was said is taken away."""
        if notice := self._open.get(job_id):
            notice.over.set()
            notice.gone.set()

    async def close(self) -> None:
        """Say nothing any more, and take away what was said."""
        for job_id in list(self._open):
            self.end(job_id)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(
        self, messenger: Messenger[Any], place: Place, ticket: Ticket, notice: _Notice
    ) -> None:
        try:
            text = await self._due(place, ticket, notice.over)
            remove = await messenger.note(place, text) if text else None
            notice.settled.set()
            if remove is not None:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_STANDS):
                        while not await _within(_LOOK, notice.gone):
                            if await self._inbox.was_answered(ticket.job_id):
                                break
                await remove()
        except Undeliverable as error:
            log.info("a word on the waiting was not taken, or not taken away: %s", error)
        except Exception:  # nobody's answer may fail for it
            log.exception("a word on the waiting could not be said")
        finally:
            notice.settled.set()
            del self._open[ticket.job_id]

    async def _due(self, place: Place, ticket: Ticket, over: asyncio.Event) -> str | None:
        """What there is to say, as soon as it is to be said."""
        for pause in _CHECKS:
            if await _within(pause, over):
                return None
            text = ticket.notice(place.lang)
            if text is None and await self._inbox.unattended():
                text = say("photo-waits", place.lang)
            # Another process may have been the one to answer.
            if text is not None and not await self._inbox.was_answered(ticket.job_id):
                return None if over.is_set() else text
        return None


async def _within(seconds: float, event: asyncio.Event) -> bool:
    """Whether something happens within a time; returns as soon as it does."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
