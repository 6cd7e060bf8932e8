"""The thread that runs the model, so that the event loop stays free for the queue."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

A = TypeVar("A")
R = TypeVar("R")
T = TypeVar("T")


class ModelThread(Generic[A, R]):
    """Runs all calls of a function in the same thread.

    Unlike an executor's threads, this one does not keep a process alive whose model is stuck.
    """

    def __init__(self, function: Callable[[A], R]) -> None:
        self._function = function
        self._inbox: queue.SimpleQueue[tuple[A, asyncio.Future[R]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="model", daemon=True)

    async def call(self, argument: A) -> R:
        """The function's result; raises its error."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._inbox.put((argument, future))
        return await future

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the thread after its current call."""
        self._inbox.put(None)

    def _work(self) -> None:
        while (task := self._inbox.get()) is not None:
            argument, future = task
            try:
                result = self._function(argument)
            except Exception as error:  # noqa: BLE001 - whoever called is to know, not this thread
                _tell(future, future.set_exception, error)
            else:
                _tell(future, future.set_result, result)


def _tell(future: asyncio.Future[R], settle: Callable[[T], None], outcome: T) -> None:
    def in_loop() -> None:
        if not future.done():  # who called may have given up
            settle(outcome)

    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
        future.get_loop().call_soon_threadsafe(in_loop)
