"""Bots that share a process: one whose platform rejects it does not end the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.adapters import AdapterError
from bot.monitoring.readiness import Check, Readiness

FIRST, LONGEST = 60.0, 900.0  # seconds until it is tried again; longer each time

log = logging.getLogger("captionbot")


async def kept_trying(
    part: str,
    serve: Callable[[], Awaitable[None]],
    *,
    readiness: Readiness,
    stopping: asyncio.Event,
    first: float = FIRST,
    longest: float = LONGEST,
) -> None:
    """Serve a part until it ends or is asked to stop; after an AdapterError, try again.

    Meanwhile /ready says what is wrong with it, and so does the log, with each try.
    """
    pause = first
    while not stopping.is_set():
        try:
            await serve()
        except AdapterError as error:
            wrong = str(error)
        else:
            return
        readiness.watch(part, _always(wrong))
        log.error("%s is off: %s; trying again in %.0f s", part, wrong, pause)
        try:
            async with asyncio.timeout(pause):
                await stopping.wait()
        except TimeoutError:
            pause = min(2 * pause, longest)


def _always(wrong: str) -> Check:
    return lambda: wrong
