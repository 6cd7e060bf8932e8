"""The queue inside one process: the same contract, nothing to install, gone with the process."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from captioner.jobs import CaptionJob, CaptionReply, Fields, decode_job, decode_reply
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
    QueueUnavailable,
    Receipt,
)
from captioner.queue.remembered import Remembered

_CACHE_BYTES = 64 * 1024 * 1024
_NEVER = float("inf")

log = logging.getLogger("captioner.queue")


@dataclass(slots=True)
class _Job:
    entry: str
    job: CaptionJob
    deliveries: int = 0
    holder: str = ""
    held_until: float = 0.0  # by the monotonic clock


@dataclass(slots=True)
class _Reply:
    entry: str
    reply: CaptionReply
    deliveries: int = 0
    held_until: float = 0.0


@dataclass(slots=True)
class _Mailbox:
    """An adapter's replies."""

    waiting: deque[_Reply] = field(default_factory=deque)
    held: dict[str, _Reply] = field(default_factory=dict)


class MemoryQueue(JobQueue):
    """A JobQueue for adapters and a worker that share one process and one event loop.

    Its state changes only between two awaits, so each method is atomic as it stands.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._entries = itertools.count(1)
        self._unfinished: dict[str, _Job] = {}  # waiting or held
        self._waiting: deque[_Job] = deque()
        self._again: deque[_Job] = deque()  # taken before and given back, or taken away
        self._held: dict[str, _Job] = {}
        self._people: Counter[str] = Counter()
        self._mailboxes: dict[str, _Mailbox] = {}
        self._seen: Remembered[str] = Remembered(limits.dedupe_for)
        self._sent: Remembered[bool] = Remembered(SENT_FOR)
        self._cache: Remembered[Fields] = Remembered(limits.cache_for, _CACHE_BYTES)
        self._dead: deque[tuple[str, str]] = deque(maxlen=DEAD_LETTERS)
        self._news = asyncio.Event()
        self._closed = False

    async def submit(self, job: CaptionJob) -> Receipt:
        self._check_open()
        job = decode_job(seal_job(job))
        if job.dedupe and (first := self._seen.get(job.dedupe)):
            return Receipt(first, ahead=0, duplicate=True)
        ahead = len(self._unfinished)
        if ahead >= self.limits.depth:
            raise QueueFull(RETRY_AFTER)
        if self._people[job.person] >= self.limits.per_person:
            raise PersonBusy(f"{self.limits.per_person} photos of this person are in flight")
        item = _Job(str(next(self._entries)), job)
        self._unfinished[item.entry] = item
        self._waiting.append(item)
        self._people[job.person] += 1
        if job.dedupe:
            self._seen.put(job.dedupe, job.id)
        self._announce()
        return Receipt(job.id, ahead)

    async def cached(self, cache_key: str) -> CaptionReply | None:
        self._check_open()
        fields = self._cache.get(cache_key) if cache_key else None
        return decode_reply(fields) if fields else None

    async def take_replies(
        self,
        adapter: str,
        consumer: str,  # noqa: ARG002 - in one process nobody takes over from another by name
        *,
        count: int = 16,
        wait: float = 5.0,
    ) -> list[Delivery]:
        box = self._mailboxes.setdefault(adapter, _Mailbox())
        deadline = time.monotonic() + wait
        while True:
            self._check_open()
            if found := self._claim_replies(box, count):
                return found
            expiry = min((reply.held_until for reply in box.held.values()), default=_NEVER)
            if not await self._something_new(deadline, expiry):
                return []

    async def mark_sent(self, job_id: str) -> bool:
        self._check_open()
        if self._sent.get(job_id):
            return False
        self._sent.put(job_id, value=True)
        return True

    async def done(self, adapter: str, delivery: Delivery) -> None:
        self._check_open()
        if box := self._mailboxes.get(adapter):
            box.held.pop(delivery.entry, None)

    async def take(
        self, consumer: str, *, max_batch: int, wait: float = 5.0, top_up: float = 0.005
    ) -> list[Claim]:
        deadline = time.monotonic() + wait
        while True:
            self._check_open()
            if claims := self._claim_jobs(consumer, max_batch):
                break
            expiry = min((item.held_until for item in self._held.values()), default=_NEVER)
            if not await self._something_new(deadline, expiry):
                return []
        if len(claims) < max_batch and claims[0].deliveries == 1:
            try:
                await asyncio.sleep(top_up)
            except asyncio.CancelledError:
                self._give_back(consumer, claims)
                raise
            claims += self._claim_fresh(consumer, max_batch - len(claims))
        return claims

    async def renew(self, consumer: str, claims: Sequence[Claim]) -> None:
        self._check_open()
        for item in self._still_held(consumer, claims):
            item.held_until = time.monotonic() + self.limits.visibility

    async def finish(self, claim: Claim, reply: CaptionReply) -> bool:
        self._check_open()
        sealed, to_keep = seal_reply(reply), to_cache(claim.job, reply)
        if not self._forget(claim.entry):
            return False
        if to_keep:
            size = sum(map(len, to_keep.values()))
            self._cache.put(claim.job.cache_key, to_keep, size)
        self._post(claim.job.adapter, decode_reply(sealed))
        return True

    async def release(self, consumer: str, claims: Sequence[Claim]) -> None:
        self._check_open()
        self._give_back(consumer, claims)

    async def depth(self) -> int:
        self._check_open()
        return len(self._unfinished)

    async def ping(self) -> None:
        self._check_open()

    async def close(self) -> None:
        """Everybody who waits on this queue is told that it is gone."""
        self._closed = True
        self._announce()

    # --- waiting for something to happen

    def _check_open(self) -> None:
        if self._closed:
            raise QueueUnavailable("the queue of this process was closed")

    def _announce(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _something_new(self, deadline: float, expiry: float) -> bool:
        """Sleeps until there may be something to take; False once the deadline has passed."""
        now = time.monotonic()
        if now >= deadline:
            return False
        news = self._news
        try:
            async with asyncio.timeout(max(0.0, min(deadline, expiry) - now)):
                await news.wait()
        except TimeoutError:
            pass
        return True

    # --- jobs

    def _claim_jobs(self, consumer: str, max_batch: int) -> list[Claim]:
        now = time.monotonic()
        for entry, item in list(self._held.items()):
            if item.held_until <= now:
                del self._held[entry]
                self._again.append(item)
        claims: list[Claim] = []
        while self._again and len(claims) < max_batch:
            item = self._again[0]
            if item.entry not in self._unfinished:
                self._again.popleft()
            elif item.deliveries >= self.limits.max_deliveries:
                self._bury(self._again.popleft())
            elif item.deliveries == 0:
                claims.append(self._hold(consumer, self._again.popleft()))
            elif claims:
                return claims  # the next was delivered before: it comes alone
            else:
                return [self._hold(consumer, self._again.popleft())]
        return claims + self._claim_fresh(consumer, max_batch - len(claims))

    def _claim_fresh(self, consumer: str, room: int) -> list[Claim]:
        return [
            self._hold(consumer, self._waiting.popleft())
            for _ in range(min(room, len(self._waiting)))
        ]

    def _hold(self, consumer: str, item: _Job) -> Claim:
        item.deliveries += 1
        item.holder, item.held_until = consumer, time.monotonic() + self.limits.visibility
        self._held[item.entry] = item
        return Claim(item.entry, item.job, item.deliveries)

    def _still_held(self, consumer: str, claims: Sequence[Claim]) -> list[_Job]:
        items = (self._held.get(claim.entry) for claim in claims)
        return [item for item in items if item and item.holder == consumer]

    def _give_back(self, consumer: str, claims: Sequence[Claim]) -> None:
        for item in self._still_held(consumer, claims):
            del self._held[item.entry]
            item.deliveries -= 1
            self._again.append(item)
        self._announce()

    def _bury(self, item: _Job) -> None:
        self._forget(item.entry)
        self._dead.append((item.job.id, f"delivered {item.deliveries} times, never finished"))
        log.warning("gave up on %s after %d deliveries", item.job.id[:8], item.deliveries)
        self._post(item.job.adapter, gave_up(item.job))

    def _forget(self, entry: str) -> bool:
        item = self._unfinished.pop(entry, None)
        if item is None:
            return False
        self._held.pop(entry, None)
        self._people[item.job.person] -= 1
        if not self._people[item.job.person]:
            del self._people[item.job.person]
        return True

    # --- replies

    def _post(self, adapter: str, reply: CaptionReply) -> None:
        box = self._mailboxes.setdefault(adapter, _Mailbox())
        box.waiting.append(_Reply(str(next(self._entries)), reply))
        self._announce()

    def _claim_replies(self, box: _Mailbox, count: int) -> list[Delivery]:
        now = time.monotonic()
        found = [reply for reply in box.held.values() if reply.held_until <= now][:count]
        while box.waiting and len(found) < count:
            found.append(box.waiting.popleft())
        for reply in found:
            reply.deliveries += 1
            reply.held_until = now + self.limits.visibility
            box.held[reply.entry] = reply
        return [Delivery(r.entry, r.reply, repeated=r.deliveries > 1) for r in found]
