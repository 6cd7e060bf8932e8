"""What deploy/redis's configurations write to a disk: of photos nothing, of choices everything."""

from __future__ import annotations

from pathlib import Path

import redis

from tests.deploy.redis.secured import SecuredRedis, secured_redis

_KEY = "{captionbot}:jobs:0"
_PHOTO = b"\xff\xd8 a photo that waits " * 1000


def _waiting(server: SecuredRedis) -> redis.Redis:
    client = redis.Redis.from_url(server.url())
    add = client.register_script("#!lua\nredis.call('XADD', KEYS[1], '*', 'blob', ARGV[1])")
    add(keys=[_KEY], args=[_PHOTO])
    return client


def _written(folder: Path) -> list[Path]:
    """The files, also in folders, that hold a piece of the photo."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and b"a photo that waits" in path.read_bytes()
    ]


def test_a_photo_that_waits_is_on_no_disk(tmp_path: Path) -> None:
    with secured_redis(tmp_path) as server, _waiting(server) as client:
        assert client.info()["aof_enabled"] == 0
        assert _written(tmp_path) == []
    # nor does the server write what it holds when it is asked to stop
    assert _written(tmp_path) == []
    assert not list(tmp_path.rglob("*.rdb"))
    with secured_redis(tmp_path) as server, redis.Redis.from_url(server.url()) as client:
        assert client.info("keyspace") == {}


def test_the_store_keeps_what_it_was_told(tmp_path: Path) -> None:
    with secured_redis(tmp_path, "persistent.conf") as server, _waiting(server) as client:
        assert client.info()["aof_enabled"] == 1
        # `always`: it is on the disk before the client has its answer
        assert _written(tmp_path)
    with (
        secured_redis(tmp_path, "persistent.conf") as server,
        redis.Redis.from_url(server.url()) as client,
    ):
        assert client.info("keyspace")["db0"]["keys"] == 1
