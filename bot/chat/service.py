"""What a request may do: limits, photos that are known, queueing.

Knows no platform. An adapter says what is attached and who asks, and gets a ticket or a refusal;
replies come back through `replies`. Nothing is fetched or decoded before a request is admitted.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import secrets
import uuid
from dataclasses import replace

from bot.asyncio_utils import Turns
from bot.chat.access_control import RateLimit, RuleBook
from bot.chat.capabilities import WorkerCapabilities
from bot.chat.delivery import ReplyInbox
from bot.chat.media import Collected, Meant, MediaCollector, encode, moment_in
from bot.chat.models import PARTS, Request, Ticket
from bot.chat.refusals import Refusal, RefusalCode
from bot.locales import ENGLISH
from bot.media.sanitizer import Intake, VideoIntake
from bot.monitoring.request_metrics import CACHED, REPEATED, Asking, asked
from bot.store.base import Store, StoreUnavailable
from captioner.queue.base import (
    JobQueue,
    PersonBusy,
    QueueFull,
    QueueUnavailable,
    Receipt,
)
from captioner.queue.messages import MAX_PHOTOS, CaptionJob, Length, Output
from captioner.telemetry.tracing import traceparent

log = logging.getLogger(__name__)

RETRY_AFTER_OUTAGE = 30.0  # seconds; what a person is told while the queue cannot be reached
RETRY_WHILE_PAUSED = 300.0  # seconds; what programs are told while an owner has paused the bot
_AT_ONCE = 2  # requests of one person that are fetched and opened at a time
_PATIENCE = 2.0  # seconds that the store may take to tell its key
# One key for all services of a process: a photo seen on one platform is known on another.
_PROCESS_KEY = secrets.token_bytes(32)


class CaptionService(ReplyInbox):
    """One adapter's way to the captioner, and back: see ReplyInbox.

    `hash_key` keeps hashes the same over restarts and between processes. Without one it is the
    store's, which all processes of a store share; without either, each process has its own, so
    it neither finds another's cached captions nor its own old ones.

    `person_per_minute` and `chat_per_minute` are how often each may ask; 0 for any number. They
    need a store. Without a `video`, moving pictures are refused. With a `caption_language`, all
    captions are in that one, whatever people choose.
    """

    def __init__(
        self,
        queue: JobQueue,
        intake: Intake,
        *,
        adapter: str,
        video: VideoIntake | None = None,
        beam_size: int = 5,
        n_best: int = 3,
        hash_key: bytes | None = None,
        store: Store | None = None,
        person_per_minute: int = 0,
        chat_per_minute: int = 0,
        caption_language: str | None = None,
    ) -> None:
        super().__init__(queue, adapter)
        self.capabilities = WorkerCapabilities(queue)
        self.caption_language = caption_language
        self._collector = MediaCollector(intake, video)
        self.max_bytes = intake.max_bytes  # of the largest file that is opened
        self.videos = video is not None  # whether moving pictures are captioned
        self._store = store
        self._beam_size, self.n_best = beam_size, n_best
        self._key = hash_key or _PROCESS_KEY
        self._key_is_known = hash_key is not None or store is None
        self._rate_limit = RateLimit(
            store, person_per_minute=person_per_minute, chat_per_minute=chat_per_minute
        )
        # Photos are opened in the order they come. With turns for each person before that, whoever
        # sends a hundred waits for themselves, and the next person behind two of them.
        self._turns = Turns(_AT_ONCE)
        self.rules = RuleBook(store, self._shared_key)

    # --- keyed hashes

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
        return keyed_hash(self._known_key(), kind, self.platform, value)

    def key_for(self, purpose: str) -> bytes:
        """64 bytes for encrypting what is kept for `purpose`; raises as `hashed` does."""
        return hmac.digest(self._known_key(), f"{purpose}:{self.platform}".encode(), "sha512")

    async def _shared_key(self) -> bytes:
        await self.prepare()
        return self._known_key()

    def _known_key(self) -> bytes:
        if not self._key_is_known:
            raise StoreUnavailable("the key of hashes is not known yet")
        return self._key

    # --- requests

    async def check_open(self) -> None:
        """Raises Refusal while an owner has paused the bot."""
        if (await self.rules.current()).paused:
            raise Refusal(RefusalCode.PAUSED, retry_after=RETRY_WHILE_PAUSED)

    async def ask(self, request: Request) -> Ticket:
        """Queue the photos, or have them answered from the cache. Raises Refusal; nothing else.

        Of an album, those photos are captioned that can be; the job's context says which.
        """
        await self.prepare()
        # The same for the same update, so that what was sent for it is known by it.
        named = keyed_hash(self._key, "job", self.adapter, request.dedupe)[:32]
        job_id = named if request.dedupe else uuid.uuid4().hex
        with asked(self.platform, job_id) as asking:
            try:
                return await self._ask(request, job_id, asking)
            except Refusal:
                raise
            except QueueFull as full:
                raise Refusal(RefusalCode.QUEUE_FULL, retry_after=full.retry_after) from None
            except PersonBusy:
                raise Refusal(RefusalCode.PERSON_BUSY) from None
            except (QueueUnavailable, StoreUnavailable):
                raise unavailable() from None
            except Exception as error:
                log.exception("a request on %s failed", self.adapter)
                raise Refusal(RefusalCode.INTERNAL) from error

    async def _ask(self, request: Request, job_id: str, asking: Asking) -> Ticket:
        if len(request.media) > MAX_PHOTOS:
            raise Refusal(RefusalCode.TOO_MANY_PHOTOS, limit=MAX_PHOTOS)
        person = self.hashed("person", request.person)
        chat = self.hashed("chat", request.chat) if request.chat else ""
        await self._rate_limit.take(person=person, chat=chat)
        await self.check_open()
        async with self._turns.of(person):
            if request.question is not None:
                seconds, rest = moment_in(request.question)
                found = await self._collector.meant(request.media, seconds)
                if _is_moment(found):
                    request = replace(request, question=rest)
            elif request.output is Output.CAPTION:
                found = await self._collector.collect(request.media, moments=request.moments)
            else:
                found = await self._collector.one(request.media[0], request.moment)
            language = await self.capabilities.language(
                self.caption_language or request.language or ENGLISH
            )
            job = self._job(request, job_id, asking.began, person, found, language)
            receipt, cached = await self._admitted(job)
        asking.ahead = receipt.ahead
        if receipt.duplicate or cached:
            asking.outcome = REPEATED if receipt.duplicate else CACHED
        return Ticket(
            receipt.job_id,
            receipt.ahead,
            receipt.duplicate,
            receipt.waking,
            photos=found.photos,
            spoilers=found.spoilers,
        )

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

    def _job(
        self,
        request: Request,
        job_id: str,
        began: float,
        person: str,
        found: Collected,
        language: str,
    ) -> CaptionJob:
        jpegs = [photo.jpeg for photo in found.photos]
        # Of several photos one answer says something: long ones would be cut.
        length = request.length if len(jpegs) == 1 else Length.SHORT
        options = f"{request.output} {self._beam_size} {self.n_best} {language} {length}"
        cacheable = request.output is Output.CAPTION and len(jpegs) == 1
        parts = encode(found.manifest)
        return CaptionJob(
            adapter=self.adapter,
            photo=jpegs[0],
            more_photos=tuple(jpegs[1:]),
            dedupe=request.dedupe,
            person=person,
            context=request.context | ({PARTS: parts} if parts else {}),
            output=request.output,
            beam_size=self._beam_size,
            n_best=self.n_best,
            language=language,
            length=length,
            question=request.question,
            cache_key=(
                keyed_hash(self._key, "photo", options, request.question or "", *jpegs)
                if cacheable
                else ""
            ),
            id=job_id,
            trace=traceparent(),
            began=began,
        )


def _is_moment(found: Collected) -> bool:
    return any(isinstance(part, Meant) and part.seconds is not None for part in found.manifest)


def unavailable() -> Refusal:
    """The refusal while the queue or its store cannot be reached."""
    return Refusal(RefusalCode.QUEUE_UNAVAILABLE, retry_after=RETRY_AFTER_OUTAGE)


def keyed_hash(key: bytes, *parts: str | bytes) -> str:
    """A hash that says nothing about what went in; each part is told from the next.

    It stands for a person, a chat or a photo wherever something is kept.
    """
    code = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        code.update(len(raw).to_bytes(8, "big"))
        code.update(raw)
    return code.hexdigest()
