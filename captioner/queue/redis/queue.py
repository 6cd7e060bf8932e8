"""RedisQueue: the queue on Redis Streams.

Each lane of jobs is a stream with one consumer group, whose consumers are the workers. Each adapter
has a stream of replies, whose consumers are that adapter's processes. Everything that must be
atomic is one script (see `scripts`), so a process may die between any two lines here.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from captioner.capabilities import Capabilities
from captioner.queue.base import (
    Claim,
    Delivery,
    Limits,
    PersonBusy,
    QueueFull,
    Receipt,
    Workers,
)
from captioner.queue.common import (
    DROPPED_MESSAGE,
    RETRY_AFTER,
    SENT_FOR,
    HeardWorker,
    cacheable_fields,
    count_workers,
    limit_deliveries,
    reply_fields,
)
from captioner.queue.messages import (
    CaptionJob,
    CaptionReply,
    Failure,
    NewerWireError,
    WireError,
    decode_reply,
    encode_job,
    unreadable_reply,
)
from captioner.queue.redis import scripts
from captioner.queue.redis.connection import Argument, ClockSkew, Server
from captioner.queue.redis.consumer import JobConsumer
from captioner.queue.redis.inspection import RedisInspection
from captioner.queue.redis.schema import (
    GROUP,
    Keys,
    common_suffix_length,
    declared_capabilities,
    digest,
    lane_and_entry,
    message_values,
    milliseconds,
    reply_lifetime,
    unflatten,
)

_SENT_FOR = milliseconds(SENT_FOR)
_PERSON = 7 * 86_400_000  # ms; longer than any job lives

log = logging.getLogger("captioner.queue")


class RedisQueue(RedisInspection):
    """A JobQueue on a Redis 7 server; all processes of one bot use the same URL and prefix."""

    def __init__(self, url: str, limits: Limits, prefix: str = "captionbot") -> None:
        """Connects on first use. Raises ValueError for an invalid URL or prefix."""
        self.limits = limits
        self._visibility = milliseconds(limits.visibility)
        self._dedupe_for = milliseconds(limits.dedupe_for)
        self._keys = Keys(prefix)
        self._server = Server(url)
        self._clock = ClockSkew(self._server, self._keys, visibility=limits.visibility)
        self._consumer = JobConsumer(self._server, self._keys, limits, self._clock)
        self._replay_from: dict[tuple[str, str], str] = {}  # in replies held before this start

    # --- the adapters' side

    async def submit(self, job: CaptionJob) -> Receipt:
        return self._receipt(job, *await self._submit(job))

    async def submit_unless_cached(self, job: CaptionJob) -> Receipt | CaptionReply:
        token, status, *more = await self._submit(job, look=bool(job.cache_key))
        if status != b"cached":
            return self._receipt(job, token, status, *more)
        try:
            return decode_reply(unflatten(more[0]))
        except WireError:  # of another version
            return await self.submit(job)

    async def _submit(self, job: CaptionJob, *, look: bool = False) -> list[Any]:
        """A token for this submission, and the script's answer.

        The token tells a retry of this submission from a repeated update.
        """
        fields = encode_job(job)
        person, token = digest(job.person), uuid.uuid4().hex
        # With the person's id in the entry, even an unreadable one frees its slot.
        fields[b"p"] = person.encode()
        answer = await self._server.run_script(
            scripts.SUBMIT,
            [
                self._keys.workers,
                self._keys.of("seen", digest(job.dedupe)),
                self._keys.of("person", person),
                self._keys.of("cache", digest(job.cache_key)),
                *self._keys.lanes,
            ],
            [
                self.limits.depth,
                self.limits.per_person,
                self._dedupe_for if job.dedupe else 0,
                f"{job.id} {token}",
                _PERSON,
                int(look),
                *chain.from_iterable(fields.items()),
            ],
        )
        return [token, *answer]

    def _receipt(
        self,
        job: CaptionJob,
        token: str,
        status: bytes,
        detail: Any,  # noqa: ANN401 - of each status another
        waking: int = 0,
    ) -> Receipt:
        if status == b"full":
            raise QueueFull(RETRY_AFTER)
        if status == b"busy":
            raise PersonBusy(f"{self.limits.per_person} photos of this person are in flight")
        if status == b"known":
            first, _, owner = detail.decode().rpartition(" ")
            return Receipt(first, ahead=0, duplicate=owner != token)
        return Receipt(job.id, int(detail), waking=bool(waking))

    async def answer(self, job: CaptionJob, reply: CaptionReply) -> Receipt:
        token = uuid.uuid4().hex  # as in `_submit`
        said = await self._server.run_script(
            scripts.ANSWER,
            [
                self._keys.of("seen", digest(job.dedupe)),
                self._keys.of("replies", job.adapter),
            ],
            [
                self._dedupe_for if job.dedupe else 0,
                f"{job.id} {token}",
                reply_lifetime(job.adapter),
                *message_values(reply_fields(job, reply)),
            ],
        )
        return self._receipt(job, token, *said)

    async def take_replies(
        self, adapter: str, consumer: str, *, count: int = 16, wait: float = 5.0
    ) -> list[Delivery]:
        stream, deadline = self._keys.of("replies", adapter), time.monotonic() + wait
        lives = reply_lifetime(adapter)
        await self._clock.check(f"replies:{adapter}", [stream])
        while True:
            read_on = self._replay_from.setdefault((adapter, consumer), "0")
            own, left, fresh = await self._server.run_script(
                scripts.TAKE_REPLIES,
                [stream],
                [GROUP, consumer, self._visibility, count, lives, read_on],
                lives=lives,
            )
            self._replay_from[adapter, consumer] = own[-1][0] if own else ""
            taken = [(entry, unflatten(parts), times) for entry, parts, times in own + left + fresh]
            if not taken:
                if (rest := deadline - time.monotonic()) <= 0:
                    return []
                for _, news in await self._server.read([stream], consumer, count=count, block=rest):
                    taken = [(entry, fields, 1) for entry, fields in news]
            found = await self._open_replies(adapter, taken)
            if found:
                return found

    async def hold(self, adapter: str, consumer: str, deliveries: Sequence[Delivery]) -> int:
        named: list[Argument] = [part for held in deliveries for part in (0, held.entry)]
        still = await self._server.run_script(
            scripts.RENEW,
            [self._keys.of("replies", adapter)],
            [GROUP, consumer, *named],
            lives=reply_lifetime(adapter),
        )
        return int(still)

    async def mark_sent(self, job_id: str) -> bool:
        arguments: list[Argument] = [_SENT_FOR, uuid.uuid4().hex]
        marked = await self._server.run_script(
            scripts.MARK_SENT, [self._keys.of("sent", digest(job_id))], arguments
        )
        return bool(marked)

    async def was_sent(self, job_id: str) -> bool:
        key = self._keys.of("sent", digest(job_id))
        return bool(await self._server.run_script(scripts.WAS_SENT, [key], []))

    async def done(self, adapter: str, delivery: Delivery) -> None:
        keys = [self._keys.of("replies", adapter)]
        await self._server.run_script(scripts.DONE, keys, [GROUP, delivery.entry])

    # --- the workers' side

    async def take(
        self, consumer: str, *, max_batch: int, wait: float = 5.0, top_up: float = 0.005
    ) -> list[Claim]:
        return await self._consumer.take(consumer, max_batch=max_batch, wait=wait, top_up=top_up)

    async def renew(self, consumer: str, claims: Sequence[Claim]) -> None:
        await self._consumer.for_each(scripts.RENEW, consumer, claims)

    async def finish(self, claim: Claim, reply: CaptionReply) -> bool:
        job, kept = claim.job, cacheable_fields(claim.job, reply)
        version, body, blob = message_values(reply_fields(job, reply))
        kept_body = kept[b"body"] if kept else b""
        alike = common_suffix_length(body, kept_body)
        lane, entry = lane_and_entry(claim)
        finished = await self._server.run_script(
            scripts.FINISH,
            [
                self._keys.lanes[lane],
                self._keys.of("person", digest(job.person)),
                self._keys.of("replies", job.adapter),
                self._keys.of("cache", digest(job.cache_key)),
            ],
            [
                GROUP,
                entry,
                claim.entry,
                reply_lifetime(job.adapter),
                milliseconds(self.limits.cache_for) if kept else 0,
                version,
                blob,
                body[: len(body) - alike],
                kept_body[: len(kept_body) - alike],
                body[len(body) - alike :],
            ],
        )
        return bool(finished)

    async def release(self, consumer: str, claims: Sequence[Claim]) -> None:
        await self._consumer.for_each(scripts.RELEASE, consumer, claims)

    async def announce(
        self,
        consumer: str,
        *,
        ready: bool,
        model: str = "",
        capabilities: Capabilities | None = None,
    ) -> None:
        await self._server.run_script(
            scripts.ANNOUNCE,
            self._keys.registry,
            [
                consumer,
                self._visibility,
                "ready" if ready else "loading",
                model,
                capabilities.to_json() if capabilities else "",
            ],
        )

    async def leave(self, consumer: str) -> None:
        await self._server.run_script(scripts.LEAVE, self._keys.registry, [consumer])

    # --- everybody

    async def workers(self) -> Workers:
        silent, said = await self._server.run_script(scripts.WORKERS, self._keys.registry, [])
        workers = [
            HeardWorker(state == b"ready", model.decode(), declared_capabilities(raw))
            for state, model, raw in said
        ]
        return count_workers(workers, max(silent, 0) / 1000)

    async def depth(self) -> int:
        return int(await self._server.run_script(scripts.DEPTH, self._keys.lanes, []))

    # --- anybody

    async def ping(self) -> None:
        await self._server.ping()

    async def close(self) -> None:
        await self._server.close()

    # --- replies

    async def _open_replies(
        self, adapter: str, taken: Iterable[tuple[bytes, dict[bytes, bytes], int]]
    ) -> list[Delivery]:
        """The replies that can be sent; `JobQueue.take_replies` says what happens to the others."""
        found = []
        for entry, fields, deliveries in taken:
            try:
                reply: CaptionReply | None = decode_reply(fields)
            except NewerWireError:
                if deliveries <= self.limits.max_deliveries:
                    log.info("%s: a reply of a newer version is left to newer processes", adapter)
                    continue
                reply = unreadable_reply(fields, Failure.INTERNAL)
            except WireError as error:
                log.warning("%s: a reply that is none: %s", adapter, error)
                reply = unreadable_reply(fields, Failure.INTERNAL)
            if reply is None:
                log.warning("%s: dropped a reply that tells nobody anything", adapter)
            elif (rest := limit_deliveries(reply, deliveries)) is not None:
                found.append(Delivery(entry.decode(), rest, repeated=deliveries > 1))
                continue
            else:
                log.warning(DROPPED_MESSAGE, adapter, reply.job_id[:8], deliveries - 1)
            keys = [self._keys.of("replies", adapter)]
            await self._server.run_script(scripts.DONE, keys, [GROUP, entry])
        return found
