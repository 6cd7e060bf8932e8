"""What an operator sees of a queue in Redis, and what `captionbot queue` does to dead letters.

Photos stay on the server: of an entry only the id and the adapter in its body are taken. `scripts`
says how the scripts are written.
"""

from __future__ import annotations

import re

from captioner.queue.base import (
    DeadLetter,
    DeadLetterLost,
    HeldJob,
    InspectableQueue,
    Overview,
    WorkerInfo,
)
from captioner.queue.common import DEAD_LETTERS, retried_job
from captioner.queue.messages import WireError, decode_job
from captioner.queue.redis.connection import Server
from captioner.queue.redis.schema import GROUP, Keys, unflatten

_MOST_HELD = 1000  # of a lane
_LETTER_ID = re.compile(r"\d{1,20}-\d{1,20}")  # as Redis names entries


# KEYS dead, lanes…; ARGV group → held, ms since the oldest came (-1: there is none), dead letters,
# then each lane's number of jobs
_OVERVIEW = """#!lua flags=no-writes
local held, oldest, lengths = 0, -1, {}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for lane = 2, #KEYS do
  local number = redis.call('XLEN', KEYS[lane])
  lengths[#lengths + 1] = number
  if number > 0 then
    local first = redis.call('XRANGE', KEYS[lane], '-', '+', 'COUNT', 1)[1][1]
    oldest = math.max(oldest, now - tonumber(string.match(first, '^%d+')), 0)
    local pending = redis.pcall('XPENDING', KEYS[lane], ARGV[1])
    if not pending.err then held = held + pending[1] end
  end
end
return {held, oldest, redis.call('XLEN', KEYS[1]), lengths}
"""

# KEYS lanes…; ARGV group, how many of a lane
# → {lane, worker, ms since it came, ms since its worker's last sign, deliveries, job, adapter}…
_HELD = """#!lua flags=no-writes
local time, found = redis.call('TIME'), {}
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for lane, jobs in ipairs(KEYS) do
  local pending = redis.pcall('XPENDING', jobs, ARGV[1], '-', '+', ARGV[2])
  for _, one in ipairs(pending.err and {} or pending) do
    local entry = redis.call('XRANGE', jobs, one[1], one[1])[1]
    if entry then
      local job, adapter = '', ''
      for i = 1, #entry[2], 2 do
        if entry[2][i] == 'body' then
          local fine, body = pcall(cjson.decode, entry[2][i + 1])
          if fine and type(body) == 'table' then
            job = type(body.id) == 'string' and body.id or ''
            adapter = type(body.adapter) == 'string' and body.adapter or ''
          end
        end
      end
      local came = tonumber(string.match(one[1], '^%d+'))
      found[#found + 1] = {lane - 1, one[2], math.max(now - came, 0), one[3], one[4], job, adapter}
    end
  end
end
return found
"""

# KEYS workers, heard → {name, ready or loading, model, ms since its last sign (-1: unknown)}…
_ROLL = """#!lua flags=no-writes
local time, found = redis.call('TIME'), {}
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HGETALL', KEYS[1])
for i = 1, #known, 2 do
  local till, state, model = string.match(known[i + 1], '^(%d+) (%a+) (.*)$')
  local at = tonumber(redis.call('HGET', KEYS[2], known[i]) or '')
  local silent = at and math.max(now - at, 0) or -1
  if till and tonumber(till) > now then found[#found + 1] = {known[i], state, model, silent} end
end
return found
"""

# KEYS dead; ARGV how many → the server's time in ms, and {letter, fields}…, the newest first
_LETTERS = """#!lua flags=no-writes
local time = redis.call('TIME')
return {time[1] * 1000 + math.floor(time[2] / 1000),
  redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[1])}
"""

# KEYS of kept photos… → 1 or 0 for each
_KEPT = """#!lua flags=no-writes
local found = {}
for i, kept in ipairs(KEYS) do found[i] = redis.call('EXISTS', kept) end
return found
"""

# KEYS dead; ARGV letter → its fields, {} if there is none
_LETTER = """#!lua flags=no-writes
local letter = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
return letter and letter[2] or {}
"""

# KEYS dead, the kept photo; ARGV letter → how many there were
_DROP = """#!lua flags=allow-oom
redis.call('DEL', KEYS[2])
return redis.call('XDEL', KEYS[1], ARGV[1])
"""


class RedisInspection(InspectableQueue):
    """The operator's part of the queue."""

    _server: Server
    _keys: Keys

    async def overview(self) -> Overview:
        held, oldest, dead, lanes = await self._server.run_script(
            _OVERVIEW, [self._keys.dead, *self._keys.lanes], [GROUP]
        )
        return Overview(tuple(lanes), held, max(0, oldest) / 1000, dead)

    async def held(self) -> list[HeldJob]:
        found = await self._server.run_script(_HELD, self._keys.lanes, [GROUP, _MOST_HELD])
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
        said = await self._server.run_script(_ROLL, [self._keys.workers, self._keys.heard], [])
        workers = [
            WorkerInfo(
                _text(name), state == b"ready", _text(model), None if silent < 0 else silent / 1000
            )
            for name, state, model, silent in said
        ]
        return sorted(workers, key=lambda worker: worker.name)

    async def dead_letters(self) -> list[DeadLetter]:
        now, answer = await self._server.run_script(_LETTERS, [self._keys.dead], [2 * DEAD_LETTERS])
        found = [(letter, unflatten(parts)) for letter, parts in answer]
        photos = [self._kept(fields) for _, fields in found]
        kept = await self._server.run_script(_KEPT, photos, []) if photos else []
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
        fields = await self._server.hash(self._kept(await self._letter(letter)))
        if not fields:
            raise DeadLetterLost(f"no photo is kept of dead letter {letter}")
        try:
            job = decode_job(fields)
        except WireError as error:
            raise DeadLetterLost(f"dead letter {letter} cannot be read: {error}") from None
        await self.submit(retried_job(job, letter))
        await self.drop(letter)

    async def drop(self, letter: str) -> bool:
        fields = await self._letter(letter)
        if not fields:
            return False
        keys = [self._keys.dead, self._kept(fields)]
        return bool(await self._server.run_script(_DROP, keys, [letter]))

    async def _letter(self, letter: str) -> dict[bytes, bytes]:
        """The fields of a dead letter; {} if there is none."""
        if not _LETTER_ID.fullmatch(letter):
            return {}
        return unflatten(await self._server.run_script(_LETTER, [self._keys.dead], [letter]))

    def _kept(self, fields: dict[bytes, bytes]) -> str:
        """The key of the photo that belongs to a dead letter."""
        return self._keys.of("kept", _text(fields.get(b"entry", b"")))


def _text(value: bytes) -> str:
    """The text of a value in Redis, whatever its bytes are."""
    return value.decode("utf-8", "replace")


def _number(value: bytes) -> int:
    return int(value) if value.isdigit() else 0
