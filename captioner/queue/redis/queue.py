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
    checked_job_fields,
    checked_reply_fields,
    count_workers,
    limit_deliveries,
    with_request_data,
)
from captioner.queue.messages import (
    CaptionJob,
    CaptionReply,
    Failure,
    NewerWireError,
    WireError,
    decode_reply,
    unreadable_reply,
)
from captioner.queue.redis import scripts
from captioner.queue.redis.connection import Argument, ClockSkew, Server
from captioner.queue.redis.consumer import JobConsumer
from captioner.queue.redis.inspection import RedisInspection
from captioner.queue.redis.schema import (
    GROUP,
    Entry,
    Keys,
    common_suffix_length,
    declared_capabilities,
    digest,
    entries,
    flatten,
    lane_and_entry,
    message_values,
    milliseconds,
    reply_lifetime,
    unflatten,
)

_PERSON = 7 * 86_400.0  # longer than any job lives

log = logging.getLogger("captioner.queue")


class RedisQueue(RedisInspection):
    """A JobQueue on a Redis 7 server; all processes of one bot use the same URL and prefix."""

    def __init__(self, url: str, limits: Limits, prefix: str = "captionbot") -> None:
        """Connects on first use. Raises ValueError for an invalid URL or prefix."""
        self.limits = limits
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
        fields = checked_job_fields(job)
        # With the person's id in the entry, even an unreadable one frees its slot.
        fields[b"p"] = digest(job.person).encode()
        token = uuid.uuid4().hex
        answer = await self._server.run_script(
            scripts.SUBMIT,
            [
                self._keys.workers,
                self._keys.seen(job.dedupe),
                self._keys.person(job.person),
                self._keys.cache(job.cache_key),
                *self._keys.lanes,
            ],
            [
                self.limits.depth,
                self.limits.per_person,
                milliseconds(self.limits.dedupe_for) if job.dedupe else 0,
                f"{job.id} {token}",
                milliseconds(_PERSON),
                int(look),
                *flatten(fields),
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
            [self._keys.seen(job.dedupe), self._keys.replies(job.adapter)],
            [
                milliseconds(self.limits.dedupe_for) if job.dedupe else 0,
                f"{job.id} {token}",
                reply_lifetime(job.adapter),
                *message_values(checked_reply_fields(with_request_data(job, reply))),
            ],
        )
        return self._receipt(job, token, *said)

    async def take_replies(
        self, adapter: str, consumer: str, *, count: int = 16, wait: float = 5.0
    ) -> list[Delivery]:
        stream, deadline = self._keys.replies(adapter), time.monotonic() + wait
        await self._clock.check(f"replies:{adapter}", [stream])
        while True:
            read_on = self._replay_from.setdefault((adapter, consumer), "0")
            own, left, fresh = await self._server.run_script(
                scripts.TAKE_REPLIES,
                [stream],
                [GROUP, consumer, self._visibility, count, reply_lifetime(adapter), read_on],
                lives=reply_lifetime(adapter),
            )
            self._replay_from[adapter, consumer] = own[-1][0] if own else ""
            found = await self._open_replies(adapter, entries(own + left + fresh))
            if not (found or own or left or fresh):
                if (rest := deadline - time.monotonic()) <= 0:
                    return []
                for _, news in await self._server.read([stream], consumer, count=count, block=rest):
                    found = await self._open_replies(adapter, [(entry, 1) for entry in news])
            if found:
                return found

    async def hold(self, adapter: str, consumer: str, deliveries: Sequence[Delivery]) -> int:
        named: list[Argument] = [part for held in deliveries for part in (0, held.entry)]
        still = await self._server.run_script(
            scripts.RENEW,
            [self._keys.replies(adapter)],
            [GROUP, consumer, *named],
            lives=reply_lifetime(adapter),
        )
        return int(still)

    async def mark_sent(self, job_id: str) -> bool:
        arguments: list[Argument] = [milliseconds(SENT_FOR), uuid.uuid4().hex]
        marked = await self._server.run_script(
            scripts.MARK_SENT, [self._keys.sent(job_id)], arguments
        )
        return bool(marked)

    async def was_sent(self, job_id: str) -> bool:
        return bool(await self._server.run_script(scripts.WAS_SENT, [self._keys.sent(job_id)], []))

    async def done(self, adapter: str, delivery: Delivery) -> None:
        await self._forget_reply(adapter, delivery.entry)

    # --- the workers' side

    async def take(
        self, consumer: str, *, max_batch: int, wait: float = 5.0, top_up: float = 0.005
    ) -> list[Claim]:
        return await self._consumer.take(consumer, max_batch=max_batch, wait=wait, top_up=top_up)

    async def renew(self, consumer: str, claims: Sequence[Claim]) -> None:
        await self._consumer.for_each(scripts.RENEW, consumer, claims)

    async def finish(self, claim: Claim, reply: CaptionReply) -> bool:
        job, kept = claim.job, cacheable_fields(claim.job, reply)
        version, body, blob = message_values(checked_reply_fields(with_request_data(job, reply)))
        kept_body = kept[b"body"] if kept else b""
        alike = common_suffix_length(body, kept_body)
        lane, entry = lane_and_entry(claim)
        finished = await self._server.run_script(
            scripts.FINISH,
            [
                self._keys.lanes[lane],
                self._keys.person(job.person),
                self._keys.replies(job.adapter),
                self._keys.cache(job.cache_key),
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

    @property
    def _visibility(self) -> int:
        return milliseconds(self.limits.visibility)

    async def _open_replies(
        self, adapter: str, entries: Iterable[tuple[Entry, int]]
    ) -> list[Delivery]:
        """The replies that can be sent; `JobQueue.take_replies` says what happens to the others."""
        found = []
        for (raw, fields), deliveries in entries:
            entry = raw.decode()
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
                found.append(Delivery(entry, rest, repeated=deliveries > 1))
                continue
            else:
                log.warning(DROPPED_MESSAGE, adapter, reply.job_id[:8], deliveries - 1)
            await self._forget_reply(adapter, entry)
        return found

    async def _forget_reply(self, adapter: str, entry: str) -> None:
        await self._server.run_script(scripts.DONE, [self._keys.replies(adapter)], [GROUP, entry])
