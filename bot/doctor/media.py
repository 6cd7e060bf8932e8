"""Whether photos, videos and speech work here: does each once, the way the bot does it."""

from __future__ import annotations

import asyncio
import shutil
from base64 import b64decode
from collections.abc import Awaitable, Callable
from importlib import metadata
from importlib.util import find_spec

from bot.chat.refusals import Refusal
from bot.doctor import Finding, note, ok, problem
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
            found.append(await _tried("a photo", lambda: intake.clean(JPEG)))
            found.append(await _tried("an iPhone's photo", lambda: intake.clean(HEIC)))
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
    from bot.media.sanitizer import VideoIntake  # noqa: PLC0415 - only where PyAV is

    async with VideoIntake() as intake:
        return await _tried("a video", lambda: intake.moments(MP4))


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
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we want to know
        text = f"a word cannot be spoken ({type(error).__name__})"
        return problem(_CHECK, text, "this is a bug: please report it")
    return ok(_CHECK, "a word was spoken")


# A sky, a sun and a meadow of 64 x 64 pixels in a few hundred bytes, drawn and written for this
# with Pillow, pillow-heif and PyAV: as a photo, as what iPhones make, and as a second of video.
JPEG = b64decode(
    """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4
    UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj
    Y2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCABAAEADASIAAhEBAxEB/8QAGQABAQEBAQEAAAAAAAAAAAAAAAUEAQMC/8QA
    IxAAAwABBQACAgMAAAAAAAAAAAECAwQRE1KhIUEiUTEyYf/EABkBAQADAQEAAAAAAAAAAAAAAAACAwQFAf/EAB8RAAID
    AAMBAAMAAAAAAAAAAAABAwQRAhRRMSFBYf/aAAwDAQACEQMRAD8A9gAdU5wAAAALWj0k4IVVO+R/Lb+v8Rkt2+Nbjr/L
    fxF0UTleIigu6nTY9RDVLavqtvlEOpcU5pbNPZkad3jaTxY1+j2aFxM4ADaUAAAAu6XUTqMSpP8AJf2X6ZCOzVRSqW5a
    +09jFdpq1xS3GvhfDM4mX82WMON3b2S9IN07urf8023sLure906f7b3PkjSpKqm29bPZ53K/4AZObJ28HNk7eEu9H4yj
    DWDJzZO3g5snbwd6PxjDWDJzZO3g5snbwd6PxjDWDJzZO3g5snbwd6PxjDzAByiYAAAAAAAAB//Z
    """
)
HEIC = b64decode(
    """
    AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA
    AAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABegABAAAAAAAAAJAAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABo
    dmMxAAAAAA5waXRtAAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEA
    GEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqSSmubgIaDAgAAAMAyAAA
    AwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAABBwaXhpAAAAAAMI
    CAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAAJhtZGF0AAAAjCgBr1hZ///p/bP39k//+/63FTJL4vlbuR8v0//dpY3m
    9XscChDmRhIqV/zlvpKvzFdafoJZnfeTaWqpFfh3sclj8R/wMrjW9tOoOq3wKkNxBx6zQMkss2+jgMzb293NaFBr8zL1
    cSa7guvam+JRoV+582AFDEY9/2cnXKTsBVkmJ1ss5rbHnOxIdcAD
    """
)
MP4 = b64decode(
    """
    AAAAIGZ0eXBpc29tAAACAGlzb21pc28yYXZjMW1wNDEAAAAIZnJlZQAAA8dtZGF0AAACngYF//+a3EXpvebZSLeWLNgg
    2SPu73gyNjQgLSBjb3JlIDE2NSAtIEguMjY0L01QRUctNCBBVkMgY29kZWMgLSBDb3B5bGVmdCAyMDAzLTIwMjUgLSBo
    dHRwOi8vd3d3LnZpZGVvbGFuLm9yZy94MjY0Lmh0bWwgLSBvcHRpb25zOiBjYWJhYz0xIHJlZj0zIGRlYmxvY2s9MTow
    OjAgYW5hbHlzZT0weDM6MHgxMTMgbWU9aGV4IHN1Ym1lPTcgcHN5PTEgcHN5X3JkPTEuMDA6MC4wMCBtaXhlZF9yZWY9
    MSBtZV9yYW5nZT0xNiBjaHJvbWFfbWU9MSB0cmVsbGlzPTEgOHg4ZGN0PTEgY3FtPTAgZGVhZHpvbmU9MjEsMTEgZmFz
    dF9wc2tpcD0xIGNocm9tYV9xcF9vZmZzZXQ9LTIgdGhyZWFkcz0xIGxvb2thaGVhZF90aHJlYWRzPTEgc2xpY2VkX3Ro
    cmVhZHM9MCBucj0wIGRlY2ltYXRlPTEgaW50ZXJsYWNlZD0wIGJsdXJheV9jb21wYXQ9MCBjb25zdHJhaW5lZF9pbnRy
    YT0wIGJmcmFtZXM9MyBiX3B5cmFtaWQ9MiBiX2FkYXB0PTEgYl9iaWFzPTAgZGlyZWN0PTEgd2VpZ2h0Yj0xIG9wZW5f
    Z29wPTAgd2VpZ2h0cD0yIGtleWludD0xMCBrZXlpbnRfbWluPTEgc2NlbmVjdXQ9NDAgaW50cmFfcmVmcmVzaD0wIHJj
    X2xvb2thaGVhZD0xMCByYz1jcmYgbWJ0cmVlPTEgY3JmPTM1LjAgcWNvbXA9MC42MCBxcG1pbj0wIHFwbWF4PTY5IHFw
    c3RlcD00IGlwX3JhdGlvPTEuNDAgYXE9MToxLjAwAIAAAACeZYiEADf//juzwFuU3SPyf9IBEDuOR3ARtx0WvVLYG1B+
    tHn1KiaW64kLZg9Anl21xQXxLaBaSTK9cDo6tBQxBT2IAzsLNIGLuUgl9OTitiGhcIJpUhwDCtXDmHPTgntv5YhptM2M
    IDpTS9vbObk7XNLJW/Vap+cmz76sGlbkA4TWgTPQawug8NcRAHEYW0CrbVvTkK90DbAFrK02L4EAAAAJQZokbEM/AHRA
    AAAACEGeQniFfzuhAAAACAGeYXRCf0DAAAAACAGeY2pCf0DBAAAADkGaaEmoQWiZTAhX/wExAAAACkGehkURLCv/O6EA
    AAAIAZ6ldEJ/QMEAAAAIAZ6nakJ/QMAAAAAOQZqpSahBbJlMCE//AdUAAAOhbW9vdgAAAGxtdmhkAAAAAAAAAAAAAAAA
    AAAD6AAAA+gAAQAAAQAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAgAAAst0cmFrAAAAXHRraGQAAAADAAAAAAAAAAAAAAABAAAAAAAAA+gAAAAAAAAAAAAA
    AAAAAAAAAAEAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAABAAAAAAEAAAABAAAAAAAAkZWR0cwAAABxlbHN0AAAA
    AAAAAAEAAAPoAAAIAAABAAAAAAJDbWRpYQAAACBtZGhkAAAAAAAAAAAAAAAAAAAoAAAAKABVxAAAAAAALWhkbHIAAAAA
    AAAAAHZpZGUAAAAAAAAAAAAAAABWaWRlb0hhbmRsZXIAAAAB7m1pbmYAAAAUdm1oZAAAAAEAAAAAAAAAAAAAACRkaW5m
    AAAAHGRyZWYAAAAAAAAAAQAAAAx1cmwgAAAAAQAAAa5zdGJsAAAArnN0c2QAAAAAAAAAAQAAAJ5hdmMxAAAAAAAAAAEA
    AAAAAAAAAAAAAAAAAAAAAEAAQABIAAAASAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGP//
    AAAANGF2Y0MBZAAK/+EAF2dkAAqs2UQmhAAAAwAEAAADAFA8SJZYAQAGaOvglLIs/fj4AAAAABRidHJ0AAAAAAAAHfgA
    AAAAAAAAGHN0dHMAAAAAAAAAAQAAAAoAAAQAAAAAFHN0c3MAAAAAAAAAAQAAAAEAAABgY3R0cwAAAAAAAAAKAAAAAQAA
    CAAAAAABAAAUAAAAAAEAAAgAAAAAAQAAAAAAAAABAAAEAAAAAAEAABQAAAAAAQAACAAAAAABAAAAAAAAAAEAAAQAAAAA
    AQAACAAAAAAcc3RzYwAAAAAAAAABAAAAAQAAAAoAAAABAAAAPHN0c3oAAAAAAAAAAAAAAAoAAANEAAAADQAAAAwAAAAM
    AAAADAAAABIAAAAOAAAADAAAAAwAAAASAAAAFHN0Y28AAAAAAAAAAQAAADAAAABidWR0YQAAAFptZXRhAAAAAAAAACFo
    ZGxyAAAAAAAAAABtZGlyYXBwbAAAAAAAAAAAAAAAAC1pbHN0AAAAJal0b28AAAAdZGF0YQAAAAEAAAAATGF2ZjYyLjEy
    LjEwMg==
    """
)
