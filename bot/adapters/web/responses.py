"""What comes of a request, as one answer or step by step, and counted by its outcome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from prometheus_client import Counter

from bot.adapters.web.problems import Problem
from bot.adapters.web.serializers import PRIVATE, EventStream

log = logging.getLogger(__name__)
Work = Callable[[web.Request, EventStream | None], Awaitable[dict[str, Any]]]


async def respond(
    request: web.Request, work: Work, *, event: str, done: str, outcomes: Counter
) -> web.StreamResponse:
    """The response that holds what `work` comes to, which has a `language`.

    In steps, the last line is an `event` of that name. `done` is the outcome where all goes well.
    Raises Problem for what is refused before the first step.
    """
    stream = EventStream.wanted(request)
    try:
        said = await _counted(request, stream, work, done=done, outcomes=outcomes)
    except Problem as problem:
        if stream is None or not stream.begun:
            raise
        return await stream.refuse(problem)
    if stream is not None:
        return await stream.end(event, said)
    return web.json_response(said, headers={**PRIVATE, "Content-Language": said["language"]})


async def _counted(
    request: web.Request, stream: EventStream | None, work: Work, *, done: str, outcomes: Counter
) -> dict[str, Any]:
    outcome = "internal"
    try:
        said = await work(request, stream)
        outcome = done
    except Problem as problem:
        outcome = problem.code
        raise
    except (asyncio.CancelledError, ConnectionError):
        outcome = "disconnected"
        raise
    except Exception as error:
        log.exception("a request could not be answered")
        raise Problem("internal") from error
    finally:
        outcomes.labels(outcome).inc()
    return said
