"""What the doctor says of Redis: absent, unwilling, full, forgetful, and as it should be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.doctor import Finding
from bot.doctor import redis as doctor
from tests.bot.doctor.helpers import NOTE, OK, PROBLEM, everything, examine, one, problems, settings
from tests.support.redis_server import RedisServer, running_redis


async def examined(url: str) -> list[Finding]:
    found = await examine(settings(REDIS_URL=url), ("redis",))
    assert "sesame" not in everything(found)
    return found


async def test_no_redis_is_no_problem() -> None:
    (found,) = await examine(settings(), ("redis",))
    assert found.level is NOTE
    assert "REDIS_URL" in found.text


async def test_a_redis_as_it_should_be(tmp_path: Path) -> None:
    options = ("--maxmemory", "100mb", "--maxmemory-policy", "noeviction")
    (tmp_path / "store").mkdir()
    with (
        running_redis(tmp_path, *options) as own,
        running_redis(tmp_path / "store", *options, appendonly=True) as store,
    ):
        both = settings(REDIS_URL=own.url, CAPTIONBOT_STORE_URL=store.url)
        found = await examine(both, ("redis",))
        assert {f.level for f in found} == {OK}
        one(found, f"at 127.0.0.1:{own.port}")
        one(found, f"at 127.0.0.1:{store.port}")
        one(found, "photos wait in its memory alone")
        one(found, "loses nothing that people chose")
        assert sum("scripts run" in f.text for f in found) == 2
        assert sum("of 105 MB in use" in f.text for f in found) == 2
        async with Redis.from_url(own.url) as client:
            kept: list[Any] = await client.keys("*")
            assert all([0 < await client.pttl(key) <= 1000 for key in kept]), "it leaves nothing"


async def test_photos_on_a_disk_are_told_of(tmp_path: Path) -> None:
    with running_redis(tmp_path, appendonly=True) as own:
        found = await examined(own.url)
        told = one(found, "photos that wait are written to this Redis's disk")
        assert told.level is NOTE
        assert "CAPTIONBOT_STORE_URL" in told.advice
        one(found, "loses nothing that people chose")


async def test_snapshots_are_a_disk_too(tmp_path: Path) -> None:
    with running_redis(tmp_path) as own:
        async with Redis.from_url(own.url) as client:
            await client.save()
        one(await examined(own.url), "photos that wait are written to this Redis's disk")


async def test_a_redis_that_forgets(redis_server: RedisServer) -> None:
    found = await examined(redis_server.url)
    assert problems(found) == []
    assert one(found, "append-only file is off").level is NOTE


@pytest.mark.parametrize(
    ("policy", "level"), [("allkeys-lru", PROBLEM), ("volatile-ttl", NOTE), ("noeviction", None)]
)
async def test_a_redis_that_drops_things(tmp_path: Path, policy: str, level: Any) -> None:
    with running_redis(tmp_path, "--maxmemory", "50mb", "--maxmemory-policy", policy) as own:
        found = await examined(own.url)
        if level is None:
            assert "Redis drops" not in everything(found)
        else:
            told = one(found, "Redis drops")
            assert told.level is level
            assert "noeviction" in told.advice


async def test_a_redis_that_is_full(tmp_path: Path) -> None:
    with running_redis(tmp_path, "--maxmemory", "1500kb") as own:
        async with Redis.from_url(own.url) as client:
            used = (await client.info("memory"))["used_memory"]
            await client.config_set("maxmemory", int(used * 1.05))
        assert one(await examined(own.url), "memory is nearly full").level is PROBLEM


async def test_a_redis_that_is_not_there_or_wants_a_password(tmp_path: Path) -> None:
    absent = RedisServer(tmp_path)
    (told,) = problems(await examined(absent.url.replace("//", "//:sesame@")))
    assert told == f"Redis at 127.0.0.1:{absent.port} cannot be reached"
    with running_redis(tmp_path, "--requirepass", "right") as own:
        (told,) = problems(await examined(own.url.replace("//", "//:sesame@")))
        assert told.endswith("wants another user or password than it was given")


async def test_a_user_who_may_little(tmp_path: Path) -> None:
    commands = ["+ping", "+evalsha", "+script|load", "+set", "+get"]
    acl = ["--user", "guest", "on", ">sesame", "~{captionbot}:*", "-@all", *commands]
    with running_redis(tmp_path, *acl) as own:
        found = await examined(own.url.replace("//", "//guest:sesame@"))
        assert problems(found) == []
        assert one(found, "may not ask how Redis is set").level is NOTE
    with running_redis(tmp_path, *acl[:4], "~other:*", "-@all", *commands) as own:
        (told,) = problems(await examined(own.url.replace("//", "//guest:sesame@")))
        assert "Redis at 127.0.0.1" in told


async def test_a_redis_that_is_a_replica(tmp_path: Path, redis_server: RedisServer) -> None:
    with running_redis(tmp_path, "--replicaof", "127.0.0.1", str(redis_server.port)) as own:
        (told,) = problems(await examined(own.url))
        assert "is a replica" in told or "is still loading" in told


async def test_a_redis_that_is_too_old(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_OLDEST", (99, 0))
    (told,) = problems(await examined(redis_server.url))
    assert "is version" in told


async def test_something_else_listens_there() -> None:
    found = await examine(settings(REDIS_URL="redis://:sesame@h:port"), ("redis",))
    assert problems(found)
    assert "sesame" not in everything(found)
