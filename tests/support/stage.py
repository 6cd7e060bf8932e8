"""What stands around a bot in every test of a chat: its queue, and a worker that can be held up."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Generic, TypeVar

from captioner.queue import JobQueue
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import CaptionJob, CaptionReply
from tests.support.scripted_worker import ScriptedCaptions, scripted_reply, scripted_worker


class Script(ScriptedCaptions):
    """Answers each job with `reply`, once `working` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.working = threading.Event()
        self.working.set()
        self.reply: Callable[[CaptionJob], CaptionReply] = scripted_reply

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        self.working.wait(60)
        self.jobs += jobs
        self.batches.append(len(jobs))
        return [self.reply(job) for job in jobs]


S = TypeVar("S", bound=Script)


class BotStage(Generic[S]):
    """A bot that can be started, stopped and started again."""

    platform: ClassVar[str]

    def __init__(self, queue: JobQueue, script: S) -> None:
        self.queue, self.script = queue, script
        self._task: asyncio.Task[None] | None = None

    @property
    def jobs(self) -> list[CaptionJob]:
        """What the worker was given so far."""
        return self.script.jobs

    @property
    def begun(self) -> asyncio.Task[None]:
        """The running bot."""
        assert self._task is not None
        return self._task

    def run(self, bot: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Have a bot run until `stop`."""
        self._task = asyncio.create_task(bot)
        return self._task

    def forget(self) -> None:
        """There is no bot to stop any more."""
        self._task = None

    async def stop(self) -> None:
        """Stop the bot."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def emptied(self) -> None:
        """Wait until nothing is left to do: no job, and no reply that was not done."""
        boxes = self.queue._reply_queues if isinstance(self.queue, MemoryQueue) else {}
        box = boxes.get(self.platform)
        async with asyncio.timeout(60):
            while await self.queue.depth() or (box and (box._waiting or box._held)):
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def attended(self, *, worker: bool = True) -> AsyncIterator[None]:
        """There is a worker, if `worker`; at the end the bot stops before it does."""
        at_work = scripted_worker(self.queue, self.script) if worker else contextlib.nullcontext()
        async with at_work:
            try:
                yield
            finally:
                self.script.working.set()
                await self.stop()
