"""The store on Redis: what lies there, for how long, and what happens when Redis is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.store import Preferences, StoreUnavailable, open_store
from bot.store.redis import RedisStore
from tests.support.redis_server import RedisServer, free_port, running_redis
from tests.support.tcp_proxy import TcpProxy

LONG = 60.0  # seconds to wait for what is sure to come
YEAR = 365 * 86_400


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Any]:
    """The server itself, to look behind the store."""
    client = Redis.from_url(redis_server.url, protocol=2)
    yield client
    await client.aclose()


@pytest.fixture
async def store(redis_server: RedisServer, prefix: str) -> AsyncIterator[RedisStore]:
    opened = RedisStore(redis_server.url, prefix)
    yield opened
    await opened.close()


async def use_everything(store: RedisStore) -> None:
    await store.set_preferences("Anna Müller", Preferences(language="de"))
    await store.wait_for_turn("Anna Müller", limit=5, seconds=LONG)
    await store.once("Anna Müller", seconds=LONG)
    await store.count("telegram.caption")
    await store.secret()
    assert await store.preferences("Anna Müller") == Preferences(language="de")
    assert await store.counts() == {"telegram.caption": 1}


async def keys_of(redis: Any, prefix: str) -> list[bytes]:
    return [key async for key in redis.scan_iter(f"{{{prefix}}}:*", count=1000)]


# --- what lies there


async def test_everything_expires_and_nobody_is_named(
    redis: Any, store: RedisStore, prefix: str
) -> None:
    await use_everything(store)
    keys = await keys_of(redis, prefix)
    kinds = {key.decode().split(":")[2] for key in keys}
    assert kinds == {"preferences", "turns", "once", "counts", "secret"}
    for key in keys:
        assert key.startswith(b"{%s}:store:" % prefix.encode())
        assert b"Anna" not in key
        assert 0 < await redis.ttl(key) <= YEAR
        assert b"Anna" not in await redis.dump(key)


async def test_times_to_live(redis: Any, store: RedisStore, prefix: str) -> None:
    await use_everything(store)
    kept = {key.split(b":")[2]: await redis.ttl(key) for key in await keys_of(redis, prefix)}
    assert kept[b"preferences"] > YEAR - 100
    assert kept[b"secret"] > YEAR - 100
    assert 90 * 86_400 < kept[b"counts"] <= 91 * 86_400
    assert kept[b"turns"] <= LONG + 1
    assert kept[b"once"] <= LONG


async def test_a_look_renews_choices_and_the_secret_they_are_hashed_with(
    redis: Any, store: RedisStore, prefix: str
) -> None:
    await use_everything(store)
    lasting = [k for k in await keys_of(redis, prefix) if b"preferences" in k or b"secret" in k]
    assert len(lasting) == 2
    for key in lasting:
        await redis.expire(key, 100)
    await store.preferences("Anna Müller")
    for key in lasting:
        assert await redis.ttl(key) > 100


async def test_the_defaults_and_looks_leave_nothing(
    redis: Any, store: RedisStore, prefix: str
) -> None:
    await store.set_preferences("anna", Preferences(voice=True))
    await store.set_preferences("anna", Preferences())
    await store.preferences("berta")
    await store.counts()
    await store.forget("anna")
    assert await keys_of(redis, prefix) == []


async def test_all_processes_share_one_store(redis_server: RedisServer, prefix: str) -> None:
    stores = [RedisStore(redis_server.url, prefix) for _ in range(3)]
    secrets = await asyncio.gather(*(store.secret() for store in stores))
    assert len(set(secrets)) == 1
    waits = await asyncio.gather(
        *(store.wait_for_turn("anna", limit=4, seconds=LONG) for store in stores * 5)
    )
    assert waits.count(0.0) == 4
    firsts = await asyncio.gather(*(store.once("update", seconds=LONG) for store in stores))
    assert firsts.count(True) == 1
    await stores[0].set_preferences("anna", Preferences(auto=True))
    assert (await stores[1].preferences("anna")).auto
    for store in stores:
        await store.close()


async def test_bots_with_other_prefixes_share_nothing(
    redis_server: RedisServer, prefix: str, store: RedisStore
) -> None:
    other = RedisStore(redis_server.url, f"{prefix}-other")
    await use_everything(store)
    assert await other.preferences("Anna Müller") == Preferences()
    assert await other.counts() == {}
    assert await other.secret() != await store.secret()
    await other.close()


async def test_what_others_wrote_there_is_passed_over(
    redis: Any, store: RedisStore, prefix: str
) -> None:
    await use_everything(store)
    keys = {key.split(b":")[2]: key for key in await keys_of(redis, prefix)}
    await redis.hset(keys[b"preferences"], mapping={"colour": "red", "voice": "yes", "auto": "1"})
    await redis.hset(keys[b"preferences"], "language", b"\xff")
    await redis.hset(keys[b"counts"], mapping={"x": "many", b"\xff": "1"})
    await redis.set(keys[b"secret"], "short")
    assert await store.preferences("Anna Müller") == Preferences(language="\ufffd", auto=True)
    assert await store.counts() == {"telegram.caption": 1}
    assert len(await store.secret()) == 32
    await redis.set(keys[b"preferences"], "no hash")
    with pytest.raises(StoreUnavailable, match="WRONGTYPE"):
        await store.preferences("Anna Müller")


async def test_a_clock_that_was_set_back_locks_nobody_out(
    redis: Any, store: RedisStore, prefix: str
) -> None:
    await store.wait_for_turn("anna", limit=1, seconds=LONG)
    (key,) = await keys_of(redis, prefix)
    ((turn, taken),) = await redis.zrange(key, 0, -1, withscores=True)
    await redis.zadd(key, {turn: taken + 3600e6})
    assert await store.wait_for_turn("anna", limit=1, seconds=LONG) == 0.0


async def test_an_address_or_prefix_that_cannot_be_is_refused_without_quoting_it() -> None:
    for url in ("redis://:sesame@h:port", "http://:sesame@h", "redis://:sesame@h?encoding=nope"):
        with pytest.raises(ValueError, match="it must look like redis://") as refusal:
            open_store(url)
        assert "sesame" not in str(refusal.value)
    for prefix in ("", "{a", "a}"):
        with pytest.raises(ValueError, match="prefix"):
            RedisStore("redis://localhost", prefix)


# --- when Redis is away


async def test_an_outage_is_said_in_a_sentence_without_credentials(tmp_path: Path) -> None:
    absent = RedisServer(tmp_path)
    store = RedisStore(absent.url.replace("redis://", "redis://someone:sesame@"))
    for call in (
        store.preferences("anna"),
        store.set_preferences("anna", Preferences(voice=True)),
        store.forget("anna"),
        store.wait_for_turn("anna", limit=1, seconds=1),
        store.once("update", seconds=1),
        store.count("telegram.caption"),
        store.counts(),
        store.secret(),
    ):
        with pytest.raises(StoreUnavailable) as outage:
            await call
        assert str(outage.value) == f"Redis at 127.0.0.1:{absent.port} cannot be reached"
        assert outage.value.__cause__ is None
    await store.close()


async def test_it_goes_on_when_redis_is_back(tmp_path: Path) -> None:
    with running_redis(tmp_path, appendonly=True) as own:
        store = RedisStore(own.url)
        await store.set_preferences("anna", Preferences(voice=True))
        secret = await store.secret()
        own.kill()
        with pytest.raises(StoreUnavailable):
            await store.preferences("anna")
        own.start()
        assert (await store.preferences("anna")).voice
        assert await store.secret() == secret
        await store.close()


async def test_without_memory_limits_hold_and_only_choices_are_refused(tmp_path: Path) -> None:
    with running_redis(tmp_path, "--maxmemory", "3mb", "--maxmemory-policy", "noeviction") as own:
        store = RedisStore(own.url)
        await use_everything(store)
        async with Redis.from_url(own.url) as client:
            await client.config_set("maxmemory", 1)
        assert await store.wait_for_turn("berta", limit=1, seconds=LONG) == 0.0
        assert await store.wait_for_turn("berta", limit=1, seconds=LONG) > 0
        assert await store.once("update", seconds=LONG)
        assert (await store.preferences("Anna Müller")).language == "de"
        with pytest.raises(StoreUnavailable, match="out of memory"):
            await store.set_preferences("berta", Preferences(voice=True))
        await store.forget("Anna Müller")
        assert await store.preferences("Anna Müller") == Preferences()
        await store.close()


async def test_an_answer_that_was_lost_costs_nothing(
    redis_server: RedisServer, prefix: str
) -> None:
    async with TcpProxy(redis_server.port) as proxy:
        store = RedisStore(proxy.url, prefix)
        assert await store.once("warm up", seconds=LONG)
        await store.wait_for_turn("warm up", limit=1, seconds=LONG)
        proxy.lose_next_answer()
        assert await store.once("update", seconds=LONG)
        proxy.lose_next_answer()
        assert await store.wait_for_turn("anna", limit=1, seconds=LONG) == 0.0
        assert await store.wait_for_turn("anna", limit=2, seconds=LONG) == 0.0
        assert await store.wait_for_turn("anna", limit=2, seconds=LONG) > 0
        await store.leave("album", "1", seconds=LONG)
        assert await store.collect("warm up") == []
        proxy.lose_next_answer()
        assert await store.collect("album") == ["1"]
        assert proxy.lost == 3
        assert await store.collect("album") == []
        await store.close()


async def test_it_works_on_a_cluster(tmp_path: Path) -> None:
    options = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    with running_redis(tmp_path, *options) as own:
        client: Any = Redis.from_url(own.url, protocol=2)
        await client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        async with asyncio.timeout(LONG):
            while (await client.cluster("INFO"))["cluster_state"] != "ok":
                await asyncio.sleep(0.05)
        await client.aclose()
        store = RedisStore(own.url)
        await use_everything(store)
        await store.forget("Anna Müller")
        await store.close()
