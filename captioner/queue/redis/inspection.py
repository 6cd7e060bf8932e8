"""What an operator sees of a queue in Redis, and what `captionbot queue` does to dead letters."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from captioner.queue.base import DeadLetter, DeadLetterLost, HeldJob, Overview, Receipt, WorkerInfo
from captioner.queue.common import DEAD_LETTERS, retried_job
from captioner.queue.messages import CaptionJob, WireError, decode_job
from captioner.queue.redis import inspection_scripts as view_scripts
from captioner.queue.redis.schema import GROUP, Keys, unflatten
from captioner.queue.redis.server import Server

_MOST_HELD = 1000  # of a lane
_LETTER = re.compile(r"\d{1,20}-\d{1,20}")  # as Redis names entries


class RedisInspection:
    """Inspects the lanes and the dead letters; `submit` puts a job back on the queue."""

    def __init__(
        self, server: Server, keys: Keys, submit: Callable[[CaptionJob], Awaitable[Receipt]]
    ) -> None:
        self._server, self._keys, self._submit = server, keys, submit

    async def overview(self) -> Overview:
        """As `JobQueue.overview`."""
        held, oldest, dead, lanes = await self._server.run_script(
            view_scripts.OVERVIEW, [self._keys.dead, *self._keys.lanes], [GROUP]
        )
        return Overview(tuple(lanes), held, max(0, oldest) / 1000, dead)

    async def held(self) -> list[HeldJob]:
        """As `InspectableQueue.held`."""
        found = await self._server.run_script(
            view_scripts.HELD, self._keys.lanes, [GROUP, _MOST_HELD]
        )
        jobs = [
            HeldJob(
                job_id=_text(job),
                adapter=_text(adapter),
                lane=lane,
                worker=_text(worker),
                age=age / 1000,
                silent=silent / 1000,
                deliveries=deliveries,
            )
            for lane, worker, age, silent, deliveries, job, adapter in found
        ]
        return sorted(jobs, key=lambda job: -job.age)

    async def worker_list(self) -> list[WorkerInfo]:
        """As `InspectableQueue.worker_list`."""
        said = await self._server.run_script(
            view_scripts.ROLL, [self._keys.workers, self._keys.heard], []
        )
        workers = [
            WorkerInfo(
                _text(name), state == b"ready", _text(model), None if silent < 0 else silent / 1000
            )
            for name, state, model, silent in said
        ]
        return sorted(workers, key=lambda worker: worker.name)

    async def dead_letters(self) -> list[DeadLetter]:
        """As `InspectableQueue.dead_letters`."""
        now, answer = await self._server.run_script(
            view_scripts.LETTERS, [self._keys.dead], [2 * DEAD_LETTERS]
        )
        found = [(letter, unflatten(parts)) for letter, parts in answer]
        photos = [self._kept(fields) for _, fields in found]
        kept = await self._server.run_script(view_scripts.KEPT, photos, []) if photos else []
        return [
            DeadLetter(
                letter=letter.decode(),
                job_id=_text(fields.get(b"job", b"")),
                adapter=_text(fields.get(b"adapter", b"")),
                error=_text(fields.get(b"error", b"")),
                deliveries=_number(fields.get(b"deliveries", b"")),
                age=max(0, now - int(letter.partition(b"-")[0])) / 1000,
                kept=bool(is_kept),
            )
            for (letter, fields), is_kept in zip(found, kept, strict=True)
        ]

    async def retry(self, letter: str) -> None:
        """As `InspectableQueue.retry`."""
        fields = await self._server.hash(self._kept(await self._letter(letter)))
        if not fields:
            raise DeadLetterLost(f"no photo is kept of dead letter {letter}")
        try:
            job = decode_job(fields)
        except WireError as error:
            raise DeadLetterLost(f"dead letter {letter} cannot be read: {error}") from None
        await self._submit(retried_job(job, letter))
        await self.drop(letter)

    async def drop(self, letter: str) -> bool:
        """As `InspectableQueue.drop`."""
        fields = await self._letter(letter)
        if not fields:
            return False
        keys = [self._keys.dead, self._kept(fields)]
        return bool(await self._server.run_script(view_scripts.DROP, keys, [letter]))

    async def _letter(self, letter: str) -> dict[bytes, bytes]:
        """The fields of a dead letter; {} if there is none."""
        if not _LETTER.fullmatch(letter):
            return {}
        return unflatten(
            await self._server.run_script(view_scripts.LETTER, [self._keys.dead], [letter])
        )

    def _kept(self, fields: dict[bytes, bytes]) -> str:
        """The key of the photo that belongs to a dead letter."""
        return self._keys.kept(_text(fields.get(b"entry", b"")))


def _text(value: bytes) -> str:
    """The text of a value in Redis, whatever its bytes are."""
    return value.decode("utf-8", "replace")


def _number(value: bytes) -> int:
    return int(value) if value.isdigit() else 0
