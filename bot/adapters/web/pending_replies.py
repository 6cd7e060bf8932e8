"""Asking the service and waiting for the answer that comes back on this process's reply stream."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from bot.adapters.web.problems import Problem
from bot.chat.models import Request, Ticket
from bot.chat.refusals import Refusal
from bot.chat.service import CaptionService
from bot.media.sanitizer import CleanPhoto
from bot.monitoring.request_metrics import UNDELIVERABLE, replying
from captioner.queue.base import QueueError
from captioner.queue.messages import CaptionReply, Length, Output

log = logging.getLogger(__name__)
CONSUMER = "page"  # the only one: the adapter's name is this process's own
TOKEN = "request"  # noqa: S105 - a key of the job's context, no secret


class Question:
    """One request's place in the waiting list, from before it is asked until it is answered."""

    def __init__(
        self, service: CaptionService, token: str, answer: asyncio.Future[CaptionReply]
    ) -> None:
        self._service, self._token, self._answer = service, token, answer

    async def check_open(self) -> None:
        """Raises Problem while nothing is captioned."""
        try:
            await self._service.check_open()
        except Refusal as refusal:
            raise Problem.of(refusal) from None

    async def ask(
        self,
        photo: bytes | CleanPhoto,
        *,
        person: str,
        language: str,
        output: Output = Output.CAPTION,
        length: Length = Length.SHORT,
        question: str | None = None,
    ) -> Ticket:
        """Bring the photo to the caption service. Raises Problem."""
        request = Request(
            media=(photo,),
            person=person,
            dedupe=f"web:{self._token}",
            context={TOKEN: self._token},
            output=output,
            language=language,
            length=length,
            question=question,
        )
        try:
            return await self._service.ask(request)
        except Refusal as refusal:
            raise Problem.of(refusal) from None

    async def answer(self, *, seconds: float) -> CaptionReply:
        """The reply, with captions in it. Raises Problem: no_answer, or what the worker says."""
        try:
            async with asyncio.timeout(seconds):
                reply = await self._answer
        except TimeoutError:
            raise Problem("no_answer", seconds=round(seconds)) from None
        if reply.failure is not None:
            raise Problem.failed(reply.failure)
        return reply


class WaitingList:
    """Hands each reply to the request that waits for it, or drops it if none does any more.

    Who waits is found by a token in the job's context rather than by the job's id, which the
    service may only tell after the reply has come.
    """

    def __init__(self, service: CaptionService) -> None:
        self._service = service
        self._waiting: dict[str, asyncio.Future[CaptionReply]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    @contextmanager
    def question(self) -> Iterator[Question]:
        """A place in the list while the context lasts."""
        token = uuid.uuid4().hex
        answer: asyncio.Future[CaptionReply] = asyncio.get_running_loop().create_future()
        self._waiting[token] = answer
        try:
            yield Question(self._service, token, answer)
        finally:
            del self._waiting[token]
            answer.cancel()

    async def deliver(self) -> None:
        """Take replies for ever."""
        async for delivery in self._service.replies(CONSUMER):
            answer = self._waiting.get(str(delivery.reply.context.get(TOKEN)))
            with replying(self._service.platform, delivery.reply) as sending:
                if answer is not None and not answer.done():
                    answer.set_result(delivery.reply)
                else:
                    sending.outcome = UNDELIVERABLE
            await asyncio.sleep(0)  # whoever waits for it goes first
            try:
                await self._service.done(delivery)
            except QueueError as error:
                log.warning("a reply could not be marked done: %s", type(error).__name__)
