"""Whether captions can be in the language that is set, and whether there are fonts for them."""

from __future__ import annotations

import asyncio

from bot.chat.capabilities import offered
from bot.doctor import checkpoint
from bot.doctor.photos import workers_there
from bot.doctor.result import Finding, note, ok, problem
from bot.settings import Settings
from captioner.capabilities import Capabilities
from captioner.fonts import missing_fonts

_CHECK = "languages"


async def check(settings: Settings) -> list[Finding]:
    """A fixed language is one of the model's; nothing is said where all is as usual."""
    of_file = await asyncio.to_thread(checkpoint.languages, settings)
    fixed = settings.caption_language
    found = [] if fixed == "auto" else [await _fixed(settings, fixed, of_file)]
    fonts = [
        note(
            _CHECK,
            f"no font on this host has {script.name}: attention pictures show boxes",
            f"on Debian and Ubuntu: apt install {script.package}, where the worker runs",
        )
        for script in missing_fonts(of_file)
    ]
    return found + fonts


async def _fixed(settings: Settings, fixed: str, of_file: tuple[str, ...]) -> Finding:
    workers = await workers_there(settings)
    declared = workers.capabilities if workers else ()
    languages = Capabilities.of_all(declared).languages if declared else of_file
    setting = f"CAPTIONBOT_CAPTION_LANGUAGE={fixed}"
    if not languages:
        return note(_CHECK, f"{setting}: no worker is there that says whether it has it")
    if offered(fixed, languages):
        return ok(_CHECK, f"{setting}: the model has it")
    return problem(
        _CHECK,
        f"{setting}: the model writes captions in {', '.join(languages)}",
        "set it to one of these, or to auto",
    )
