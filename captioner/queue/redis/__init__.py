"""The queue on Redis Streams, for bots and workers in as many processes and hosts as needed."""

from __future__ import annotations

from captioner.queue.redis.queue import RedisQueue

__all__ = ["RedisQueue"]
