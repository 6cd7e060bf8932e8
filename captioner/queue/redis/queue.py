"""RedisQueue: the queue's contract on Redis Streams.

Jobs are a stream with one group, whose consumers are the workers; replies are a stream for each
adapter, whose consumers are that adapter's processes. Everything that must happen together is
one script (see `scripts`), so a process may die between any two lines here.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Iterable, Sequence

from captioner.jobs import CaptionJob, CaptionReply, Fields, WireError, decode_job, decode_reply
from captioner.queue.common import (
    DEAD_LETTERS,
    RETRY_AFTER,
    SENT_FOR,
    gave_up,
    seal_job,
    seal_reply,
    to_cache,
)
from captioner.queue.contract import (
    Claim,
    Delivery,
    JobQueue,
    Limits,
    PersonBusy,
    QueueFull,
    Receipt,
)
from captioner.queue.redis import scripts
from captioner.queue.redis.keys import GROUP, Keys
from captioner.queue.redis.server import Argument, Entry, Server

_PERSON = 7 * 86_400.0  # longer than any job lives
_DEAD = 30 * 86_400.0
_PASSING = 3600.0  # how long the replies stream of a web process outlives it

log = logging.getLogger("captioner.queue")


class RedisQueue(JobQueue):
    """A JobQueue on a Redis 7 server; all processes of one bot use the same URL and prefix."""

    def __init__(self, url: str, limits: Limits, prefix: str = "captionbot") -> None:
        """Connects on first use. Raises ValueError for a URL or prefix that cannot be."""
        self.limits = limits
        self._keys = Keys(prefix)
        self._server = Server(url)
        self._read_on: dict[tuple[str, str], str] = {}  # in replies held before this start
        self._grouped = False

    # --- the adapters' side

    async def submit(self, job: CaptionJob) -> Receipt:
        fields = seal_job(job)
        fields[b"p"] = self._keys.person_id(job.person).encode()
        token = uuid.uuid4().hex  # tells our own admission, tried twice, from a repeated update
        remember = _milliseconds(self.limits.dedupe_for) if job.dedupe else 0
        status, detail = await self._server.script(
            scripts.SUBMIT,
            [self._keys.jobs, self._keys.seen(job.dedupe), self._keys.person(job.person)],
            [
                self.limits.depth,
                self.limits.per_person,
                remember,
                f"{job.id} {token}",
                _milliseconds(_PERSON),
                *_flat(fields),
            ],
        )
        if status == b"full":
            raise QueueFull(RETRY_AFTER)
        if status == b"busy":
            raise PersonBusy(f"{self.limits.per_person} photos of this person are in flight")
        if status == b"known":
            first, _, owner = detail.decode().rpartition(" ")
            return Receipt(first, ahead=0, duplicate=owner != token)
        return Receipt(job.id, int(detail))

    async def cached(self, cache_key: str) -> CaptionReply | None:
        fields = await self._server.hash(self._keys.cache(cache_key)) if cache_key else {}
        try:
            return decode_reply(fields) if fields else None
        except WireError:
            return None  # of another version

    async def take_replies(
        self, adapter: str, consumer: str, *, count: int = 16, wait: float = 5.0
    ) -> list[Delivery]:
        stream, deadline = self._keys.replies(adapter), time.monotonic() + wait
        while True:
            read_on = self._read_on.setdefault((adapter, consumer), "0")
            own, left, fresh = await self._server.script(
                scripts.TAKE_REPLIES,
                [stream],
                [GROUP, consumer, self._visibility, count, _lives(adapter), read_on],
                lives=_lives(adapter),
            )
            self._read_on[adapter, consumer] = own[-1][0] if own else ""
            found = await self._open_replies(adapter, _entries(own + left), repeated=True)
            found += await self._open_replies(adapter, _entries(fresh), repeated=False)
            if not (found or own or left or fresh):
                if (rest := deadline - time.monotonic()) <= 0:
                    return []
                news = await self._server.read(stream, consumer, count=count, block=rest)
                found = await self._open_replies(adapter, news, repeated=False)
            if found:
                return found

    async def mark_sent(self, job_id: str) -> bool:
        arguments: list[Argument] = [_milliseconds(SENT_FOR), uuid.uuid4().hex]
        marked = await self._server.script(scripts.MARK_SENT, [self._keys.sent(job_id)], arguments)
        return bool(marked)

    async def done(self, adapter: str, delivery: Delivery) -> None:
        await self._forget_reply(adapter, delivery.entry)

    # --- the workers' side

    async def take(
        self, consumer: str, *, max_batch: int, wait: float = 5.0, top_up: float = 0.005
    ) -> list[Claim]:
        deadline = time.monotonic() + wait
        await self._forget_old_workers()
        while True:
            taken = await self._server.script(
                scripts.TAKE, [self._keys.jobs], [GROUP, consumer, self._visibility, max_batch]
            )
            claims = await self._open_jobs(
                (entry, _fields(flat), deliveries) for entry, flat, deliveries in taken
            )
            if not taken:
                if (rest := deadline - time.monotonic()) <= 0:
                    return []
                claims = await self._read_jobs(consumer, max_batch, block=rest)
            if claims:
                break
        room = max_batch - len(claims)
        if room > 0 and claims[0].deliveries == 1:
            await asyncio.sleep(top_up)
            claims += await self._read_jobs(consumer, room)
        return claims

    async def renew(self, consumer: str, claims: Sequence[Claim]) -> None:
        await self._for_each(scripts.RENEW, consumer, claims)

    async def finish(self, claim: Claim, reply: CaptionReply) -> bool:
        job, kept = claim.job, to_cache(claim.job, reply)
        finished = await self._server.script(
            scripts.FINISH,
            [
                self._keys.jobs,
                self._keys.person(job.person),
                self._keys.replies(job.adapter),
                self._keys.cache(job.cache_key),
            ],
            [
                GROUP,
                claim.entry,
                _lives(job.adapter),
                _milliseconds(self.limits.cache_for) if kept else 0,
                *_message(seal_reply(reply)),
                *(_message(kept) if kept else ()),
            ],
        )
        return bool(finished)

    async def release(self, consumer: str, claims: Sequence[Claim]) -> None:
        await self._for_each(scripts.RELEASE, consumer, claims)

    # --- everybody

    async def depth(self) -> int:
        return await self._server.length(self._keys.jobs)

    async def ping(self) -> None:
        await self._server.ping()

    async def close(self) -> None:
        await self._server.close()

    # --- jobs

    @property
    def _visibility(self) -> int:
        return _milliseconds(self.limits.visibility)

    async def _forget_old_workers(self) -> None:
        if not self._grouped:
            await self._server.make_group(self._keys.jobs)
            self._grouped = True

    async def _read_jobs(
        self, consumer: str, count: int, *, block: float | None = None
    ) -> list[Claim]:
        entries = await self._server.read(self._keys.jobs, consumer, count=count, block=block)
        return await self._open_jobs((entry, fields, 1) for entry, fields in entries)

    async def _open_jobs(
        self, taken: Iterable[tuple[bytes, dict[bytes, bytes], int]]
    ) -> list[Claim]:
        """The claims worth a worker's while; the others go to the dead letters."""
        claims = []
        for entry, fields, deliveries in taken:
            try:
                job = decode_job(fields)
            except WireError as error:
                person = fields.get(b"p", b"").decode("ascii", "replace")
                await self._bury(entry, self._keys.person_of(person), str(error), deliveries)
                continue
            if deliveries > self.limits.max_deliveries:
                reason = f"delivered {deliveries - 1} times, never finished"
                await self._bury(entry, self._keys.person(job.person), reason, deliveries, job)
                continue
            claims.append(Claim(entry.decode(), job, deliveries))
        return claims

    async def _bury(
        self, entry: bytes, person: str, reason: str, deliveries: int, job: CaptionJob | None = None
    ) -> None:
        """Moves a job to the dead letters, without its photo, and tells its person if known."""
        adapter = job.adapter if job else ""
        arguments: list[Argument] = [
            GROUP,
            entry,
            DEAD_LETTERS,
            _milliseconds(_DEAD),
            reason,
            deliveries,
            job.id if job else "",
            adapter,
            _lives(adapter),
        ]
        if job:
            arguments += _message(seal_reply(gave_up(job)))
        keys = [self._keys.jobs, person, self._keys.dead, self._keys.replies(adapter)]
        if await self._server.script(scripts.BURY, keys, arguments):
            log.warning("gave up on %s: %s", job.id[:8] if job else "an entry", reason)

    async def _for_each(self, script: str, consumer: str, claims: Sequence[Claim]) -> None:
        if claims:
            entries = [claim.entry for claim in claims]
            await self._server.script(script, [self._keys.jobs], [GROUP, consumer, *entries])

    # --- replies

    async def _open_replies(
        self, adapter: str, entries: Iterable[Entry], *, repeated: bool
    ) -> list[Delivery]:
        found = []
        for entry, fields in entries:
            try:
                found.append(Delivery(entry.decode(), decode_reply(fields), repeated))
            except WireError as error:
                log.warning("dropped a reply to %s that is none: %s", adapter, error)
                await self._forget_reply(adapter, entry.decode())
        return found

    async def _forget_reply(self, adapter: str, entry: str) -> None:
        await self._server.script(scripts.DONE, [self._keys.replies(adapter)], [GROUP, entry])


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _lives(adapter: str) -> int:
    """How long an adapter's replies outlive its last sign of life, in ms; 0 for ever.

    A web process ("web.INSTANCE") that is gone never returns under the same name; a bot does.
    """
    return _milliseconds(_PASSING) if "." in adapter else 0


def _flat(fields: Fields) -> list[bytes]:
    return [part for field in fields.items() for part in field]


def _message(fields: Fields) -> list[bytes]:
    return [fields[b"v"], fields[b"body"], fields[b"blob"]]


def _fields(flat: Sequence[bytes] | None) -> dict[bytes, bytes]:
    parts = iter(flat or ())
    return dict(zip(parts, parts, strict=True))


def _entries(answer: Iterable[tuple[bytes, Sequence[bytes] | None]]) -> list[Entry]:
    return [(entry, _fields(flat)) for entry, flat in answer]
