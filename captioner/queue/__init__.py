"""The queue between bots and workers: its contract, and `open_queue`."""

from __future__ import annotations

from typing import overload

from captioner.queue.base import (
    Claim,
    DeadLetter,
    DeadLetterLost,
    Delivery,
    HeldJob,
    InspectableQueue,
    JobQueue,
    Limits,
    Overview,
    PersonBusy,
    QueueError,
    QueueFull,
    QueueUnavailable,
    Receipt,
    WorkerInfo,
    Workers,
)

__all__ = [
    "Claim",
    "DeadLetter",
    "DeadLetterLost",
    "Delivery",
    "HeldJob",
    "InspectableQueue",
    "JobQueue",
    "Limits",
    "Overview",
    "PersonBusy",
    "QueueError",
    "QueueFull",
    "QueueUnavailable",
    "Receipt",
    "WorkerInfo",
    "Workers",
    "open_queue",
]


@overload
def open_queue(redis_url: str, limits: Limits | None = None) -> InspectableQueue: ...


@overload
def open_queue(redis_url: str | None, limits: Limits | None = None) -> JobQueue: ...


def open_queue(redis_url: str | None, limits: Limits | None = None) -> JobQueue:
    """The queue at a Redis URL, or one inside this process where there is none.

    Nothing is connected yet, so a server that is absent shows on first use. Raises ValueError,
    without the address, if it is none that Redis could have.
    """
    limits = limits or Limits()
    if redis_url is None:
        from captioner.queue.memory import MemoryQueue  # noqa: PLC0415 - only where it is used

        return MemoryQueue(limits)
    from captioner.queue.redis import RedisQueue  # noqa: PLC0415 - a process without Redis needs none

    return RedisQueue(redis_url, limits)
