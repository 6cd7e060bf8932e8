"""Settings are what a test makes them, whatever stands in the environment of the tests."""

from __future__ import annotations

import os

import pytest

from bot.adapters.registry import PLATFORMS

_OURS = ("CAPTIONBOT_", "REDIS_", *(f"{one.name.upper()}_" for one in PLATFORMS))


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        if name.startswith(_OURS):
            monkeypatch.delenv(name)
