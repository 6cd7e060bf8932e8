"""Where photos go, as the workers on the queue say: it is what people are told."""

from __future__ import annotations

import asyncio

from bot.doctor.result import Finding, note, ok
from bot.settings import Settings
from captioner.queue import QueueUnavailable, open_queue
from captioner.queue.base import Workers

_CHECK = "photos"
_PATIENCE = 5.0  # seconds


async def check(settings: Settings) -> list[Finding]:
    """Whether photos leave the operator's network; nothing where no queue can be asked."""
    workers = await workers_there(settings)
    if workers is None:
        return []
    hosts = workers.sends_photos_to
    if hosts is None:
        return [
            note(
                _CHECK,
                "no worker has said yet where photos go: until one does, a bot that starts now "
                "tells people that it does not know",
                "start a worker",
            )
        ]
    if not hosts:
        return [ok(_CHECK, "they go to your workers and nowhere else, and people are told so")]
    return [
        note(
            _CHECK,
            f"they are sent to {', '.join(hosts)}, outside of your own network, and people are "
            "told so",
        )
    ]


async def workers_there(settings: Settings) -> Workers | None:
    """The workers on the queue; None where there is no queue, or it cannot be asked."""
    if settings.redis_url is None:
        return None
    try:
        async with (
            asyncio.timeout(_PATIENCE),
            open_queue(settings.redis_url.get_secret_value()) as queue,
        ):
            return await queue.workers()
    except (QueueUnavailable, TimeoutError, ValueError):  # the check of Redis says what is wrong
        return None
