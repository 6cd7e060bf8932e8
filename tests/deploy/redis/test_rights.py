"""The user in deploy/redis/users.acl may do what the product does, and nothing else."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

import bot.store
import captioner.queue.redis
from tests.deploy.redis.secured import DEPLOY, PASSWORD, SecuredRedis

# What the product sends itself; all else is inside its scripts.
_SENT = {"ping", "info", "evalsha", "script|load", "xreadgroup", "hgetall"}
_CALL = re.compile(r"redis\.p?call\(\s*'([A-Z]+)'(?:,\s*'([A-Z]+)')?")
_WITH_SUBCOMMANDS = {"xgroup", "xinfo"}


def _in_scripts() -> set[str]:
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for package in (captioner.queue.redis, bot.store)
        for found in pkgutil.iter_modules(package.__path__)
    ]
    texts = [
        text
        for module in modules
        for text in vars(module).values()
        if isinstance(text, str) and text.startswith("#!lua")
    ]
    found = set()
    for command, argument in _CALL.findall("\n".join(texts)):
        name = command.lower()
        found.add(f"{name}|{argument.lower()}" if name in _WITH_SUBCOMMANDS else name)
    return found


def _granted() -> set[str]:
    text = (DEPLOY / "redis" / "users.acl").read_text()
    return set(re.findall(r"\s\+([a-z|]+)", text[text.index("user captionbot") :]))


def test_the_list_is_what_the_code_needs() -> None:
    assert _in_scripts() >= {"xadd", "xgroup|create", "zadd"}, "the scripts are not found"
    assert _granted() == _in_scripts() | _SENT, "bring deploy/redis/users.acl up to date"


@pytest.fixture
def client(secured: SecuredRedis) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(secured.url()) as client:
        yield client


@pytest.mark.parametrize(
    "command",
    [
        ["FLUSHALL"],
        ["KEYS", "*"],
        ["SCAN", "0"],
        ["CONFIG", "GET", "*"],
        ["ACL", "LIST"],
        ["EVAL", "return 1", "0"],
        ["SHUTDOWN"],
        ["REPLICAOF", "127.0.0.1", "1"],
        ["MONITOR"],
        ["CLIENT", "LIST"],
        ["SCRIPT", "FLUSH"],
        ["PUBLISH", "channel", "message"],
        ["XGROUP", "DESTROY", "{captionbot}:jobs:0", "captionbot"],
    ],
    ids=" ".join,
)
def test_commands_outside_its_rights_are_refused(client: redis.Redis, command: list[str]) -> None:
    with pytest.raises(redis.exceptions.NoPermissionError):
        client.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py's


@pytest.mark.parametrize(
    "command",
    [["SET", "other", "1"], ["GET", "{captionbot}"], ["HGETALL", "{captionbot2}:x"]],
    ids=" ".join,
)
def test_keys_of_others_are_refused(client: redis.Redis, command: list[str]) -> None:
    with pytest.raises(redis.exceptions.NoPermissionError):
        client.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py's


def test_a_script_has_no_more_rights(client: redis.Redis) -> None:
    everything = client.script_load("return redis.call('FLUSHALL')")
    with pytest.raises(redis.exceptions.ResponseError, match="can't run this command"):
        client.evalsha(str(everything), 0)


def test_nothing_that_was_accepted_makes_room_for_something_else(client: redis.Redis) -> None:
    assert client.info()["maxmemory_policy"] == "noeviction"


def test_nobody_else_gets_in(secured: SecuredRedis) -> None:
    with (
        redis.Redis.from_url(secured.url("wrong-password-of-good-length")) as client,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        client.ping()
    with (
        redis.Redis.from_url(secured.url().replace(f"captionbot:{PASSWORD}@", "")) as nobody,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        nobody.ping()


def test_the_password_is_nowhere_to_be_seen(secured: SecuredRedis) -> None:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "cmdline").read_bytes()
            if str(secured.port).encode() in said:
                assert b"correct-horse" not in said + (process / "environ").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
    users = secured.authority.with_name("users.acl")
    assert "correct-horse" not in users.read_text()
    assert users.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("password", ["", "short"])
def test_no_redis_without_a_password(tmp_path: Path, password: str) -> None:
    ended = subprocess.run(
        [DEPLOY / "redis" / "start.sh"],
        env={"PATH": "/usr/bin:/bin", "REDIS_PASSWORD": password, "REDIS_RUN_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ended.returncode == 2
    assert "REDIS_PASSWORD" in ended.stderr
