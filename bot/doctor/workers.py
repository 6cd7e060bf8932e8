"""What the workers can do and where they send photos; and whether that fits what is set.

Where no worker can be asked, languages are those of the checkpoint's file.
"""

from __future__ import annotations

import asyncio

from bot.chat.capabilities import offered
from bot.doctor import Finding, checkpoint, note, ok, problem
from bot.settings import Settings
from captioner.capabilities import Capabilities
from captioner.fonts import missing_fonts
from captioner.queue import QueueUnavailable, open_queue
from captioner.queue.base import Workers

_PHOTOS, _LANGUAGES = "photos", "languages"
_PATIENCE = 5.0  # seconds


async def check_photos(settings: Settings) -> list[Finding]:
    """Whether photos leave the operator's network; nothing where no queue can be asked."""
    workers = await _workers_there(settings)
    if workers is None:
        return []
    hosts = workers.sends_photos_to
    if hosts is None:
        return [
            note(
                _PHOTOS,
                "no worker has said yet where photos go: until one does, a bot that starts now "
                "tells people that it does not know",
                "start a worker",
            )
        ]
    if not hosts:
        return [ok(_PHOTOS, "they go to your workers and nowhere else, and people are told so")]
    return [
        note(
            _PHOTOS,
            f"they are sent to {', '.join(hosts)}, outside of your own network, and people are "
            "told so",
        )
    ]


async def check_languages(settings: Settings) -> list[Finding]:
    """A fixed language is one of the model's; nothing is said where all is as usual."""
    of_file = await asyncio.to_thread(checkpoint.languages, settings)
    fixed = settings.caption_language
    found = [] if fixed == "auto" else [await _fixed(settings, fixed, of_file)]
    fonts = [
        note(
            _LANGUAGES,
            f"no font on this host has {script.name}: attention pictures show boxes",
            f"on Debian and Ubuntu: apt install {script.package}, where the worker runs",
        )
        for script in missing_fonts(of_file)
    ]
    return found + fonts


async def _fixed(settings: Settings, fixed: str, of_file: tuple[str, ...]) -> Finding:
    workers = await _workers_there(settings)
    declared = workers.capabilities if workers else ()
    languages = Capabilities.of_all(declared).languages if declared else of_file
    setting = f"CAPTIONBOT_CAPTION_LANGUAGE={fixed}"
    if not languages:
        return note(_LANGUAGES, f"{setting}: no worker is there that says whether it has it")
    if offered(fixed, languages):
        return ok(_LANGUAGES, f"{setting}: the model has it")
    return problem(
        _LANGUAGES,
        f"{setting}: the model writes captions in {', '.join(languages)}",
        "set it to one of these, or to auto",
    )


async def _workers_there(settings: Settings) -> Workers | None:
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
