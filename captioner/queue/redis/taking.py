"""How workers come by jobs, and what becomes of those that cannot be done."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence

from captioner.jobs import CaptionJob, WireError, decode_job
from captioner.queue import common
from captioner.queue.common import gave_up, seal_reply
from captioner.queue.contract import Claim, Limits
from captioner.queue.redis import scripts
from captioner.queue.redis.entries import (
    claim_name,
    lane_and_entry,
    lives,
    message,
    milliseconds,
    unflat,
)
from captioner.queue.redis.keys import GROUP, Keys
from captioner.queue.redis.server import Argument, Server

_DEAD = 30 * 86_400.0
_NEVER = 2**50  # ms: nothing was ever held for so long

log = logging.getLogger("captioner.queue")


class Taking:
    """Takes jobs from the lanes; gives them back, or keeps hold of them."""

    def __init__(self, server: Server, keys: Keys, limits: Limits) -> None:
        self._server, self._keys, self._limits = server, keys, limits
        self._grouped = False

    async def take(
        self, consumer: str, *, max_batch: int, wait: float, top_up: float
    ) -> list[Claim]:
        """As `JobQueue.take`."""
        deadline = time.monotonic() + wait
        await self._forget_old_workers()
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
        if room > 0 and claims[0].deliveries == 1:
            await asyncio.sleep(top_up)
            claims += (await self._take_at_once(consumer, room, _NEVER))[1]
        return claims

    async def for_each(self, script: str, consumer: str, claims: Sequence[Claim]) -> None:
        """Renew or release claims."""
        if claims:
            named: list[Argument] = [part for claim in claims for part in lane_and_entry(claim)]
            await self._server.script(
                script, self._keys.lanes, [GROUP, consumer, *named], streams=self._keys.lanes
            )

    async def _forget_old_workers(self) -> None:
        if not self._grouped:
            await self._server.make_groups(self._keys.lanes)
            self._grouped = True

    async def _take_at_once(
        self, consumer: str, room: int, visibility: int
    ) -> tuple[bool, list[Claim]]:
        """Whether there was anything to take, and the claims that came of it."""
        taken = await self._server.script(
            scripts.TAKE,
            [self._keys.turns, *self._keys.lanes],
            [
                GROUP,
                consumer,
                room,
                visibility,
                common.SHARE,
                milliseconds(common.LONG_WAIT),
            ],
            streams=self._keys.lanes,
        )
        claims = await self._open(
            (lane, entry, unflat(parts), deliveries) for lane, entry, parts, deliveries in taken
        )
        return bool(taken), claims

    async def _wait_for_jobs(self, consumer: str, room: int, seconds: float) -> list[Claim]:
        """The first job that comes; where several lanes have one by then, the first of each."""
        news = await self._server.read(self._keys.lanes, consumer, count=1, block=seconds)
        claims = await self._open(
            (self._keys.lanes.index(stream), entry, fields, 1)
            for stream, found in news
            for entry, fields in found
        )
        await self.for_each(scripts.RELEASE, consumer, claims[room:])
        return claims[:room]

    async def _open(
        self, taken: Iterable[tuple[int, bytes, dict[bytes, bytes], int]]
    ) -> list[Claim]:
        """The claims worth a worker's while; the others go to the dead letters."""
        claims = []
        for lane, entry, fields, deliveries in taken:
            try:
                job = decode_job(fields)
            except WireError as error:
                person = self._keys.person_of(fields.get(b"p", b"").decode("ascii", "replace"))
                await self._bury(lane, entry, person, str(error), deliveries)
                continue
            if deliveries > self._limits.max_deliveries:
                reason = f"delivered {deliveries - 1} times, never finished"
                person = self._keys.person(job.person)
                await self._bury(lane, entry, person, reason, deliveries, job)
                continue
            claims.append(Claim(claim_name(lane, entry), job, deliveries))
        return claims

    async def _bury(
        self,
        lane: int,
        entry: bytes,
        person: str,
        reason: str,
        deliveries: int,
        job: CaptionJob | None = None,
    ) -> None:
        """Moves a job to the dead letters, without its photo, and tells its person if known."""
        adapter = job.adapter if job else ""
        arguments: list[Argument] = [
            GROUP,
            entry,
            claim_name(lane, entry),
            common.DEAD_LETTERS,
            milliseconds(_DEAD),
            reason,
            deliveries,
            job.id if job else "",
            adapter,
            lives(adapter),
        ]
        if job:
            arguments += message(seal_reply(gave_up(job)))
        keys = [self._keys.lanes[lane], person, self._keys.dead, self._keys.replies(adapter)]
        if await self._server.script(scripts.BURY, keys, arguments):
            log.warning("gave up on %s: %s", job.id[:8] if job else "an entry", reason)
