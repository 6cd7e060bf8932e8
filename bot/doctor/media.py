"""Whether photos, videos and speech work here: does each once, the way the bot does it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from importlib import metadata
from importlib.util import find_spec

from bot.chat.refusals import Refusal
from bot.doctor import samples
from bot.doctor.result import Finding, note, ok, problem
from bot.media.sanitizer import Intake
from bot.settings import Settings
from captioner.distribution import how_to_install

_CHECK = "media"
_PACKAGES = (
    ("PIL", "pillow", "photos"),
    ("pillow_heif", "pillow-heif", "iPhones' photos"),
    ("av", "av", "videos and voice messages"),
)


async def check(settings: Settings) -> list[Finding]:
    """The packages, and a tiny photo, HEIC photo and video really decoded, a word really spoken."""
    missing = [package for package in _PACKAGES if find_spec(package[0]) is None]
    found = [
        problem(_CHECK, f"{name} is not installed: no {what}", how_to_install("bot"))
        for _, name, what in missing
    ]
    if not missing:
        versions = ", ".join(f"{name} {metadata.version(name)}" for _, name, _ in _PACKAGES)
        found.append(ok(_CHECK, versions))
    lacking = {module for module, _, _ in missing}
    if not lacking & {"PIL", "pillow_heif"}:
        async with Intake(max_pixels=settings.max_megapixels * 1_000_000) as intake:
            found.append(await _tried("a photo", lambda: intake.clean(samples.JPEG)))
            found.append(await _tried("an iPhone's photo", lambda: intake.clean(samples.HEIC)))
    if "av" not in lacking:
        found += await asyncio.gather(_video(), _speech())
    return found


async def _tried(what: str, decode: Callable[[], Awaitable[object]]) -> Finding:
    """What comes of opening a file that is known to be good."""
    try:
        await decode()
    except Refusal as refused:
        why = f"it is refused as {refused.code}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we want to know
        why = f"{type(error).__name__}: {error}"
    else:
        return ok(_CHECK, f"{what} was opened")
    return problem(
        _CHECK,
        f"{what} cannot be opened here ({why})",
        f"install the packages again: {how_to_install('bot')}. A small machine needs a lower "
        "CAPTIONBOT_MAX_MEGAPIXELS",
    )


async def _video() -> Finding:
    from bot.media.video import VideoIntake  # noqa: PLC0415 - only where PyAV is

    async with VideoIntake() as intake:
        return await _tried("a video", lambda: intake.moments(samples.MP4))


async def _speech() -> Finding:
    from bot.chat.speech import SpeechUnavailable, speak  # noqa: PLC0415 - only where PyAV is

    if shutil.which("espeak-ng") is None:
        return note(
            _CHECK,
            "espeak-ng is not installed: no voice messages",
            "apt install espeak-ng, if people should have captions read aloud",
        )
    try:
        await speak("ready")
    except SpeechUnavailable as error:
        return problem(_CHECK, f"a word cannot be spoken ({error})", "install espeak-ng again")
    except Exception as error:  # noqa: BLE001 - as above
        text = f"a word cannot be spoken ({type(error).__name__})"
        return problem(_CHECK, text, "this is a bug: please report it")
    return ok(_CHECK, "a word was spoken")
