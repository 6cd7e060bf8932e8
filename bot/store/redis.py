"""RedisStore: the store's contract on Redis, for bots in as many processes and hosts as needed."""

from __future__ import annotations

import contextlib
import math
import secrets
from collections import Counter

from bot.store.base import (
    COUNTS_FOR,
    PREFERENCES_FOR,
    SECRET_BYTES,
    Preferences,
    Store,
    StoreUnavailable,
    check_count,
    check_period,
    check_turn,
    last_days,
    today,
)
from captioner.queue.redis.connection import Argument, Server
from captioner.queue.redis.schema import digest, hash_tag, unflatten
from captioner.queue.redis.scripts import MARK_SENT

_SOCKET_TIMEOUT = 5.0  # a person waits for what is asked here
_YEAR = int(PREFERENCES_FOR * 1000)  # ms
_COLLECTED = 15_000  # ms; longer than one call is tried
_COUNTED = (COUNTS_FOR + 1) * 86_400_000  # ms

# What is done in one step each: Lua scripts, atomic by nature. Each but _COUNT may be run twice
# without harm, as happens when an answer is lost on the way. `allow-oom` marks what must go on when
# the server is out of memory: all that makes room, or takes little for a short time. New choices
# have no such flag, and are refused.

# KEYS key; ARGV ms, token → 1, or 0 if another token came before
_ONCE = MARK_SENT

# KEYS key → whether _ONCE holds it
_SEEN = """#!lua flags=allow-oom,no-writes
return redis.call('EXISTS', KEYS[1])
"""

# KEYS notes; ARGV note, ms
_LEAVE = """#!lua flags=allow-oom
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

# KEYS notes, what this caller takes away; ARGV ms → all of them
# They are not gone at once, but out of others' reach: the answer may be lost on the way.
_COLLECT = """#!lua flags=allow-oom
if redis.call('EXISTS', KEYS[2]) == 0 then
  if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
end
return redis.call('SMEMBERS', KEYS[2])
"""

# KEYS notes → all of them
_NOTES = """#!lua flags=allow-oom,no-writes
return redis.call('SMEMBERS', KEYS[1])
"""

# KEYS notes, secret; ARGV ms → all of them
# The secret lives as long, for without it they cannot be read: see _PREFERENCES.
_NOTES_KEPT = """#!lua flags=allow-oom
local notes = redis.call('SMEMBERS', KEYS[1])
if #notes > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
end
return notes
"""

# KEYS notes; ARGV note
_TAKE_BACK = """#!lua flags=allow-oom
redis.call('SREM', KEYS[1], ARGV[1])
"""

# KEYS preferences, secret; ARGV ms → field, value…
# What was hashed with the secret is of no use without it: both live equally long.
_PREFERENCES = """#!lua flags=allow-oom
local fields = redis.call('HGETALL', KEYS[1])
if #fields > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
end
return fields
"""

# KEYS preferences, secret; ARGV ms, field, value…; no fields: nothing is kept
_SET_PREFERENCES = """#!lua
redis.call('DEL', KEYS[1])
if #ARGV > 1 then
  redis.call('HSET', KEYS[1], unpack(ARGV, 2))
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
end
"""

# KEYS what is to be removed…
_FORGET = """#!lua flags=allow-oom
return redis.call('DEL', unpack(KEYS))
"""

# KEYS turns (when each was taken); ARGV limit, window µs, token → µs to wait, or 0: taken
# Lua writes numbers with 14 digits where nothing else is said, and a time in µs has 16.
_TURN = """#!lua flags=allow-oom
local turns, limit, window, token = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
if redis.call('ZSCORE', turns, token) then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function exactly(number) return string.format('%.0f', number) end
redis.call('ZREMRANGEBYSCORE', turns, '-inf', exactly(now - window))
-- a clock that was set back must lock nobody out
redis.call('ZREMRANGEBYSCORE', turns, '(' .. exactly(now), '+inf')
local taken = redis.call('ZCARD', turns)
if taken >= limit then
  local first = redis.call('ZRANGE', turns, taken - limit, taken - limit, 'WITHSCORES')[2]
  return first + window - now
end
redis.call('ZADD', turns, exactly(now), token)
redis.call('PEXPIRE', turns, exactly(math.ceil(window / 1000) + 1))
return 0
"""

# KEYS counts of today; ARGV name, by, ms
_COUNT = """#!lua flags=allow-oom
redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
"""

# KEYS counts of a day…→ {name, count…} of each
_COUNTS = """#!lua flags=allow-oom,no-writes
local days = {}
for i, key in ipairs(KEYS) do days[i] = redis.call('HGETALL', key) end
return days
"""

# KEYS secret; ARGV a fresh one, ms → the one in force
_SAME_FOR_ALL = """#!lua flags=allow-oom
local kept = redis.call('GET', KEYS[1])
if not kept or #kept ~= #ARGV[1] then
  kept = ARGV[1]
  redis.call('SET', KEYS[1], kept)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return kept
"""


class RedisStore(Store):
    """A Store on a Redis 7 server; all processes of one bot use the same URL and prefix.

    Every key begins with `{prefix}:store:` and expires. Names are hashed once more, so that key
    names are short whatever they are made of.
    """

    lasting = True

    def __init__(self, url: str, prefix: str = "captionbot") -> None:
        """Connects on first use. Raises ValueError for a URL or prefix that cannot be."""
        self._tag = f"{hash_tag(prefix)}:store"
        self._secret = f"{self._tag}:secret"
        self._server = Server(url, socket_timeout=_SOCKET_TIMEOUT, unavailable=StoreUnavailable)

    async def preferences(self, who: str) -> Preferences:
        keys = [self._key("preferences", who), self._secret]
        fields = unflatten(await self._server.run_script(_PREFERENCES, keys, [_YEAR]))
        kept = {name: value.decode("utf-8", "replace") for name, value in fields.items()}
        return Preferences(
            language=kept.get(b"language"),
            captions=kept.get(b"captions"),
            told=kept.get(b"told"),
            length=kept.get(b"length"),
            voice=kept.get(b"voice") == "1",
            auto=kept.get(b"auto") == "1",
        )

    async def set_preferences(self, who: str, preferences: Preferences) -> None:
        chosen = {
            "language": preferences.language,
            "captions": preferences.captions,
            "told": preferences.told,
            "length": preferences.length,
            "voice": "1" if preferences.voice else None,
            "auto": "1" if preferences.auto else None,
        }
        keys = [self._key("preferences", who), self._secret]
        arguments: list[Argument] = [_YEAR]
        for name, value in chosen.items():
            if value is not None:  # the defaults are not kept
                arguments += [name, value]
        await self._server.run_script(_SET_PREFERENCES, keys, arguments)

    async def forget(self, who: str) -> None:
        keys = [self._key("preferences", who), self._key("turns", who)]
        await self._server.run_script(_FORGET, keys, [])

    async def wait_for_turn(self, who: str, *, limit: int, seconds: float) -> float:
        check_turn(limit, seconds)
        arguments: list[Argument] = [limit, math.ceil(seconds * 1_000_000), secrets.token_bytes(8)]
        wait = await self._server.run_script(_TURN, [self._key("turns", who)], arguments)
        return int(wait) / 1_000_000

    async def once(self, key: str, *, seconds: float) -> bool:
        check_period(seconds)
        arguments: list[Argument] = [math.ceil(seconds * 1000), secrets.token_bytes(8)]
        return bool(await self._server.run_script(_ONCE, [self._key("once", key)], arguments))

    async def seen(self, key: str) -> bool:
        return bool(await self._server.run_script(_SEEN, [self._key("once", key)], []))

    async def leave(self, key: str, note: str, *, seconds: float) -> None:
        check_period(seconds)
        arguments: list[Argument] = [
            note.encode("utf-8", "surrogatepass"),
            math.ceil(seconds * 1000),
        ]
        await self._server.run_script(_LEAVE, [self._key("notes", key)], arguments)

    async def collect(self, key: str) -> list[str]:
        keys = [self._key("notes", key), self._key("collected", secrets.token_hex(8))]
        notes: list[bytes] = await self._server.run_script(_COLLECT, keys, [_COLLECTED])
        return [note.decode("utf-8", "surrogatepass") for note in notes]

    async def notes(self, key: str, *, keep: bool = False) -> list[str]:
        keys = [self._key("notes", key)]
        if keep:
            keys.append(self._secret)
        script = _NOTES_KEPT if keep else _NOTES
        notes: list[bytes] = await self._server.run_script(script, keys, [_YEAR] if keep else [])
        return [note.decode("utf-8", "surrogatepass") for note in notes]

    async def take_back(self, key: str, note: str) -> None:
        arguments: list[Argument] = [note.encode("utf-8", "surrogatepass")]
        await self._server.run_script(_TAKE_BACK, [self._key("notes", key)], arguments)

    async def count(self, name: str, by: int = 1) -> None:
        check_count(name)
        key = f"{self._tag}:counts:{today():%Y%m%d}"
        await self._server.run_script(_COUNT, [key], [name, by, _COUNTED])

    async def counts(self, days: int = 7) -> dict[str, int]:
        keys = [f"{self._tag}:counts:{day:%Y%m%d}" for day in last_days(today(), days)]
        total: Counter[str] = Counter()
        for day in await self._server.run_script(_COUNTS, keys, []):
            for name, count in unflatten(day).items():
                with contextlib.suppress(ValueError):  # written by somebody else
                    total[name.decode("ascii")] += int(count)
        return dict(total)

    async def secret(self) -> bytes:
        fresh = secrets.token_bytes(SECRET_BYTES)
        return bytes(await self._server.run_script(_SAME_FOR_ALL, [self._secret], [fresh, _YEAR]))

    async def close(self) -> None:
        await self._server.close()

    def _key(self, kind: str, name: str) -> str:
        return f"{self._tag}:{kind}:{digest(name)}"
