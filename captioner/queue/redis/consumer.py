"""Takes jobs for workers, and moves jobs that cannot be done to the dead letters."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from captioner.queue import common
from captioner.queue import messages as jobs
from captioner.queue.base import Claim, Limits
from captioner.queue.common import failure_reply, unfinished_reason
from captioner.queue.messages import (
    CaptionJob,
    CaptionReply,
    Failure,
    NewerWireError,
    WireError,
    decode_job,
    encode_reply,
    unreadable_reply,
)
from captioner.queue.redis import scripts
from captioner.queue.redis.connection import Argument, ClockSkew, Server
from captioner.queue.redis.schema import (
    GROUP,
    Keys,
    claim_name,
    digest,
    lane_and_entry,
    message_values,
    milliseconds,
    reply_lifetime,
    unflatten,
)
from captioner.telemetry.metrics import count_dead
from captioner.telemetry.tracing import about

_DEAD = 30 * 86_400_000  # ms
_NEVER = 2**50  # ms: nothing was ever held for so long
_NEWER = "(kept for newer workers)"  # no name of a host has a bracket

log = logging.getLogger("captioner.queue")


class JobConsumer:
    """Takes jobs from the lanes, and renews or releases them."""

    def __init__(self, server: Server, keys: Keys, limits: Limits, clock: ClockSkew) -> None:
        self._clock = clock
        self._server, self._keys, self._limits = server, keys, limits
        self._grouped = False

    async def take(
        self, consumer: str, *, max_batch: int, wait: float, top_up: float
    ) -> list[Claim]:
        """As `JobQueue.take`."""
        deadline = time.monotonic() + wait
        if not self._grouped:  # which also forgets old workers
            await self._server.make_groups(self._keys.lanes)
            self._grouped = True
        await self._clock.check("jobs", self._keys.lanes)
        visibility = milliseconds(self._limits.visibility)
        while True:
            taken, claims = await self._take_at_once(consumer, max_batch, visibility)
            if not taken:
                if (rest := deadline - time.monotonic()) <= 0:
                    return []
                claims = await self._wait_for_jobs(consumer, max_batch, rest)
            if claims:
                break
        room = max_batch - len(claims)
        if top_up and room > 0 and claims[0].deliveries == 1:
            await asyncio.sleep(top_up)
            claims += (await self._take_at_once(consumer, room, _NEVER))[1]
        return claims

    async def for_each(self, script: str, consumer: str, claims: Sequence[Claim]) -> None:
        """Renew or release claims."""
        if claims:
            named: list[Argument] = [part for claim in claims for part in lane_and_entry(claim)]
            await self._server.run_script(
                script, self._keys.lanes, [GROUP, consumer, *named], streams=self._keys.lanes
            )

    async def _take_at_once(
        self, consumer: str, room: int, visibility: int
    ) -> tuple[bool, list[Claim]]:
        """Whether there was anything to take, and the resulting claims."""
        taken = await self._server.run_script(
            scripts.TAKE,
            [self._keys.turns, *self._keys.lanes],
            [
                GROUP,
                consumer,
                room,
                visibility,
                common.SHARE,
                milliseconds(common.LONG_WAIT),
                jobs.WIRE_VERSION,
                _NEWER,
            ],
            streams=self._keys.lanes,
        )
        found = [
            _TakenEntry(lane, entry, unflatten(parts), deliveries, waited / 1000)
            for lane, entry, parts, deliveries, waited in taken
        ]
        claims = await self._open(consumer, found)
        return bool(taken), claims

    async def _wait_for_jobs(self, consumer: str, room: int, seconds: float) -> list[Claim]:
        """The first job that comes; if several lanes have one by then, the first of each."""
        news = await self._server.read(self._keys.lanes, consumer, count=1, block=seconds)
        found = [
            _TakenEntry(self._keys.lanes.index(stream), entry, fields)
            for stream, entries in news
            for entry, fields in entries
        ]
        claims = await self._open(consumer, found)
        await self.for_each(scripts.RELEASE, consumer, claims[room:])
        return claims[:room]

    async def _open(self, consumer: str, taken: Iterable[_TakenEntry]) -> list[Claim]:
        """The claims that this worker can handle.

        The others are kept for newer workers, or go to the dead letters; their people get a reply
        if the entries show who they are.
        """
        claims = []
        for one in taken:
            tired = one.deliveries > self._limits.max_deliveries
            try:
                job = decode_job(one.fields)
            except NewerWireError as error:
                if tired:
                    said = unreadable_reply(one.fields, Failure.GAVE_UP)
                    await self._give_up(one, f"no newer worker came: {error}", said)
                else:
                    await self._keep_for_newer(consumer, one)
            except WireError as error:
                await self._give_up(one, str(error), unreadable_reply(one.fields, Failure.INTERNAL))
            else:
                if tired:
                    said = failure_reply(job, Failure.GAVE_UP)
                    await self._give_up(one, unfinished_reason(one.deliveries - 1), said, job)
                else:
                    name = claim_name(one.lane, one.entry)
                    claims.append(Claim(name, job, one.deliveries, one.waited))
        return claims

    async def _keep_for_newer(self, consumer: str, one: _TakenEntry) -> None:
        log.info("a job of a newer version is kept for newer workers")
        arguments: list[Argument] = [GROUP, consumer, one.entry, _NEWER]
        await self._server.run_script(
            scripts.KEEP_FOR_NEWER, [self._keys.lanes[one.lane]], arguments
        )

    async def _give_up(
        self,
        one: _TakenEntry,
        reason: str,
        said: CaptionReply | None,
        job: CaptionJob | None = None,
    ) -> None:
        """Move a job to the dead letters, and send its person a reply if it is known who that is.

        The photo is kept under another key, and only if the limits say so.
        """
        adapter = said.adapter if said else ""
        arguments: list[Argument] = [
            GROUP,
            one.entry,
            claim_name(one.lane, one.entry),
            common.DEAD_LETTERS,
            _DEAD,
            reason,
            one.deliveries,
            said.job_id if said else "",
            adapter,
            reply_lifetime(adapter),
            milliseconds(self._limits.dead_for),
        ]
        if said:
            arguments += message_values(encode_reply(said))
        person = digest(job.person) if job else one.fields.get(b"p", b"").decode("ascii", "replace")
        keys = [
            self._keys.lanes[one.lane],
            self._keys.of("person", person),
            self._keys.dead,
            self._keys.of("replies", adapter),
            self._keys.of("kept", claim_name(one.lane, one.entry)),
        ]
        if await self._server.run_script(scripts.BURY, keys, arguments):
            count_dead("too_often" if job else "unreadable", adapter)
            with about(said.job_id if said else ""):
                log.warning("gave up on %s: %s", said.job_id[:8] if said else "an entry", reason)


@dataclass(frozen=True, slots=True)
class _TakenEntry:
    """An entry that this worker now holds."""

    lane: int
    entry: bytes
    fields: dict[bytes, bytes]
    deliveries: int = 1
    waited: float = 0.0  # seconds
