"""All checks at once, and what to say where one cannot be made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from importlib import import_module

from pydantic import SecretStr

from bot.adapters.registry import PLATFORMS
from bot.doctor.result import Finding, problem
from bot.errors import for_operators
from bot.settings import Settings

Check = Callable[[Settings], Awaitable[list[Finding]]]

# In the order in which they are shown; each is a module with a function `check`. They are
# imported one by one, for a host with only a part of the packages has only a part of the checks.
_MODULES = {platform.name: platform.check for platform in PLATFORMS}
CHECKS = (
    "configuration", *_MODULES, "redis", "checkpoint", "photos", "languages", "device", "media",
    "host",
)  # fmt: skip
LONGEST = 60.0  # seconds for one check
_SHORTEST_SECRET = 6  # what is shorter is in every sentence


async def examine(
    settings: Settings, checks: tuple[str, ...] = CHECKS, *, seconds: float = LONGEST
) -> list[Finding]:
    """What there is to say of everything the bot needs with these settings.

    Raises nothing: a check that fails is a finding. No finding holds a secret of the settings.
    """
    groups = [found async for found in examining(settings, checks, seconds=seconds)]
    return [finding for found in groups for finding in found]


async def examining(
    settings: Settings, checks: tuple[str, ...] = CHECKS, *, seconds: float = LONGEST
) -> AsyncIterator[list[Finding]]:
    """The findings of one check after the other, each as soon as it and those before are done."""
    secrets = [
        value.get_secret_value()
        for value in (getattr(settings, name) for name in type(settings).model_fields)
        if isinstance(value, SecretStr) and len(value.get_secret_value()) >= _SHORTEST_SECRET
    ]
    for task in [asyncio.create_task(_checked(name, settings, seconds)) for name in checks]:
        yield [_without(finding, secrets) for finding in await task]


async def _checked(name: str, settings: Settings, seconds: float) -> list[Finding]:
    try:
        # In a thread: what one check imports does not hold up what another has to say.
        module = await asyncio.to_thread(import_module, _MODULES.get(name, f"bot.doctor.{name}"))
        check: Check = module.check
        async with asyncio.timeout(seconds):
            return await check(settings)
    except TimeoutError:
        return [problem(name, f"the check took longer than {seconds:.0f} s", "try again later")]
    except Exception as error:  # noqa: BLE001 - a doctor who faints helps nobody
        text = f"the check itself failed ({type(error).__name__})"
        return [problem(name, text, for_operators(error) or "this is a bug: please report it")]


def _without(finding: Finding, secrets: list[str]) -> Finding:
    """The finding without secrets: what other machines say is quoted, and they know some."""
    text, advice = finding.text, finding.advice
    for secret in secrets:
        text, advice = text.replace(secret, "…"), advice.replace(secret, "…")
    return replace(finding, text=text, advice=advice)
