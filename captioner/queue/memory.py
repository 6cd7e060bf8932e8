"""The queue inside one process: the same interface, without Redis, lost when the process ends."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import math
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from cachetools import TTLCache

from captioner.capabilities import Capabilities
from captioner.queue.base import (
    Claim,
    Delivery,
    JobQueue,
    Limits,
    Overview,
    PersonBusy,
    QueueFull,
    QueueUnavailable,
    Receipt,
    Workers,
)
from captioner.queue.common import (
    DEAD_LETTERS,
    LANES,
    RETRY_AFTER,
    SENT_FOR,
    HeardWorker,
    cacheable_fields,
    failure_reply,
    reply_fields,
)
from captioner.queue.memory_structures import (
    FairQueue,
    ReplyQueue,
    WorkerRegistry,
    lane_of,
)
from captioner.queue.messages import (
    CaptionJob,
    CaptionReply,
    Failure,
    Fields,
    decode_job,
    decode_reply,
    encode_job,
)
from captioner.telemetry.metrics import count_dead
from captioner.telemetry.tracing import about

_CACHE_BYTES = 64 * 1024 * 1024
_NEVER = float("inf")

log = logging.getLogger("captioner.queue")


@dataclass(slots=True)
class _Job:
    entry: str
    job: CaptionJob
    lane: int
    deliveries: int = 0
    holder: str = ""
    held_until: float = 0.0  # by the monotonic clock, as is:
    came: float = field(default_factory=time.monotonic)


class MemoryQueue(JobQueue):
    """A JobQueue for adapters and a worker that share one process and one event loop.

    The state only changes between two awaits, so each method is atomic.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._entries = itertools.count(1)
        self._unfinished: dict[str, _Job] = {}  # waiting or held
        self._waiting: FairQueue[_Job] = FairQueue()
        self._in_lane = [0] * LANES  # waiting or held
        self._redelivery: deque[_Job] = deque()  # taken before and given back, or taken away
        self._held: dict[str, _Job] = {}
        self._people: Counter[str] = Counter()
        self._reply_queues: dict[str, ReplyQueue] = {}
        self._seen = _remembered(limits.dedupe_for)
        self._sent = _remembered(SENT_FOR)
        self._cache: TTLCache[str, Fields] = TTLCache(
            _CACHE_BYTES, limits.cache_for, getsizeof=lambda fields: sum(map(len, fields.values()))
        )
        self._registry = WorkerRegistry(limits.visibility)
        self._dead: deque[str] = deque(maxlen=DEAD_LETTERS)  # ids of jobs that were given up
        self._changed = asyncio.Event()
        self._closed = False

    async def submit(self, job: CaptionJob) -> Receipt:
        self._check_open()
        job = decode_job(encode_job(job))
        if job.dedupe and (first := self._seen.get(job.dedupe)):
            return Receipt(first, ahead=0, duplicate=True)
        if len(self._unfinished) >= self.limits.depth:
            raise QueueFull(RETRY_AFTER)
        if self._people[job.person] >= self.limits.per_person:
            raise PersonBusy(f"{self.limits.per_person} photos of this person are in flight")
        item = _Job(str(next(self._entries)), job, lane_of(self._people[job.person]))
        ahead = sum(self._in_lane[: item.lane + 1])
        self._unfinished[item.entry] = item
        self._in_lane[item.lane] += 1
        self._waiting.put(item, item.lane)
        self._people[job.person] += 1
        if job.dedupe:
            self._seen[job.dedupe] = job.id
        self._notify()
        return Receipt(job.id, ahead, waking=self._registry.count().waking)

    async def submit_unless_cached(self, job: CaptionJob) -> Receipt | CaptionReply:
        self._check_open()
        kept = self._cache.get(job.cache_key) if job.cache_key else None
        return decode_reply(kept) if kept else await self.submit(job)

    async def answer(self, job: CaptionJob, reply: CaptionReply) -> Receipt:
        self._check_open()
        sealed = reply_fields(job, reply)
        if job.dedupe and (first := self._seen.get(job.dedupe)):
            return Receipt(first, ahead=0, duplicate=True)
        if job.dedupe:
            self._seen[job.dedupe] = job.id
        self._post(job.adapter, decode_reply(sealed))
        return Receipt(job.id, ahead=0)

    async def take_replies(
        self,
        adapter: str,
        consumer: str,  # noqa: ARG002 - in one process nobody takes over from another by name
        *,
        count: int = 16,
        wait: float = 5.0,
    ) -> list[Delivery]:
        box = self._reply_queues.setdefault(adapter, ReplyQueue())
        deadline = time.monotonic() + wait
        while True:
            self._check_open()
            if found := box.claim(count, seconds=self.limits.visibility):
                return found
            if not await self._wait_for_change(deadline, box.next_expiry()):
                return []

    async def hold(
        self,
        adapter: str,
        consumer: str,  # noqa: ARG002 - as in `take_replies`
        deliveries: Sequence[Delivery],
    ) -> int:
        self._check_open()
        box = self._reply_queues.get(adapter, ReplyQueue())
        return sum(box.hold(held.entry, seconds=self.limits.visibility) for held in deliveries)

    async def mark_sent(self, job_id: str) -> bool:
        self._check_open()
        if job_id in self._sent:
            return False
        self._sent[job_id] = job_id
        return True

    async def was_sent(self, job_id: str) -> bool:
        self._check_open()
        return job_id in self._sent

    async def done(self, adapter: str, delivery: Delivery) -> None:
        self._check_open()
        if box := self._reply_queues.get(adapter):
            box.done(delivery.entry)

    async def take(
        self, consumer: str, *, max_batch: int, wait: float = 5.0, top_up: float = 0.005
    ) -> list[Claim]:
        deadline = time.monotonic() + wait
        while True:
            self._check_open()
            if claims := self._claim_jobs(consumer, max_batch):
                break
            expiry = min((item.held_until for item in self._held.values()), default=_NEVER)
            if not await self._wait_for_change(deadline, expiry):
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
        sealed, to_keep = (
            reply_fields(claim.job, reply),
            cacheable_fields(claim.job, reply),
        )
        if not self._forget(claim.entry):
            return False
        if to_keep:
            with contextlib.suppress(ValueError):  # larger than the whole cache
                self._cache[claim.job.cache_key] = to_keep
        self._post(claim.job.adapter, decode_reply(sealed))
        return True

    async def release(self, consumer: str, claims: Sequence[Claim]) -> None:
        self._check_open()
        self._give_back(consumer, claims)

    async def announce(
        self,
        consumer: str,
        *,
        ready: bool,
        model: str = "",
        capabilities: Capabilities | None = None,
    ) -> None:
        self._check_open()
        self._registry.register(consumer, HeardWorker(ready, model, capabilities))

    async def leave(self, consumer: str) -> None:
        self._check_open()
        self._registry.leave(consumer)

    async def workers(self) -> Workers:
        self._check_open()
        return self._registry.count()

    async def depth(self) -> int:
        self._check_open()
        return len(self._unfinished)

    async def overview(self) -> Overview:
        self._check_open()
        came = [item.came for item in self._unfinished.values()]
        oldest = time.monotonic() - min(came) if came else 0.0
        return Overview(tuple(self._in_lane), len(self._held), oldest, len(self._dead))

    async def ping(self) -> None:
        self._check_open()

    async def close(self) -> None:
        """Close the queue; everybody who waits on it gets QueueUnavailable."""
        self._closed = True
        self._notify()

    # --- waiting for something to happen

    def _check_open(self) -> None:
        if self._closed:
            raise QueueUnavailable("the queue of this process was closed")

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _wait_for_change(self, deadline: float, expiry: float) -> bool:
        """Sleep until there may be something to take; False once the deadline has passed."""
        now = time.monotonic()
        if now >= deadline:
            return False
        news = self._changed
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
                self._redelivery.append(item)
        claims: list[Claim] = []
        while self._redelivery and len(claims) < max_batch:
            item = self._redelivery[0]
            if item.entry not in self._unfinished:
                self._redelivery.popleft()
            elif item.deliveries >= self.limits.max_deliveries:
                self._give_up(self._redelivery.popleft())
            elif item.deliveries == 0:
                claims.append(self._hold(consumer, self._redelivery.popleft()))
            elif claims:
                return claims  # the next was delivered before: it comes alone
            else:
                return [self._hold(consumer, self._redelivery.popleft())]
        return claims + self._claim_fresh(consumer, max_batch - len(claims))

    def _claim_fresh(self, consumer: str, room: int) -> list[Claim]:
        return [self._hold(consumer, item) for item in self._waiting.take(room)]

    def _hold(self, consumer: str, item: _Job) -> Claim:
        item.deliveries += 1
        item.holder, item.held_until = consumer, time.monotonic() + self.limits.visibility
        self._held[item.entry] = item
        return Claim(item.entry, item.job, item.deliveries, time.monotonic() - item.came)

    def _still_held(self, consumer: str, claims: Sequence[Claim]) -> list[_Job]:
        items = (self._held.get(claim.entry) for claim in claims)
        return [item for item in items if item and item.holder == consumer]

    def _give_back(self, consumer: str, claims: Sequence[Claim]) -> None:
        for item in self._still_held(consumer, claims):
            del self._held[item.entry]
            item.deliveries -= 1
            self._redelivery.append(item)
        self._notify()

    def _give_up(self, item: _Job) -> None:
        self._forget(item.entry)
        self._dead.append(item.job.id)
        count_dead("too_often", item.job.adapter)
        with about(item.job.id):
            log.warning("gave up on %s after %d deliveries", item.job.id[:8], item.deliveries)
        self._post(item.job.adapter, failure_reply(item.job, Failure.GAVE_UP))

    def _forget(self, entry: str) -> bool:
        item = self._unfinished.pop(entry, None)
        if item is None:
            return False
        self._held.pop(entry, None)
        self._in_lane[item.lane] -= 1
        self._people[item.job.person] -= 1
        if not self._people[item.job.person]:
            del self._people[item.job.person]
        return True

    def _post(self, adapter: str, reply: CaptionReply) -> None:
        self._reply_queues.setdefault(adapter, ReplyQueue()).post(reply)
        self._notify()


def _remembered(seconds: float) -> TTLCache[str, str]:
    return TTLCache(math.inf, seconds)
