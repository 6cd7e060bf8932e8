"""What the doctor says of Discord: token, intent, installation, permissions, gateway."""

from __future__ import annotations

import discord as library
import pytest

from bot.adapters.discord import check as doctor
from bot.doctor import Finding
from tests.bot.doctor.helpers import NOTE, OK, PROBLEM, everything, examine, one, problems, settings
from tests.support.discord_server import DiscordServer

ALL = sum(doctor._NEEDED)
INSTALL = {"scopes": ["bot", "applications.commands"], "permissions": str(ALL)}
BOTH = {"0": {"oauth2_install_params": INSTALL}, "1": {}}


async def examined(server: DiscordServer, **values: str) -> list[Finding]:
    given = {
        "DISCORD_BOT_TOKEN": server.world.token,
        "DISCORD_API_URL": server.api_url,
        "DISCORD_GATEWAY_URL": server.gateway_url,
    }
    found = await examine(settings(**(given | values)), ("discord",))
    assert server.world.token not in everything(found)
    return found


def test_the_permissions_are_those_of_discord() -> None:
    for bit in doctor._NEEDED:
        (name,) = [name for name, granted in library.Permissions(bit) if granted]
        assert name in {
            "view_channel", "read_messages", "send_messages", "attach_files",
            "read_message_history", "send_messages_in_threads",
        }  # fmt: skip
    assert library.Permissions(doctor._ADMINISTRATOR).administrator
    flags = library.ApplicationFlags(gateway_message_content=True).value
    limited = library.ApplicationFlags(gateway_message_content_limited=True).value
    assert flags | limited == doctor._MESSAGE_CONTENT


async def test_no_token_is_no_problem() -> None:
    (found,) = await examine(settings(), ("discord",))
    assert found.level is NOTE
    assert "DISCORD_BOT_TOKEN" in found.advice


async def test_a_bot_that_is_set_up_well(server: DiscordServer) -> None:
    server.world.application_says = {"integration_types_config": BOTH}
    server.world.allowed = ALL
    found = await examined(server)
    assert problems(found) == []
    assert one(found, "the bot is captionbot").level is OK
    assert one(found, "install link grants all").level is OK
    assert one(found, "it has the permissions it needs").level is OK
    assert one(found, "the gateway can be reached").level is OK
    assert one(found, "message content intent is not granted").level is NOTE
    assert server.gateway.identified == 0, "Discord counts those who identify"


async def test_missing_permissions_are_named(server: DiscordServer) -> None:
    server.world.allowed = 1 << 10 | 1 << 11
    found = await examined(server)
    lack = one(found, f"in server {server.world.guild} the bot lacks")
    assert lack.level is PROBLEM
    names = "Attach Files, Read Message History, Send Messages in Threads"
    assert lack.text.endswith(f"lacks: {names}")
    server.world.allowed = 1 << 3
    assert problems(await examined(server)) == [], "an administrator may do everything"


async def test_an_install_link_that_leaves_things_out(server: DiscordServer) -> None:
    assert "Attach Files" in one(await examined(server), "no install link of its own").advice
    server.world.application_says = {
        "install_params": {"scopes": ["bot"], "permissions": str(ALL & ~(1 << 15))},
        "integration_types_config": {"0": {}},
    }
    found = await examined(server)
    told = one(found, "leaves out: applications.commands, Attach Files")
    assert told.level is NOTE
    assert one(found, "only to servers").level is NOTE


@pytest.mark.parametrize("flags", [1 << 18, 1 << 19])
async def test_the_message_content_intent(server: DiscordServer, flags: int) -> None:
    wanted = {"CAPTIONBOT_DISCORD_MESSAGE_CONTENT": "true"}
    assert one(await examined(server, **wanted), "asked for and not granted").level is PROBLEM
    server.world.application_says = {"flags": flags}
    assert one(await examined(server, **wanted), "intent is granted, for").level is OK
    assert one(await examined(server), "granted and not used").level is NOTE


@pytest.mark.parametrize("token", ["wrong", "two words", "ü", "a\nb"])
async def test_a_wrong_token(server: DiscordServer, token: str) -> None:
    (found,) = await examined(server, DISCORD_BOT_TOKEN=token)
    assert (found.level, found.text) == (PROBLEM, "Discord does not know this token")
    assert "Reset Token" in found.advice


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/users/@me", "Discord's API answers with an error (status 503)"),
        ("/applications/@me", "Discord's API answers with an error (status 503)"),
    ],
)
async def test_an_api_that_is_ill(server: DiscordServer, path: str, told: str) -> None:
    server.fail("GET", path, 503)
    assert problems(await examined(server)) == [told]


async def test_what_an_application_says_is_not_believed(server: DiscordServer) -> None:
    server.world.application_says = {
        "flags": "many", "install_params": [], "integration_types_config": {"0": "x", "1": 7},
        "name": None,
    }  # fmt: skip
    server.world.allowed = "all"  # type: ignore[assignment]  # as nobody should write it
    found = await examined(server)
    assert len(problems(found)) == 1
    assert one(found, "no install link of its own").level is NOTE


async def test_an_api_or_a_gateway_that_is_not_there(server: DiscordServer) -> None:
    closed = {"DISCORD_GATEWAY_URL": "ws://127.0.0.1:9/"}
    server.world.allowed = ALL
    found = await examined(server, **closed)
    assert problems(found) == ["the gateway cannot be reached"]
    page = {"DISCORD_GATEWAY_URL": f"{server.url.replace('http', 'ws')}/api/v10"}
    assert problems(await examined(server, **page)) == ["the gateway cannot be reached"]
    server.rest.violations.clear()
    await server.stop()
    assert problems(await examined(server)) == ["Discord's API cannot be reached"]
