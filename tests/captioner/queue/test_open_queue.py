"""Opening a queue, and what goes wrong with addresses."""

from __future__ import annotations

import subprocess
import sys

import pytest

from captioner.queue import Limits, open_queue
from captioner.queue.memory import MemoryQueue
from captioner.queue.redis import RedisQueue


async def test_without_an_address_the_queue_is_in_the_process() -> None:
    async with open_queue(None) as queue:
        assert isinstance(queue, MemoryQueue)
        assert queue.limits == Limits()


@pytest.mark.parametrize(
    "url", ["redis://localhost:6379/0", "rediss://user:pw@redis.example:6380", "unix:///run/r.sock"]
)
async def test_with_an_address_it_is_in_redis(url: str) -> None:
    async with open_queue(url, Limits(depth=7)) as queue:
        assert isinstance(queue, RedisQueue)
        assert queue.limits.depth == 7


@pytest.mark.parametrize(
    "url",
    ["", "localhost:6379", "http://:sesame@h", "redis://:sesame#1@h:99", "redis://:sesame@h:port"],
)
def test_an_address_that_is_none_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(ValueError, match="it must look like redis://") as refusal:
        open_queue(url)
    assert "sesame" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("prefix", ["", "a{b", "a}b"])
def test_a_prefix_that_breaks_the_hash_tag_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        RedisQueue("redis://localhost", Limits(), prefix)


def test_a_process_without_redis_does_not_import_it() -> None:
    code = (
        "import sys; from captioner.queue import *; import captioner.queue.messages;"
        "open_queue(None);"
        "sys.exit(any(name.split('.')[0] in {'redis', 'torch'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
