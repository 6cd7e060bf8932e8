"""Whether the settings make sense together."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bot.adapters.web.keys import read_keys
from bot.doctor import Finding, note, ok, problem
from bot.settings import Settings
from captioner.errors import UsageError

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
    if settings.web_keys is not None:
        found += _of_keys(settings.web_keys)
    if _readable_by_others(_FILE):
        found.append(note(_CHECK, ".env can be read by other users", "chmod 600 .env"))
    return found or [ok(_CHECK, "all settings are understood")]


def _of_keys(path: Path) -> list[Finding]:
    """Whether anybody can come in where the page asks for a key."""
    try:
        keys = read_keys(path)
    except UsageError as error:
        return [problem(_CHECK, str(error), "correct CAPTIONBOT_WEB_KEYS, or the file")]
    if not keys:
        what = f"{path} has no keys: nobody can use the page"
        return [problem(_CHECK, what, "make one: captionbot keys add NAME")]
    return [ok(_CHECK, f"the page asks for a key, and there are {len(keys)}")]


def _readable_by_others(path: Path) -> bool:
    """A group may read what belongs to root: so it is for a service with a user of its own."""
    try:
        known = path.stat()
    except OSError:
        return False
    by_a_group = known.st_mode & stat.S_IRGRP and known.st_uid == os.getuid()
    return bool(known.st_mode & stat.S_IROTH or by_a_group)
