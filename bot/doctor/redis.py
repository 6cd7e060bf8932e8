"""Whether Redis is there, new enough, and set to lose nothing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.doctor.result import Finding, note, ok, problem
from bot.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import Redis

_CHECK = "redis"
_OLDEST = (7, 0)  # the first whose scripts can say that they make room
_PATIENCE = 5.0  # seconds
_NEARLY_FULL = 0.85
_EVICTS_ANYTHING = "allkeys-"


async def check(settings: Settings) -> list[Finding]:
    """Connection, version, what the user may do, memory, and what a restart loses."""
    if settings.redis_url is None:
        return [
            note(
                _CHECK,
                "no REDIS_URL: `captionbot run` works, and forgets all when it ends",
                "set REDIS_URL to run several processes, or to lose nothing in a restart",
            )
        ]
    from redis.exceptions import RedisError  # noqa: PLC0415 - only where there is a Redis to ask

    from captioner.queue.redis import connection  # noqa: PLC0415 - as above

    try:
        client = connection.client(
            settings.redis_url.get_secret_value(), socket_timeout=_PATIENCE
        )  # fmt: skip
    except ValueError as error:
        return [problem(_CHECK, str(error), "correct REDIS_URL")]
    place = connection.place(client)
    try:
        return await _examined(client, place)
    except (RedisError, OSError) as error:
        return [
            problem(
                _CHECK,
                connection.sentence(place, error),
                "check that it runs, its address and password in REDIS_URL, and its ACL",
            )
        ]
    finally:
        await client.aclose()


async def _examined(client: Redis, place: str) -> list[Finding]:
    from redis.exceptions import NoPermissionError  # noqa: PLC0415 - as above

    await client.ping()
    try:
        known: Mapping[str, Any] = await client.info("all")
    except NoPermissionError:
        known = {}
    version = str(known.get("redis_version", ""))
    if version and _number(version) < _OLDEST:
        return [problem(_CHECK, f"Redis at {place} is version {version}",
                        "CaptionBot needs 7.0 or newer")]  # fmt: skip
    found = [ok(_CHECK, f"Redis {version} at {place}".replace("  ", " ")), await _usable(client)]
    if not known:
        return [*found, note(_CHECK, "this user may not ask how Redis is set (INFO)",
                             "see docs/operations.md for what it should be")]  # fmt: skip
    return [*found, *_memory(known), *_durability(known)]


async def _usable(client: Redis) -> Finding:
    """Whether scripts run and our keys can be written: does it, with a key that soon expires."""
    from captioner.queue.redis.scripts import MARK_SENT  # noqa: PLC0415 - as above

    script = client.register_script(MARK_SENT)
    token = secrets.token_hex(4)
    await script(keys=[f"{{captionbot}}:doctor:{token}"], args=[1000, token])
    return ok(_CHECK, "scripts run, and keys can be written")


def _memory(known: Mapping[str, Any]) -> list[Finding]:
    used, most = _whole(known, "used_memory"), _whole(known, "maxmemory")
    policy = str(known.get("maxmemory_policy", ""))
    megabytes = f"{used / 1e6:.0f} MB" + (f" of {most / 1e6:.0f} MB" if most else "") + " in use"
    found = [ok(_CHECK, f"memory: {megabytes}")]
    if most and used > _NEARLY_FULL * most:
        found = [problem(_CHECK, f"memory is nearly full: {megabytes}",
                         "raise its maxmemory, or start more workers")]  # fmt: skip
    if most and policy != "noeviction":
        loses = policy.startswith(_EVICTS_ANYTHING)
        say, what = (problem, "photos that wait") if loses else (note, "what people chose")
        found.append(
            say(
                _CHECK,
                f"with a full memory Redis drops {what} (maxmemory-policy {policy})",
                "set maxmemory-policy noeviction: then new photos are refused, politely",
            )
        )
    return found


def _durability(known: Mapping[str, Any]) -> list[Finding]:
    found = []
    if not _whole(known, "aof_enabled"):
        found.append(
            note(
                _CHECK,
                "a restart of Redis loses photos that wait: its append-only file is off",
                "set appendonly yes",
            )
        )
    elif known.get("aof_last_write_status", "ok") != "ok":
        found.append(problem(_CHECK, "Redis cannot write its append-only file", "look at its disk"))
    else:
        found.append(ok(_CHECK, "a restart of Redis loses nothing: its append-only file is on"))
    if str(known.get("role", "master")) != "master":
        found.append(
            problem(_CHECK, "this Redis is a replica, which cannot be written to",
                    "set REDIS_URL to the primary")
        )  # fmt: skip
    return found


def _whole(known: Mapping[str, Any], name: str) -> int:
    value = known.get(name)
    return value if isinstance(value, int) else 0


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
