"""Whether the settings make sense together."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bot.doctor.result import Finding, note, ok
from bot.settings import Settings

_CHECK = "settings"
_FILE = Path(".env")


async def check(settings: Settings) -> list[Finding]:
    """What is odd about settings that are each right by themselves."""
    found = []
    if not settings.owners:
        found.append(
            note(_CHECK, "nobody is an owner: /stats answers no one", "set CAPTIONBOT_OWNERS")
        )
    if settings.web_host not in {"127.0.0.1", "::1", "localhost"} and not settings.trusted_proxies:
        found.append(
            note(
                _CHECK,
                "the page can be reached from other machines, and no proxy is trusted",
                "put a proxy with TLS in front of it and name it in CAPTIONBOT_TRUSTED_PROXIES, "
                "or everybody behind it counts as one person",
            )
        )
    if _readable_by_others(_FILE):
        found.append(note(_CHECK, ".env can be read by other users", "chmod 600 .env"))
    return found or [ok(_CHECK, "all settings are understood")]


def _readable_by_others(path: Path) -> bool:
    """A group may read what belongs to root: so it is for a service with a user of its own."""
    try:
        known = path.stat()
    except OSError:
        return False
    by_a_group = known.st_mode & stat.S_IRGRP and known.st_uid == os.getuid()
    return bool(known.st_mode & stat.S_IROTH or by_a_group)
