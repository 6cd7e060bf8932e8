"""What a request may do: limits, repeated photos, queueing, and what to say back.

Knows no platform. An adapter gives it the bytes that a person sent, and either gets a ticket
or a refusal with a sentence; replies come back through `replies`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import math
import secrets
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace

from bot.intake import CleanPhoto, Intake, Refused
from bot.texts import ENGLISH, say
from captioner.jobs import CaptionJob, CaptionReply, Context, Output
from captioner.queue.contract import (
    Delivery,
    JobQueue,
    PersonBusy,
    QueueFull,
    QueueUnavailable,
)

log = logging.getLogger(__name__)

RETRY_AFTER_OUTAGE = 30.0  # seconds; what a person is told while the queue cannot be reached
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0  # seconds between tries during an outage
# One key for all desks of a process, so that a photo seen on one platform is known on another.
_PROCESS_KEY = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one person asks about one photo."""

    # As it came: foreign, untrusted. Or what an earlier ticket brought: that is clean already.
    photo: bytes | CleanPhoto = field(repr=False)
    person: str  # the platform's id of the person; leaves the desk only as a keyed hash
    dedupe: str  # the same key twice is one job (a platform delivers updates more than once)
    context: Context = field(default_factory=dict)  # whatever the adapter needs to answer
    output: Output = Output.CAPTION
    more_photos: tuple[bytes | CleanPhoto, ...] = field(default=(), repr=False)  # of an album
    chat: str = ""  # the platform's id of the chat, for its limits; leaves as a keyed hash


@dataclass(frozen=True, slots=True)
class Ticket:
    """The request is on its way, or its answer is already here."""

    job_id: str
    ahead: int = 0
    duplicate: bool = False  # already accepted before: say nothing
    waking: bool = False  # no worker is ready yet, but one is loading its model
    reply: CaptionReply | None = None  # known already (cached): answer at once
    photo: CleanPhoto | None = None  # the small JPEG that went onto the queue


class Sorry(Exception):
    """The request is refused: a `code` that stays the same, and a sentence in English.

    The code is a text id: "queue-full", "person-busy", "queue-unavailable", "internal", or the
    value of a `bot.intake.Reason`. In a person's language the sentence is
    `say(sorry.code, lang, **sorry.args_for_text)`. `retry_after` is in seconds.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        retry_after: float | None = None,
        **args: str | int,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after = retry_after
        self.args_for_text = args


class Desk:
    """One adapter's way to the captioner.

    `hash_key` keeps hashes the same over restarts and between processes; without one, each
    process has its own, so it neither finds another's cached captions nor its own old ones.
    """

    def __init__(
        self,
        queue: JobQueue,
        intake: Intake,
        *,
        adapter: str,
        beam_size: int = 5,
        n_best: int = 3,
        hash_key: bytes | None = None,
    ) -> None:
        self._queue = queue
        self._intake = intake
        self._adapter = adapter
        self._beam_size = beam_size
        self._n_best = n_best
        self._key = hash_key or _PROCESS_KEY
        self._outage = _Outage(adapter)

    async def ask(self, request: Request) -> Ticket:
        """Queue the photo, or answer at once from the cache. Raises Sorry; nothing else."""
        try:
            given = request.photo
            photo = given if isinstance(given, CleanPhoto) else await self._intake.clean(given)
            job = self._job(request, photo)
            return await self._from_cache(job, photo) or await self._submit(job, photo)
        except Refused as refused:
            raise _sorry(refused.reason.value, refused.args_for_text) from None
        except QueueFull as full:
            raise _sorry("queue-full", retry_after=full.retry_after) from None
        except PersonBusy:
            raise _sorry("person-busy") from None
        except QueueUnavailable:
            raise _sorry("queue-unavailable", retry_after=RETRY_AFTER_OUTAGE) from None
        except Exception as error:
            log.exception("a request on %s failed", self._adapter)
            raise _sorry("internal") from error

    async def replies(self, consumer: str) -> AsyncIterator[Delivery]:
        """Replies for this adapter, for ever; survives a queue that goes away for a while.

        The adapter sends each, then calls `done`.
        """
        while True:
            try:
                deliveries = await self._queue.take_replies(self._adapter, consumer)
            except QueueUnavailable as error:
                await self._outage.pause(error)
                continue
            except Exception:
                # One reply that cannot be read must not silence the adapter for good.
                log.exception("%s: taking replies failed; trying on", self._adapter)
                await asyncio.sleep(_LONGEST_PAUSE)
                continue
            self._outage.over()
            for delivery in deliveries:
                yield delivery

    async def first_sending(self, delivery: Delivery) -> bool:
        """Whether the adapter should send this reply now: False if it was already sent.

        Waits while the queue cannot be reached, unless the reply was never delivered before:
        then nobody else can have sent it.
        """
        while True:
            try:
                first = await self._queue.mark_sent(delivery.reply.job_id)
            except QueueUnavailable as error:
                if not delivery.repeated:
                    return True
                await self._outage.pause(error)
                continue
            self._outage.over()
            return first

    async def done(self, delivery: Delivery) -> None:
        """The reply was sent, or can never be. Waits while the queue cannot be reached."""
        while True:
            try:
                await self._queue.done(self._adapter, delivery)
            except QueueUnavailable as error:
                await self._outage.pause(error)
                continue
            self._outage.over()
            return

    async def _from_cache(self, job: CaptionJob, photo: CleanPhoto) -> Ticket | None:
        if not job.cache_key:
            return None
        known = await self._queue.cached(job.cache_key)
        if known is None:
            return None
        # The job's id follows from the dedupe key, so the mark of an answer sent earlier, from
        # the cache or by way of a worker, is also the mark that this update came before.
        if not await self._queue.mark_sent(job.id):
            return Ticket(job.id, duplicate=True, photo=photo)
        reply = replace(
            known, job_id=job.id, adapter=job.adapter, context=job.context, output=job.output
        )
        return Ticket(job.id, reply=reply, photo=photo)

    async def _submit(self, job: CaptionJob, photo: CleanPhoto) -> Ticket:
        receipt = await self._queue.submit(job)
        return Ticket(receipt.job_id, receipt.ahead, receipt.duplicate, photo=photo)

    def _job(self, request: Request, photo: CleanPhoto) -> CaptionJob:
        platform = self._adapter.partition(".")[0]  # "web.INSTANCE": a person is one on all
        options = f"{request.output} {self._beam_size} {self._n_best}"
        cacheable = request.output is Output.CAPTION
        return CaptionJob(
            adapter=self._adapter,
            photo=photo.jpeg,
            dedupe=request.dedupe,
            person=self._hash("person", platform, request.person),
            context=request.context,
            output=request.output,
            beam_size=self._beam_size,
            n_best=self._n_best,
            cache_key=self._hash("photo", options, photo.jpeg) if cacheable else "",
            id=self._job_id(request.dedupe),
        )

    def _job_id(self, dedupe: str) -> str:
        return self._hash("job", self._adapter, dedupe)[:32] if dedupe else uuid.uuid4().hex

    def _hash(self, *parts: str | bytes) -> str:
        """A keyed hash that says nothing about what went in; each part is told from the next."""
        code = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
            code.update(len(raw).to_bytes(8, "big"))
            code.update(raw)
        return code.hexdigest()


class _Outage:
    """Waits between tries, ever longer; says once that the queue is gone, once that it is back."""

    def __init__(self, adapter: str) -> None:
        self._adapter = adapter
        self._logged = False
        self._next = _SHORTEST_PAUSE

    async def pause(self, error: QueueUnavailable) -> None:
        if not self._logged:
            self._logged = True
            log.warning("%s: the queue cannot be reached (%s); trying on", self._adapter, error)
        seconds, self._next = self._next, min(2 * self._next, _LONGEST_PAUSE)
        await asyncio.sleep(seconds)

    def over(self) -> None:
        if self._logged:
            log.info("%s: the queue is back", self._adapter)
        self._logged, self._next = False, _SHORTEST_PAUSE


def _sorry(
    code: str, args: Mapping[str, str | int] | None = None, *, retry_after: float | None = None
) -> Sorry:
    filled = dict(args or {})
    if retry_after is not None:
        filled["seconds"] = max(1, math.ceil(retry_after))
    return Sorry(code, say(code, ENGLISH, **filled), retry_after=retry_after, **filled)
