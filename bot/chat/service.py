"""What a request may do: limits, repeated photos, queueing, and what to say back.

Knows no platform. An adapter gives it the bytes that a person sent, and either gets a ticket
or a refusal with a sentence; replies come back through `replies`.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from bot.chat.delivery import Postbox
from bot.chat.hashing import keyed_hash
from bot.chat.models import Request, Sorry, Ticket, places_of, sorry, with_places
from bot.chat.rate_limit import Turns
from bot.media.sanitizer import CleanPhoto, Intake, Refused
from bot.monitoring import request_metrics
from bot.store.base import Store, StoreUnavailable
from captioner.queue.base import (
    Delivery,
    JobQueue,
    PersonBusy,
    QueueFull,
    QueueUnavailable,
    Receipt,
)
from captioner.queue.messages import MAX_PHOTOS, CaptionJob, Output
from captioner.telemetry.stages import Stage, timed
from captioner.telemetry.tracing import traceparent

__all__ = ["Desk", "Request", "Sorry", "Ticket", "places_of"]

log = logging.getLogger(__name__)

RETRY_AFTER_OUTAGE = 30.0  # seconds; what a person is told while the queue cannot be reached
_PATIENCE = 2.0  # seconds that the store may take to tell its key
# One key for all desks of a process, so that a photo seen on one platform is known on another.
_PROCESS_KEY = secrets.token_bytes(32)


class Desk(Postbox):
    """One adapter's way to the captioner, and back: see Postbox.

    `hash_key` keeps hashes the same over restarts and between processes. Without one it is the
    store's, which all processes of a store share; without either, each process has its own, so
    it neither finds another's cached captions nor its own old ones.

    `person_per_minute` and `chat_per_minute` are how often each may ask; 0 for any number. They
    need a store.
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
        store: Store | None = None,
        person_per_minute: int = 0,
        chat_per_minute: int = 0,
    ) -> None:
        super().__init__(queue, adapter)
        self._intake, self._store = intake, store
        self._platform = adapter.partition(".")[0]  # "web.INSTANCE": a person is one on all
        self._beam_size, self._n_best = beam_size, n_best
        self._key = hash_key or _PROCESS_KEY
        self._key_is_known = hash_key is not None or store is None
        self._turns = Turns(
            store, person_per_minute=person_per_minute, chat_per_minute=chat_per_minute
        )

    async def prepare(self) -> None:
        """Learn the key of hashes, if the store has it; to be called before `hashed` is used.

        Where the store cannot be reached, it is learnt as soon as it can. Until then `ask`
        refuses everything: under another key a person would be another, and so would a job.
        """
        if self._key_is_known or self._store is None:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                self._key = await self._store.secret()
        except (StoreUnavailable, TimeoutError):
            return
        self._key_is_known = True

    def hashed(self, kind: str, value: str) -> str:
        """What stands for a person or a chat of this platform in a store, such as its `who`.

        The limits of `ask` are kept under the kinds "person" and "chat". Raises StoreUnavailable
        while the key is not known.
        """
        if not self._key_is_known:
            raise StoreUnavailable("the key of hashes is not known yet")
        return keyed_hash(self._key, kind, self._platform, value)

    async def clean(self, photo: bytes) -> CleanPhoto:
        """The photo as `ask` would put it on the queue. Raises Sorry."""
        try:
            with timed(Stage.INTAKE):
                return await self._intake.clean(photo)
        except Refused as refused:
            raise sorry(refused.reason.value, refused.args_for_text) from None

    async def ask(self, request: Request) -> Ticket:
        """Queue the photos, or have them answered from the cache. Raises Sorry; nothing else.

        Of an album, those photos are captioned that can be; see `Ticket.refused`.
        """
        with self.handling(request.dedupe):
            return await self._asked(request)

    def handling(self, dedupe: str) -> AbstractContextManager[None]:
        """What is done inside for a request is counted, logged and traced as one with `ask`.

        For an adapter that has work with it before it asks, such as fetching the photo.
        """
        return request_metrics.asked(self._adapter, self._job_id(dedupe))

    def replying(self, delivery: Delivery) -> AbstractContextManager[request_metrics.Sending]:
        """What is done inside is the sending of a reply: it is counted, logged and traced."""
        return request_metrics.replying(self._adapter, delivery.reply)

    async def _asked(self, request: Request) -> Ticket:
        try:
            return await self._ask(request)
        except Sorry:
            raise
        except QueueFull as full:
            raise sorry("queue-full", retry_after=full.retry_after) from None
        except PersonBusy:
            raise sorry("person-busy") from None
        except (QueueUnavailable, StoreUnavailable):
            raise sorry("queue-unavailable", retry_after=RETRY_AFTER_OUTAGE) from None
        except Exception as error:
            log.exception("a request on %s failed", self._adapter)
            raise sorry("internal") from error

    async def _ask(self, request: Request) -> Ticket:
        if len(request.photos) > MAX_PHOTOS:
            raise sorry("too-many-photos", {"limit": MAX_PHOTOS})
        await self.prepare()
        await self._turns.take(
            person=self.hashed("person", request.person),
            chat=self.hashed("chat", request.chat) if request.chat else "",
        )
        cleaned = await self._cleaned(request.photos)
        refused = tuple((n, one) for n, one in enumerate(cleaned) if isinstance(one, Sorry))
        places = [n for n, one in enumerate(cleaned) if isinstance(one, CleanPhoto)]
        photos = tuple(one for one in cleaned if isinstance(one, CleanPhoto))
        if not photos:
            raise refused[0][1]
        job = self._job(request, photos)
        if refused:
            job = replace(job, context=with_places(job.context, places))
        receipt, cached = await self._admitted(job)
        ticket = Ticket(
            receipt.job_id,
            receipt.ahead,
            receipt.duplicate,
            receipt.waking,
            photos=photos,
            refused=refused,
        )
        request_metrics.accepted(self._adapter, ticket, cached=cached)
        return ticket

    async def _cleaned(self, photos: Sequence[bytes | CleanPhoto]) -> list[CleanPhoto | Sorry]:
        """Each photo, or why it is refused."""

        async def one(photo: bytes | CleanPhoto) -> CleanPhoto | Sorry:
            try:
                return photo if isinstance(photo, CleanPhoto) else await self.clean(photo)
            except Sorry as refused:
                return refused

        return await asyncio.gather(*map(one, photos))

    async def _admitted(self, job: CaptionJob) -> tuple[Receipt, bool]:
        """The job's receipt, and whether it was answered from the cache.

        What is cached counts only if it is of one of the models that there are now, if any.
        """
        said = await self._queue.submit_unless_cached(job)
        if isinstance(said, Receipt):
            return said, False
        models = (await self._queue.workers()).models
        if models and said.model not in models:
            return await self._queue.submit(job), False
        known = replace(
            said, job_id=job.id, adapter=job.adapter, context=job.context, output=job.output
        )
        return await self._queue.answer(job, known), True

    def _job(self, request: Request, photos: Sequence[CleanPhoto]) -> CaptionJob:
        options = f"{request.output} {self._beam_size} {self._n_best}"
        cacheable = request.output is Output.CAPTION and len(photos) == 1
        jpegs = tuple(photo.jpeg for photo in photos)
        return CaptionJob(
            adapter=self._adapter,
            photo=jpegs[0],
            more_photos=jpegs[1:],
            dedupe=request.dedupe,
            person=self.hashed("person", request.person),
            context=request.context,
            output=request.output,
            beam_size=self._beam_size,
            n_best=self._n_best,
            cache_key=keyed_hash(self._key, "photo", options, *jpegs) if cacheable else "",
            id=self._job_id(request.dedupe),
            trace=traceparent(),
            began=request_metrics.began(),
        )

    def _job_id(self, dedupe: str) -> str:
        # The same for the same update, so that what was sent for it is known by it.
        return (
            keyed_hash(self._key, "job", self._adapter, dedupe)[:32] if dedupe else uuid.uuid4().hex
        )
