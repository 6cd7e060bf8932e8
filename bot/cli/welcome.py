"""What `captionbot run` says once it is ready: the address, which bots are on, what to do next."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping

from bot.adapters.registry import BY_NAME, PLATFORMS
from bot.monitoring.server import Readiness
from bot.settings import Settings
from captioner.queue import JobQueue

_LOOK_EVERY = 0.25  # seconds
_BOTS_GET = 10.0  # seconds to connect, before they are said to be connecting

log = logging.getLogger("captionbot")


def bots_off(settings: Settings) -> dict[str, str]:
    """The bots that have no token, and why they are off."""
    off = [platform for platform in PLATFORMS if not platform.configured(settings)]
    return {platform.name: f"{platform.token} is not set" for platform in off}


def summary(*, url: str, model: str, bots: Mapping[str, str | None]) -> str:
    """The text; `bots` says of each what is wrong with it, or None."""
    rows = [("Page", url), ("Model", model)]
    rows += [
        (name.title(), "on" if wrong is None else f"off: {wrong}") for name, wrong in bots.items()
    ]
    lines = [f"  {name:<10}{text}" for name, text in rows]
    return "\n".join([
        "",
        "CaptionBot is ready.",
        "",
        *lines,
        "",
        "Open the page and drop a photo on it. Tokens for bots go into .env: cp .env.example .env",
        "`captionbot doctor` says what is missing and what to do. Ctrl-C ends it.",
        "",
    ])  # fmt: skip


async def welcome(
    settings: Settings, readiness: Readiness, queue: JobQueue, url: Callable[[], str | None]
) -> None:
    """Log which bots are off; on a terminal, print the summary once the page and a worker are on.

    `url` is where the page is, or None while it is not served. Bots get some time to connect.
    """
    off = bots_off(settings)
    for name, why in off.items():
        log.info("%s is off: %s", name, why)
    if not sys.stderr.isatty():
        return
    loop = asyncio.get_running_loop()
    while True:
        problems = await readiness.problems()
        if (page := url()) and not problems.keys() & {"web", "worker", "queue"}:
            break
        await asyncio.sleep(_LOOK_EVERY)
    latest = loop.time() + _BOTS_GET
    while problems.keys() & BY_NAME.keys() and loop.time() < latest:
        await asyncio.sleep(_LOOK_EVERY)
        problems = await readiness.problems()
    wrong = problems | off
    bots = {name: wrong.get(name) for name in BY_NAME}
    models = (await queue.workers()).models
    sys.stderr.write(summary(url=page, model=", ".join(sorted(models)), bots=bots))
