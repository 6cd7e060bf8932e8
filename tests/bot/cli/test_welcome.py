"""What `captionbot run` says at its start."""

from __future__ import annotations

import re

from bot.adapters.registry import PLATFORMS
from bot.cli.welcome import bots_off, summary
from bot.settings import load_settings


def test_bots_without_a_token_are_off_and_it_says_why() -> None:
    off = bots_off(load_settings(None))
    assert off == {platform.name: f"{platform.token} is not set" for platform in PLATFORMS}


def test_the_summary_has_all_that_there_is() -> None:
    said = summary(
        url="http://127.0.0.1:8080/",
        model="m 123",
        bots={"telegram": None, "discord": "DISCORD_BOT_TOKEN is not set"},
    )
    assert re.search(r"Page +http://127.0.0.1:8080/\n", said)
    assert re.search(r"Telegram +on\n", said)
    assert re.search(r"Discord +off: DISCORD_BOT_TOKEN is not set\n", said)
    assert "captionbot doctor" in said
