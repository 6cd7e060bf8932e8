"""Getting connected, staying so, and saying why not."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters import AdapterError
from tests.bot.adapters.discord.stage import CAPTION, Stage, logged, stage
from tests.support.discord_server import DiscordServer


async def test_gateway_that_drops_the_connection_is_resumed(bot: Stage) -> None:
    await bot.server.gateway.drop()
    await bot.mention("cat.jpg")  # while nobody listens
    await bot.server.until_resumed()
    assert [m.content for m in await bot.said()] == [CAPTION]
    await bot.server.gateway.ask_to_reconnect()
    await bot.server.until_resumed(2)
    assert (await bot.answered(await bot.use_caption())).content == CAPTION
    assert bot.server.gateway.identified == 1
    assert bot.server.gateway.compressed


async def test_session_that_is_forgotten_is_begun_anew(bot: Stage) -> None:
    gateway = bot.server.gateway
    await gateway.drop()
    gateway.sessions.clear()
    await bot.server.until_online(2)
    await bot.mention("cat.jpg")
    assert [m.content for m in await bot.said()] == [CAPTION]


async def test_no_network_at_start_is_waited_out(
    server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    async with stage(server, start=False) as bot:
        await server.stop()
        bot.begin()
        await logged(caplog, "discord: cannot be reached")
        await server.start(port)
        await server.until_online()
        await bot.mention("cat.jpg")
        assert [m.content for m in await bot.said()] == [CAPTION]


async def test_no_gateway_at_start_is_waited_out(
    server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(server, start=False) as bot:
        running = bot.begin(DISCORD_GATEWAY_URL="ws://127.0.0.1:9/")  # nothing listens there
        await logged(caplog, "discord: cannot be reached")
        assert not running.done()


async def test_errors_while_logging_in_are_waited_out(server: DiscordServer) -> None:
    server.fail("GET", "/users/@me", 503)
    server.fail("GET", "/oauth2/applications/@me", 403)
    async with stage(server) as bot:
        await bot.mention("cat.jpg")
        assert [m.content for m in await bot.said()] == [CAPTION]


@pytest.mark.parametrize("token", ["", " ", "two words", "line\nbreak", "Bot x", "wrong.but.fine"])
async def test_wrong_token_is_said_in_a_sentence(server: DiscordServer, token: str) -> None:
    async with stage(server, start=False) as bot:
        with pytest.raises(AdapterError) as refused:
            await bot.start(DISCORD_BOT_TOKEN=token)
    said = str(refused.value)
    assert "DISCORD_BOT_TOKEN" in said
    assert "\n" not in said
    assert not token.strip() or token not in said


async def test_token_that_is_revoked_while_running(bot: Stage) -> None:
    running = bot.begun
    await bot.server.gateway.drop(code=4004)
    with pytest.raises(AdapterError, match="DISCORD_BOT_TOKEN"):
        await asyncio.wait_for(asyncio.shield(running), 60)
    bot.forget()


async def test_commands_are_registered_once_and_again_when_they_changed(bot: Stage) -> None:
    server = bot.server
    names = [(c["name"], c["type"]) for c in server.world.commands]
    assert {("Caption this image", 3), ("Show attention", 3), ("caption", 1)} <= set(names)
    await bot.stop()
    await bot.start()
    assert len(server.calls("PUT", "/commands")) == 1
    server.world.commands[0]["name"] = "of-an-older-version"
    await bot.stop()
    await bot.start()
    assert len(server.calls("PUT", "/commands")) == 2
    assert sorted((c["name"], c["type"]) for c in server.world.commands) == sorted(names)


async def test_commands_that_cannot_be_registered_keep_nobody_from_asking(
    server: DiscordServer,
) -> None:
    server.fail("PUT", "/commands$", 403)
    async with stage(server) as bot:
        await bot.mention("cat.jpg")
        assert [m.content for m in await bot.said()] == [CAPTION]
