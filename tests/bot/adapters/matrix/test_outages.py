"""A homeserver that answers with errors, hangs, or forgets the bot; and restarts of the bot."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot import asyncio_utils
from bot.adapters import AdapterError
from bot.adapters.matrix import adapter, messenger, sync
from bot.adapters.matrix.check import check
from bot.doctor import Finding, Level
from bot.locales import say
from bot.settings import Settings
from tests.bot.adapters.matrix.stage import ANN, BOB, CAPTION, Stage, stage
from tests.support.facts import USUAL
from tests.support.matrix_server import MatrixServer

LIMITED = {"errcode": "M_LIMIT_EXCEEDED", "error": "slow", "retry_after_ms": 20}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are short."""
    monkeypatch.setattr(asyncio_utils, "_SHORTEST_PAUSE", 0.01)
    for one in (adapter, sync):
        monkeypatch.setattr(one, "_LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(messenger, "_LONGEST_WAIT", 0.05)


@pytest.mark.parametrize(
    "how",
    [
        {"status": 429, "body": LIMITED},
        {"status": 429, "body": {**LIMITED, "retry_after_ms": 10**12}},
        {"status": 500},
        {"status": 502, "body": "<html>"},
        {"status": 200, "body": "[1"},
        {"status": 200, "body": {"next_batch": 5}},
    ],
    ids=["429", "429-forever", "500", "502", "cut", "nonsense"],
)
async def test_whatever_the_homeserver_answers_the_bot_goes_on(
    server: MatrixServer, how: dict[str, Any]
) -> None:
    async with stage(server, start=False) as bot:
        server.fail("/whoami", times=2, **how)
        await bot.start()
        server.fail("/send/", times=2, **how)
        server.fail("/sync", times=2, **how)
        server.fail("/typing", **how)
        bot.send_photo()
        assert await bot.said() == [CAPTION]
        await server.until(lambda: bot.adapter.connected)


async def test_a_homeserver_that_hangs_is_asked_again(
    server: MatrixServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messenger, "_ATTEMPT_SECONDS", 0.2)
    async with stage(server) as bot:
        server.fail("/send/", status=0)
        bot.send_photo()
        assert await bot.said() == [CAPTION]


@pytest.mark.parametrize("when", ["before", "meanwhile"])
async def test_a_token_that_is_not_accepted_ends_the_bot(server: MatrixServer, when: str) -> None:
    async with stage(server, start=when == "meanwhile") as bot:
        running = bot._task if when == "meanwhile" else None
        server.token = "another"
        if running is None:
            running = bot.begin(token="syt_revoked")
        else:
            server.says(bot.direct, ANN, "hello")  # the sync that waits is answered
        with pytest.raises(AdapterError, match="MATRIX_ACCESS_TOKEN"):
            await asyncio.wait_for(running, 60)
        bot._task = None


async def test_what_was_asked_while_the_bot_was_away_is_answered_once(
    server: MatrixServer,
) -> None:
    async with stage(server) as bot:
        bot.send_photo(seed=1)
        await bot.said()
        await bot.emptied()
        await bot.stop()
        bot.send_photo(seed=2)
        old = bot.send_photo(seed=3)
        server.ages[old] = 2 * 86_400_000
        await bot.start()
        await bot.said(2)
        assert await bot.rest() == [CAPTION, CAPTION]


async def test_what_a_sync_leaves_out_is_fetched(server: MatrixServer) -> None:
    async with stage(server) as bot:
        await bot.told("!start")
        await bot.stop()
        server.limit = 2
        bot.send_photo(seed=1)
        for number in range(5):
            server.says(server.room(ANN, BOB), BOB, f"talk {number}")
            server.sends(bot.direct, ANN, {"msgtype": "m.emote", "body": "waits"}, "m.reaction")
        await bot.start()
        await server.until(lambda: CAPTION in server.texts(bot.direct))
        assert server.made("/messages")


async def test_history_is_not_answered_at_the_first_start(server: MatrixServer) -> None:
    async with stage(server, start=False) as bot:
        bot.send_photo()
        await bot.start()
        await bot.told("!start")
        assert CAPTION not in server.texts(bot.direct)


async def test_a_room_that_takes_no_messages_holds_up_nobody(
    server: MatrixServer, bot: Stage
) -> None:
    forbidden = {"errcode": "M_FORBIDDEN", "error": "no"}
    server.fail("/send/", status=403, body=forbidden)
    bot.send_photo(seed=1)
    await server.until(lambda: server.made("/send/"))
    await bot.emptied()
    bot.send_photo(seed=2)
    assert await bot.said() == [CAPTION]
    await bot.emptied()


async def test_news_that_cannot_be_understood_are_passed_over(server: MatrixServer) -> None:
    async with stage(server) as bot:
        deep = "[" * 100_000
        server.fail("/sync", times=3, status=200, body=deep)
        server.says(bot.direct, ANN, "hello")
        await server.until(lambda: not server.faults)
        await server.until(lambda: bot.adapter.connected)
        assert await bot.told("!start") == say("start", **USUAL).replace("/help", "!help")


async def found(**settings: str) -> list[Finding]:
    return await check(Settings(_env_file=None, **settings))  # type: ignore[call-arg, arg-type]  # by alias


async def test_the_doctor_looks_at_homeserver_and_token(server: MatrixServer) -> None:
    here = {"MATRIX_HOMESERVER_URL": server.url}
    (off,) = await found(**here)
    assert (off.level, off.text) == (Level.NOTE, "no token: there is no Matrix bot")
    good = await found(MATRIX_ACCESS_TOKEN=server.token, **here)
    assert "the bot is @captionbot:loopback.test" in good[0].text
    (bad,) = await found(MATRIX_ACCESS_TOKEN="wrong", **here)
    assert "does not know this token" in bad.text
    (nobody,) = await found(MATRIX_ACCESS_TOKEN="a", MATRIX_HOMESERVER_URL="http://127.0.0.1:1")
    assert "127.0.0.1:1" in nobody.text
