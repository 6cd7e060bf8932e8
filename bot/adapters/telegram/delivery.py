"""Replies from the workers → messages in the chats that asked."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from bot.adapters.telegram.actions import Wish
from bot.adapters.telegram.formatting import Said, compose
from bot.adapters.telegram.preferences import Choices
from bot.adapters.telegram.progress import Waiting
from bot.adapters.telegram.sender import Courier, Place, Undeliverable
from bot.adapters.telegram.voice import Speaking
from bot.chat.service import Desk
from bot.locales import say
from bot.monitoring.request_metrics import FAILED, UNDELIVERABLE, Sending
from captioner.queue.base import Delivery
from captioner.queue.messages import CaptionReply

log = logging.getLogger(__name__)

_AT_ONCE = 100  # answers being sent; each chat that makes us wait holds one up


class Answering:
    """Sends each reply once, as far as that can be known, and none of them never."""

    def __init__(
        self,
        desk: Desk,
        courier: Courier,
        waiting: Waiting,
        speaking: Speaking,
        choices: Choices,
    ) -> None:
        self._desk = desk
        self._courier = courier
        self._waiting = waiting
        self._speaking = speaking
        self._choices = choices
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._in_hand: dict[str, asyncio.Task[None]] = {}  # by job

    async def run(self, consumer: str) -> None:
        """Answer for ever."""
        async for delivery in self._desk.replies(consumer):
            job_id = delivery.reply.job_id
            if job_id in self._in_hand:  # we hold it so long that the queue offers it again
                continue
            await self._slots.acquire()
            task = asyncio.create_task(self._process(delivery), name=f"answer {job_id}")
            self._in_hand[job_id] = task
            task.add_done_callback(partial(self._finished, delivery))

    async def finish(self, grace: float) -> None:
        """Give what is being sent `grace` seconds; the rest is sent after the next start."""
        tasks = list(self._in_hand.values())
        if not tasks:
            return
        _, unfinished = await asyncio.wait(tasks, timeout=grace)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    async def _process(self, delivery: Delivery) -> None:
        # The mark is set after the sending, not before: a process that is killed in between then
        # sends twice, while the other way round it would never send.
        if not await self._desk.is_new(delivery) and await self._desk.was_sent(delivery):
            await self._desk.done(delivery)
            return
        with self._desk.replying(delivery) as sending:
            await self._send(delivery.reply, sending)
        # Nothing comes before the mark: each step more is time to be killed in.
        await self._desk.mark_sent(delivery)
        await self._choices.count(_outcome(delivery.reply))
        await self._desk.done(delivery)

    def _finished(self, delivery: Delivery, _task: asyncio.Task[None]) -> None:
        self._desk.let_go(delivery)  # unless it is done already
        del self._in_hand[delivery.reply.job_id]
        self._slots.release()

    async def _send(self, reply: CaptionReply, sending: Sending) -> None:
        """Say what a reply says to whom it is for; logs, and raises nothing, if that cannot be."""
        try:
            place = Place.from_context(reply.context)
            said = compose(reply, place)
            try:
                await self._say(said, place)
            except Undeliverable as error:
                if not error.for_lack_of_rights or not (said.gif or said.still):
                    raise
                await self._courier.text(place, say("cannot-send-files", place.lang))
        except Undeliverable as error:
            sending.outcome = UNDELIVERABLE
            log.info("telegram: the answer to %s was not taken: %s", reply.job_id, error)
        except Exception:  # a defect of ours: trying again would only repeat it
            sending.outcome = FAILED
            log.exception("telegram: the answer to %s could not be sent", reply.job_id)
        finally:
            self._waiting.end(str(reply.context.get("asked", "")))

    async def _say(self, said: Said, place: Place) -> None:
        if said.gif:
            await self._courier.animation(place, said.gif, said.text)
        elif said.still:
            await self._courier.still(place, said.still, said.text)
        else:
            await self._courier.text(place, said.text, said.buttons)
        if said.spoken:
            await self._speaking.read(place, said.spoken)


def _outcome(reply: CaptionReply) -> str:
    if reply.failure is not None:
        return f"failed.{reply.failure}"
    return str(Wish.from_context(reply.context))
