"""The HTTP interface: photos in, captions out, and answers to questions about them.

docs/http-api.md describes it. What is asked waits for the answer that comes back on this process's
reply stream.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from bot.adapters.web import WebOptions
from bot.adapters.web.access import Admission, not_ready, prefix_of
from bot.adapters.web.capabilities import CaptionLanguages, ModelCapabilities
from bot.adapters.web.forms import Gate, read_photo, read_question
from bot.adapters.web.middleware import Metrics
from bot.adapters.web.photo_cache import Kept, Media, PhotoStore
from bot.adapters.web.problems import PRIVATE, Problem
from bot.adapters.web.serializers import (
    EventStream,
    describe,
    describe_answer,
    download,
    respond,
)
from bot.chat.models import Action, Request, Ticket
from bot.chat.refusals import Refusal
from bot.chat.service import CaptionService
from bot.locales import ENGLISH
from bot.media.sanitizer import CleanPhoto
from bot.monitoring.request_metrics import UNDELIVERABLE, replying
from bot.monitoring.server import CONTENT_TYPE, ask_queue, exposition
from captioner.queue.base import JobQueue, QueueError
from captioner.queue.messages import CaptionReply, Length, Output

log = logging.getLogger(__name__)
CONSUMER = "page"  # the only one: the adapter's name is this process's own
TOKEN = "request"  # noqa: S105 - a key of the job's context, no secret
PING = 3.0  # seconds that the queue has to answer a readiness probe
DOWNLOADS = {Output.ATTENTION_GIF: "attention.gif", Output.ATTENTION_SHEET: "attention.png"}


class CaptionApi:
    """Everything below /api/captions, and the probes."""

    def __init__(
        self,
        waiting: WaitingList,
        store: PhotoStore,
        queue: JobQueue,
        metrics: Metrics,
        options: WebOptions,
        *,
        admission: Admission,
        languages: CaptionLanguages,
        capabilities: ModelCapabilities,
        max_bytes: int,
    ) -> None:
        self._waiting, self._store, self._queue = waiting, store, queue
        self._metrics, self._options, self._max_bytes = metrics, options, max_bytes
        self._admission, self._languages, self._capabilities = admission, languages, capabilities
        self._gate = Gate(total=options.uploads, per_person=options.uploads_per_person)

    def routes(self) -> list[web.RouteDef]:
        """What is served, and by which method."""
        return [
            web.post("/api/captions", self.caption),
            web.get("/api/captions/{id}/attention.gif", self.attention_gif),
            web.get("/api/captions/{id}/attention.png", self.attention_sheet),
            web.get("/api/captions/{id}/photo.jpg", self.photo),
            web.post("/api/captions/{id}/questions", self.question),
            web.get("/api/capabilities", self._capabilities.described),
            web.get("/api/languages", self._languages.listed),
            web.get("/health", self.health),
            web.get("/ready", self.ready),
            web.get("/metrics", self.prometheus),
        ]

    async def caption(self, request: web.Request) -> web.StreamResponse:
        """Caption a photo."""
        return await respond(
            request,
            self._caption,
            event="caption",
            done="captioned",
            outcomes=self._metrics.photos,
        )

    async def _caption(self, request: web.Request, stream: EventStream | None) -> dict[str, Any]:
        person = await self._admission.admit(request)
        with self._waiting.question() as question:
            await question.check_open()
            with self._gate.enter(person):
                upload = await read_photo(
                    request, max_bytes=self._max_bytes, seconds=self._options.upload_seconds
                )
                language = await self._languages.wanted(request, upload.language)
                length = await self._capabilities.length(upload.length)
                started = time.perf_counter()
                ticket = await question.ask(
                    upload.photo, person=person, language=language, length=length
                )
                del upload  # what waits from here on is the small one
            if stream is not None:
                await stream.waiting(ticket)
            reply = await question.answer(seconds=self._patience(ticket))
        self._metrics.caption_seconds.observe(time.perf_counter() - started)
        if ticket.photo is None:
            raise LookupError("the service's ticket has no photo")
        prefix = prefix_of(request, self._options)
        kept = self._store.put(ticket.photo, language=reply.language or ENGLISH)
        return describe(kept, reply, prefix)

    async def question(self, request: web.Request) -> web.StreamResponse:
        """Answer a question about a photo that was captioned."""
        return await respond(
            request,
            self._question,
            event="answer",
            done="answered",
            outcomes=self._metrics.questions,
        )

    async def _question(self, request: web.Request, stream: EventStream | None) -> dict[str, Any]:
        kept = self._kept(request)
        person = await self._admission.admit(request)
        with self._waiting.question() as question:
            await question.check_open()
            asked = await read_question(request, seconds=self._options.upload_seconds)
            named = await self._languages.named(request, asked.language)
            await self._capabilities.check_offered(Action.QUESTION)
            started = time.perf_counter()
            ticket = await question.ask(
                kept.photo,
                person=person,
                language=named or kept.language,
                question=asked.question,
            )
            if stream is not None:
                await stream.waiting(ticket)
            reply = await question.answer(seconds=self._patience(ticket))
        self._metrics.answer_seconds.observe(time.perf_counter() - started)
        return describe_answer(asked.question, reply)

    def _patience(self, ticket: Ticket) -> float:
        more = self._options.waking_seconds if ticket.waking else 0.0
        return self._options.answer_seconds + more

    async def attention_gif(self, request: web.Request) -> web.Response:
        """The animation of where the model looked."""
        return await self._attention(request, Action.ATTENTION_GIF)

    async def attention_sheet(self, request: web.Request) -> web.Response:
        """The same as a still picture, a panel for each word."""
        return await self._attention(request, Action.ATTENTION_SHEET)

    async def photo(self, request: web.Request) -> web.Response:
        """The photo as the model was shown it."""
        return download(Media(self._kept(request).photo.jpeg, "image/jpeg"), "photo.jpg")

    async def health(self, _request: web.Request) -> web.Response:
        """Says that the process is alive."""
        return web.json_response({"status": "alive"}, headers=PRIVATE)

    async def ready(self, _request: web.Request) -> web.Response:
        """A photo sent now would be captioned."""
        try:
            async with asyncio.timeout(PING):
                await self._queue.ping()
                workers = await self._queue.workers()
        except (QueueError, TimeoutError):
            raise Problem("queue_unavailable") from None
        self._admission.check_ready()
        if not workers.ready:
            raise not_ready()
        return web.json_response({"status": "ready"}, headers=PRIVATE)

    async def prometheus(self, _request: web.Request) -> web.Response:
        """Counters and gauges."""
        self._metrics.waiting.set(len(self._waiting))
        self._metrics.kept.set(len(self._store))
        await ask_queue(self._queue)
        body = exposition(self._metrics.registry)
        return web.Response(body=body, headers={**PRIVATE, "Content-Type": CONTENT_TYPE})

    def _kept(self, request: web.Request) -> Kept:
        kept = self._store.get(request.match_info["id"])
        if kept is None:
            raise Problem("forgotten", minutes=max(1, round(self._options.keep_seconds / 60)))
        return kept

    async def _attention(self, request: web.Request, wish: Action) -> web.Response:
        kept, output = self._kept(request), wish.output
        async with kept.making:
            media = kept.media.get(output)
            if media is None:
                await self._capabilities.check_offered(wish)
                media = await self._make(request, kept, output)
                self._store.add(kept, output, media)
        return download(media, DOWNLOADS[output])

    async def _make(self, request: web.Request, kept: Kept, output: Output) -> Media:
        person = await self._admission.turn(request)
        with self._waiting.question() as question:
            ticket = await question.ask(
                kept.photo, person=person, language=kept.language, output=output
            )
            reply = await question.answer(seconds=self._patience(ticket))
        if not reply.media:
            raise LookupError("a worker's reply has no picture")
        return Media(reply.media, reply.media_type)


# --- who waits for an answer


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
