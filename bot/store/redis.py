"""RedisStore: the store's contract on Redis, for bots in as many processes and hosts as needed."""

from __future__ import annotations

import asyncio
import contextlib
import math
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import redis.exceptions as errors

from bot.store import scripts
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
from captioner.queue.redis import connection
from captioner.queue.redis.schema import digest, hash_tag

_SOCKET_TIMEOUT = 5.0  # a person waits for what is asked here
_AT_ONCE = 32  # scripts, each on a connection; a burst waits its turn instead of being refused
_YEAR = int(PREFERENCES_FOR * 1000)  # ms
_COLLECTED = 15_000  # ms; longer than one call is tried
_COUNTED = (COUNTS_FOR + 1) * 86_400_000  # ms

Argument = str | bytes | int


class RedisStore(Store):
    """A Store on a Redis 7 server; all processes of one bot use the same URL and prefix.

    Every key begins with `{prefix}:store:` and expires. Names are hashed once more, so that key
    names are short whatever they are made of.
    """

    lasting = True

    def __init__(self, url: str, prefix: str = "captionbot") -> None:
        """Connects on first use. Raises ValueError for a URL or prefix that cannot be."""
        self._tag = f"{hash_tag(prefix)}:store"
        self._redis = connection.make_client(url, socket_timeout=_SOCKET_TIMEOUT)
        self._place = connection.place(self._redis)
        self._scripts = {
            text: self._redis.register_script(text)
            for text in (getattr(scripts, name) for name in scripts.__all__)
        }
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def preferences(self, who: str) -> Preferences:
        keys = [self._key("preferences", who), self._key("secret")]
        return _preferences(await self._run(scripts.PREFERENCES, keys, [_YEAR]))

    async def set_preferences(self, who: str, preferences: Preferences) -> None:
        keys = [self._key("preferences", who), self._key("secret")]
        await self._run(scripts.SET_PREFERENCES, keys, [_YEAR, *_fields(preferences)])

    async def forget(self, who: str) -> None:
        keys = [self._key("preferences", who), self._key("turns", who)]
        await self._run(scripts.FORGET, keys, [])

    async def wait_for_turn(self, who: str, *, limit: int, seconds: float) -> float:
        check_turn(limit, seconds)
        arguments: list[Argument] = [limit, math.ceil(seconds * 1_000_000), secrets.token_bytes(8)]
        return int(await self._run(scripts.TURN, [self._key("turns", who)], arguments)) / 1_000_000

    async def once(self, key: str, *, seconds: float) -> bool:
        check_period(seconds)
        arguments: list[Argument] = [math.ceil(seconds * 1000), secrets.token_bytes(8)]
        return bool(await self._run(scripts.ONCE, [self._key("once", key)], arguments))

    async def seen(self, key: str) -> bool:
        return bool(await self._run(scripts.SEEN, [self._key("once", key)], []))

    async def leave(self, key: str, note: str, *, seconds: float) -> None:
        check_period(seconds)
        arguments: list[Argument] = [
            note.encode("utf-8", "surrogatepass"),
            math.ceil(seconds * 1000),
        ]
        await self._run(scripts.LEAVE, [self._key("notes", key)], arguments)

    async def collect(self, key: str) -> list[str]:
        keys = [self._key("notes", key), self._key("collected", secrets.token_hex(8))]
        notes: list[bytes] = await self._run(scripts.COLLECT, keys, [_COLLECTED])
        return [note.decode("utf-8", "surrogatepass") for note in notes]

    async def notes(self, key: str, *, keep: bool = False) -> list[str]:
        keys = [self._key("notes", key)]
        if keep:
            keys.append(self._key("secret"))
        script = scripts.NOTES_KEPT if keep else scripts.NOTES
        notes: list[bytes] = await self._run(script, keys, [_YEAR] if keep else [])
        return [note.decode("utf-8", "surrogatepass") for note in notes]

    async def take_back(self, key: str, note: str) -> None:
        arguments: list[Argument] = [note.encode("utf-8", "surrogatepass")]
        await self._run(scripts.TAKE_BACK, [self._key("notes", key)], arguments)

    async def count(self, name: str, by: int = 1) -> None:
        check_count(name)
        await self._run(scripts.COUNT, [self._counts_of(today())], [name, by, _COUNTED])

    async def counts(self, days: int = 7) -> dict[str, int]:
        keys = [self._counts_of(day) for day in last_days(today(), days)]
        total: Counter[str] = Counter()
        for day in await self._run(scripts.COUNTS, keys, []):
            for name, count in _pairs(day):
                with contextlib.suppress(ValueError):  # written by somebody else
                    total[name.decode("ascii")] += int(count)
        return dict(total)

    async def secret(self) -> bytes:
        fresh = secrets.token_bytes(SECRET_BYTES)
        return bytes(await self._run(scripts.SAME_FOR_ALL, [self._key("secret")], [fresh, _YEAR]))

    async def close(self) -> None:
        with self._reachable():
            await self._redis.aclose()

    def _key(self, kind: str, name: str | None = None) -> str:
        return f"{self._tag}:{kind}" + (f":{digest(name)}" if name is not None else "")

    def _counts_of(self, day: date) -> str:
        return f"{self._tag}:counts:{day:%Y%m%d}"

    async def _run(self, script: str, keys: Sequence[str], args: Sequence[Argument]) -> Any:  # noqa: ANN401 - what a script answers is as it pleases; each caller knows its own
        with self._reachable():
            async with self._turns:
                return await self._scripts[script](keys=keys, args=args)

    @contextlib.contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except (errors.RedisError, OSError) as error:
            raise StoreUnavailable(connection.describe_error(self._place, error)) from None


def _fields(preferences: Preferences) -> list[str]:
    """What differs from the defaults, as field, value…"""
    fields: list[str] = []
    if preferences.language is not None:
        fields += ["language", preferences.language]
    if preferences.captions is not None:
        fields += ["captions", preferences.captions]
    if preferences.told is not None:
        fields += ["told", preferences.told]
    if preferences.length is not None:
        fields += ["length", preferences.length]
    if preferences.voice:
        fields += ["voice", "1"]
    if preferences.auto:
        fields += ["auto", "1"]
    return fields


def _preferences(flat: Sequence[bytes]) -> Preferences:
    """What `_fields` wrote; fields of another version are passed over."""
    kept = dict(_pairs(flat))

    def text(name: bytes) -> str | None:
        value = kept.get(name)
        return None if value is None else value.decode("utf-8", "replace")

    return Preferences(
        language=text(b"language"),
        captions=text(b"captions"),
        told=text(b"told"),
        length=text(b"length"),
        voice=kept.get(b"voice") == b"1",
        auto=kept.get(b"auto") == b"1",
    )


def _pairs(flat: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    parts = iter(flat)
    return zip(parts, parts, strict=True)
