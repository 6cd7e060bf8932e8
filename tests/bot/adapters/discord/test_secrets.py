"""Nothing secret and nothing of anybody's is logged, at any level."""

from __future__ import annotations

import logging

import pytest

from bot.adapters.discord import adapter
from bot.monitoring.logs import HIDDEN, hide_in_logs
from tests.bot.adapters.discord.stage import CAPTION, Stage, stage
from tests.support.discord_server import TOKEN, DiscordServer


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log of every logger, at the lowest level."""
    for name in ["", "discord", "discord.http", "discord.gateway", "aiohttp", "asyncio", "bot"]:
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


async def test_whole_exchange_with_errors(
    server: DiscordServer, everything: pytest.LogCaptureFixture
) -> None:
    async with stage(server) as bot:
        await bot.mention("cat.jpg")
        (answer,) = await bot.said()
        server.fail("PATCH", "@original", 429, retry_after=0.05)
        server.fail("PATCH", "@original", 500)
        interaction = await bot.use_caption()
        await bot.answered(interaction)
        pressed = await server.press(bot.person, answer, answer.custom_ids[0])
        await bot.answered(pressed)
        server.fail("POST", "/callback", 500)
        late = await bot.use_caption()
        await server.gateway.drop()
        await server.until_resumed()
        server.fail("PATCH", "@original", 0)
        await _failure(bot)
    assert "discord: logged in" in everything.text
    for secret in [TOKEN, interaction.token, pressed.token, late.token, CAPTION, "ann",
                   "what is this", "cat.jpg"]:  # fmt: skip
        assert secret not in everything.text
        for record in everything.records:
            assert secret not in str(record.__dict__)


async def _failure(bot: Stage) -> None:
    """An interaction whose answer meets an error of the network first."""
    await bot.answered(await bot.use_caption(name="dog.jpg"))


def test_text_arguments_and_tracebacks_are_cleaned(caplog: pytest.LogCaptureFixture) -> None:
    hide_in_logs(TOKEN, adapter._INTERACTION)
    url = f"https://discord.com/api/v10/webhooks/12/{'t' * 80}/messages/@original?wait=1"
    try:
        raise RuntimeError(f"cannot connect to {url} with {TOKEN}")
    except RuntimeError:
        logging.getLogger("bot").exception("%s at %s", TOKEN, url)
    written = logging.Formatter().format(caplog.records[0])
    assert TOKEN not in written
    assert "tttt" not in written
    assert f"/webhooks/12/{HIDDEN}/messages/@original" in written
    assert "RuntimeError" in written


def test_records_without_secrets_are_left_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    hide_in_logs(TOKEN, adapter._INTERACTION)
    logging.getLogger("bot").warning("%d photos", 3)
    assert (caplog.records[0].msg, caplog.records[0].args) == ("%d photos", (3,))


def test_discord_py_logs_only_what_is_wrong(everything: pytest.LogCaptureFixture) -> None:
    hide_in_logs(TOKEN)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING):
        logging.getLogger("discord.http").log(level, "something")
    assert [record.levelname for record in everything.records] == ["WARNING"]
