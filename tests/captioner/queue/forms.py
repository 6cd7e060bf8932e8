"""The forms of the queue as the state machine sees them: what they hold, and time that passes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from captioner.queue import JobQueue, Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import decode_job, decode_reply
from captioner.queue.redis import RedisQueue
from captioner.queue.redis.schema import GROUP, Keys

LIMITS = Limits(depth=8, per_person=4, visibility=3600.0, max_deliveries=2)
_AGES = 2 * LIMITS.visibility
ADAPTER = "telegram"


@dataclass(frozen=True, slots=True)
class Held:
    """Where a job or a reply is: with somebody, who may be silent, or waiting."""

    deliveries: int = 0
    by: str = ""
    silent: bool = False  # the visibility time is over: whoever asks gets it

    @property
    def free(self) -> bool:
        return self.silent or not self.by


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything unfinished, by job."""

    jobs: dict[str, Held]
    replies: dict[str, Held]


class Crash(Exception):
    """The process ended here."""


class Form(ABC):
    """A queue, and what only the machine may do to it."""

    queue: JobQueue

    @abstractmethod
    async def contents(self) -> Contents:
        """What it holds."""

    @abstractmethod
    async def silence(self, consumer: str, *, replies: bool) -> None:
        """The visibility time passes for what a consumer holds."""

    @abstractmethod
    async def dead(self) -> set[str]:
        """The jobs that were given up."""

    @abstractmethod
    async def close(self) -> None: ...


class InMemory(Form):
    def __init__(self) -> None:
        self.queue: MemoryQueue = MemoryQueue(LIMITS)

    async def contents(self) -> Contents:
        queue, jobs = self.queue, {}
        for entry, item in queue._unfinished.items():
            if entry in queue._held:
                jobs[item.job.id] = Held(item.deliveries, item.holder, item.held_until <= 0)
            else:
                jobs[item.job.id] = Held(item.deliveries)
        box = queue._reply_queues.get(ADAPTER)
        replies = {one.reply.job_id: Held() for one in (box._waiting if box else ())}
        for held in (box._held if box else {}).values():
            replies[held.reply.job_id] = Held(held.deliveries, "somebody", held.held_until <= 0)
        return Contents(jobs, replies)

    async def silence(self, consumer: str, *, replies: bool) -> None:
        if not replies:
            for item in self.queue._held.values():
                if item.holder == consumer:
                    item.held_until = 0.0
        elif box := self.queue._reply_queues.get(ADAPTER):
            for held in box._held.values():
                held.held_until = 0.0

    async def dead(self) -> set[str]:
        return set(self.queue._dead)

    async def close(self) -> None:
        await self.queue.close()


class OnRedis(Form):
    """`fuse` is how many commands the process still gets to send; see `crashes_after`."""

    def __init__(self, url: str, prefix: str) -> None:
        self._url, self._prefix = url, prefix
        self._keys = Keys(prefix)
        self._client: Any = Redis.from_url(url, protocol=2)
        self._old: list[RedisQueue] = []
        self._open()

    def _open(self) -> None:
        self.queue: RedisQueue = RedisQueue(self._url, LIMITS, self._prefix)

    def restart(self) -> None:
        """Another process, which remembers nothing."""
        self._old.append(self.queue)
        self._open()

    def crashes_after(self, commands: int, *, last_arrives: bool) -> None:
        """The process ends at its next command but so many; that one is executed or not."""
        client: Any = self.queue._server._redis
        execute: Callable[..., Awaitable[Any]] = client.execute_command
        left = commands

        async def execute_or_die(*args: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                if last_arrives:
                    await execute(*args, **options)
                raise Crash
            return await execute(*args, **options)

        client.execute_command = execute_or_die

    async def contents(self) -> Contents:
        jobs: dict[str, Held] = {}
        *lanes, replies = await self._entries(
            [*self._keys.lanes, self._keys.of("replies", ADAPTER)]
        )
        for lane in lanes:
            jobs |= {decode_job(fields).id: held for fields, held in lane}
        found = [(decode_reply(fields).job_id, held) for fields, held in replies]
        assert len(dict(found)) == len(found), "one reply a job"
        return Contents(jobs, dict(found))

    async def _entries(self, streams: list[str]) -> list[list[tuple[dict[bytes, bytes], Held]]]:
        """What is in each stream, asked in one go: this is done after every step."""
        async with self._client.pipeline(transaction=False) as asking:
            for stream in streams:
                asking.xrange(stream)
                asking.xpending_range(stream, GROUP, "-", "+", 1000)
            answers = await asking.execute(raise_on_error=False)
        found = []
        for entries, held in zip(answers[::2], answers[1::2], strict=True):
            pending = {one["message_id"]: _held(one) for one in _unless_no_group(held)}
            assert set(pending) <= {entry for entry, _ in entries}, "nobody holds what is gone"
            found.append([(fields, pending.get(entry, Held())) for entry, fields in entries])
        return found

    async def silence(self, consumer: str, *, replies: bool) -> None:
        streams = [self._keys.of("replies", ADAPTER)] if replies else self._keys.lanes
        async with self._client.pipeline(transaction=False) as asking:
            for stream in streams:
                asking.xpending_range(stream, GROUP, "-", "+", 1000, consumer)
            answers = await asking.execute(raise_on_error=False)
        for stream, answer in zip(streams, answers, strict=True):
            for one in _unless_no_group(answer):
                await self._client.xclaim(
                    stream, GROUP, consumer, 0, [one["message_id"]], idle=int(_AGES * 1000),
                    retrycount=one["times_delivered"], justid=True,
                )  # fmt: skip

    async def leftovers(self) -> list[str]:
        """Keys that live for ever although everything is finished."""
        keys = [key async for key in self._client.scan_iter(f"{{{self._prefix}}}:*", count=1000)]
        return [
            key.decode() for key in keys
            if await self._client.type(key) != b"stream" and await self._client.ttl(key) < 0
        ] + [key.decode() for key in keys if b":person:" in key]  # fmt: skip

    async def dead(self) -> set[str]:
        return {letter.job_id for letter in await self.queue.dead_letters()}

    async def close(self) -> None:
        for queue in (*self._old, self.queue):
            await queue.close()
        await self._client.aclose()


def _unless_no_group(answer: Any) -> list[dict[str, Any]]:
    """Who holds what; nobody anything where no consumer ever asked."""
    if isinstance(answer, ResponseError) and "NOGROUP" in str(answer):
        return []
    if isinstance(answer, Exception):
        raise answer
    held: list[dict[str, Any]] = answer
    return held


def _held(one: dict[str, Any]) -> Held:
    silent = one["time_since_delivered"] / 1000 > LIMITS.visibility
    by, times = one["consumer"].decode(), one["times_delivered"]
    return Held(times) if by.startswith("(") else Held(times, by, silent)  # (given back)
