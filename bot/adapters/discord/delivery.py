"""Replies from the queue to Discord, each handled alone."""

from __future__ import annotations

import asyncio
import logging

from bot.adapters.discord.formatting import compose
from bot.adapters.discord.message_payload import Answer, text
from bot.adapters.discord.preferences import Choices
from bot.adapters.discord.reply_target import Place
from bot.adapters.discord.sender import Outbox
from bot.chat.service import Desk
from bot.monitoring.request_metrics import FAILED, UNDELIVERABLE, Sending
from captioner.queue.base import Delivery
from captioner.queue.messages import CaptionReply

log = logging.getLogger(__name__)

_AT_ONCE = 16  # one that has to wait for Discord holds up no other


class Deliveries:
    """Takes what the workers answered and sends it."""

    def __init__(self, desk: Desk, outbox: Outbox, choices: Choices, *, consumer: str) -> None:
        self._desk = desk
        self._choices = choices
        self._outbox = outbox
        self._consumer = consumer
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._sending: dict[str, asyncio.Task[None]] = {}  # by job

    async def run(self) -> None:
        """Deliver for ever; what is not delivered when this is cancelled comes again."""
        try:
            async for delivery in self._desk.replies(self._consumer):
                job = delivery.reply.job_id
                if job in self._sending:  # the queue's patience is shorter than ours
                    continue
                await self._turns.acquire()
                self._sending[job] = asyncio.create_task(self._one(delivery))
        finally:
            tasks = list(self._sending.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, delivery: Delivery) -> None:
        try:
            # A mark without an answer is left behind by a process that ended in between. To send
            # again then shows nothing twice: see Outbox.
            if await self._desk.first_sending(delivery) or delivery.repeated:
                with self._desk.replying(delivery) as sending:
                    await self._send(delivery, sending)
            await self._desk.done(delivery)
        finally:
            self._desk.let_go(delivery)  # unless it is done already
            del self._sending[delivery.reply.job_id]
            self._turns.release()

    async def _send(self, delivery: Delivery, sending: Sending) -> None:
        reply = delivery.reply
        try:
            place = Place.from_context(reply.context)
            answer = await self._composed(reply, place)
            async with self._outbox.turn(place):
                if not await self._outbox.deliver(place, answer, nonce=reply.job_id):
                    sending.outcome = UNDELIVERABLE
            await self._choices.count(f"failed.{reply.failure}" if reply.failure else place.wish)
        except Exception:  # one answer that cannot be told must not stop the others
            sending.outcome = FAILED
            log.exception("reply %s could not be sent and is dropped", reply.job_id[:8])

    async def _composed(self, reply: CaptionReply, place: Place) -> Answer:
        try:
            return await compose(reply, place)
        except Exception:  # whoever asked shall not wait for ever
            log.exception("reply %s could not be put into words", reply.job_id[:8])
            return text("internal", place.lang)
