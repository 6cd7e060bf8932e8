"""Whether each Redis is there and new enough, keeps what it must, and puts no photo on a disk."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.doctor import Finding, note, ok, problem
from bot.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import Redis

_CHECK = "redis"
_OLDEST = (7, 0)  # the first whose scripts can say that they make room
_PATIENCE = 5.0  # seconds
_NEARLY_FULL = 0.85
_EVICTS_ANYTHING = "allkeys-"


async def check(settings: Settings) -> list[Finding]:
    """Connection, version, rights, memory, what a restart loses, and what is on a disk."""
    if settings.redis_url is None:
        return [
            note(
                _CHECK,
                "no REDIS_URL: `captionbot run` works, and forgets all when it ends",
                "set REDIS_URL to run several processes, or to keep people's choices",
            )
        ]
    if settings.store_url is None:
        return await _of("REDIS_URL", settings.redis_url, _Use(queue=True, store=True))
    queue = await _of("REDIS_URL", settings.redis_url, _Use(queue=True))
    return queue + await _of("CAPTIONBOT_STORE_URL", settings.store_url, _Use(store=True))


@dataclass(frozen=True, slots=True)
class _Use:
    """What a server is for; both where there is one server."""

    queue: bool = False  # photos wait there
    store: bool = False  # bots remember there what people chose


async def _of(setting: str, url: SecretStr, use: _Use) -> list[Finding]:
    from redis.exceptions import RedisError  # noqa: PLC0415 - only where there is a Redis to ask

    from captioner.queue.redis import connection  # noqa: PLC0415 - only where there is a Redis

    try:
        client = connection.make_client(url.get_secret_value(), socket_timeout=_PATIENCE)
    except ValueError as error:
        return [problem(_CHECK, str(error), f"correct {setting}")]
    place = connection.place(client)
    try:
        return await _examined(client, place, use)
    except (RedisError, OSError) as error:
        return [
            problem(
                _CHECK,
                connection.describe_error(place, error),
                f"check that it runs, its address and password in {setting}, and its ACL",
            )
        ]
    finally:
        await client.aclose()


async def _examined(client: Redis, place: str, use: _Use) -> list[Finding]:
    from redis.exceptions import NoPermissionError  # noqa: PLC0415 - only where there is a Redis

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
    return [*found, *_memory(known), *_disk(known, use), *_role(known)]


async def _usable(client: Redis) -> Finding:
    """Whether scripts run and our keys can be written: does it, with a key that soon expires."""
    from captioner.queue.redis.scripts import MARK_SENT  # noqa: PLC0415 - only where there is a Redis

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


def _disk(known: Mapping[str, Any], use: _Use) -> list[Finding]:
    """What of it is on a disk: choices should be, photos should not."""
    keeps = bool(_whole(known, "aof_enabled"))
    found = []
    if use.queue and (keeps or _whole(known, "rdb_saves")):
        found.append(
            note(
                _CHECK,
                "photos that wait are written to this Redis's disk, and /privacy tells people that "
                "they never are",
                'start it with deploy/redis/redis.conf (appendonly no, save ""), and set '
                "CAPTIONBOT_STORE_URL to another for people's choices; or tell people",
            )
        )
    elif use.queue:
        found.append(ok(_CHECK, "photos wait in its memory alone"))
    if keeps and known.get("aof_last_write_status", "ok") != "ok":
        found.append(problem(_CHECK, "Redis cannot write its append-only file", "look at its disk"))
    elif use.store and keeps:
        found.append(ok(_CHECK, "a restart of Redis loses nothing that people chose"))
    elif use.store:
        found.append(
            note(
                _CHECK,
                "a restart of Redis loses what people chose: its append-only file is off",
                "set CAPTIONBOT_STORE_URL to a Redis with deploy/redis/persistent.conf",
            )
        )
    return found


def _role(known: Mapping[str, Any]) -> list[Finding]:
    if str(known.get("role", "master")) == "master":
        return []
    return [
        problem(_CHECK, "this Redis is a replica, which cannot be written to",
                "set the address to the primary's")
    ]  # fmt: skip


def _whole(known: Mapping[str, Any], name: str) -> int:
    value = known.get(name)
    return value if isinstance(value, int) else 0


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
