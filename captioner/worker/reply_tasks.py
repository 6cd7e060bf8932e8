"""Replies on their way while the model has the next batch."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from types import TracebackType
from typing import Any, Self

_PATIENCE = 5.0  # seconds for what is on its way when the worker fails


class ReplyTasks:
    """Delivers the replies of one batch at a time; the end of the context waits for the last."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, deliveries: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Waits until those before are delivered; raises what went wrong with them."""
        before = self._tasks
        self._tasks = [asyncio.create_task(delivery) for delivery in deliveries]
        await asyncio.gather(*before)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Raises what went wrong. Where something else did already, patience is short."""
        if error is None:
            await asyncio.gather(*self._tasks)
        elif self._tasks:
            if isinstance(error, Exception):
                await asyncio.wait(self._tasks, timeout=_PATIENCE)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
