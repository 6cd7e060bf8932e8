"""What the doctor says of Telegram: token, privacy mode, webhook, outages."""

from __future__ import annotations

import time

import pytest

from bot.doctor import Finding
from tests.bot.doctor.helpers import NOTE, OK, PROBLEM, everything, examine, one, problems, settings
from tests.support.telegram_server import TOKEN, TelegramServer

SECRET = "s" * 32
HOOK = "https://bot.example.org/telegram/hidden-path"


async def examined(server: TelegramServer, **values: str) -> list[Finding]:
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": server.url} | values
    found = await examine(settings(**given), ("telegram",))
    assert TOKEN not in everything(found)
    assert "hidden-path" not in everything(found)
    return found


async def test_no_token_is_no_problem() -> None:
    (found,) = await examine(settings(), ("telegram",))
    assert (found.level, found.check) == (NOTE, "telegram")
    assert "TELEGRAM_BOT_TOKEN" in found.advice
    assert "@BotFather" in found.advice


async def test_a_bot_as_it_comes(server: TelegramServer) -> None:
    found = await examined(server)
    assert one(found, "@loopback_caption_bot").level is OK
    privacy = one(found, "privacy mode is on")
    assert privacy.level is NOTE
    assert "/setprivacy" in privacy.advice
    assert one(found, "no webhook is set").level is OK
    assert [call.method for call in server.calls] == ["getMe", "getWebhookInfo"]


async def test_a_bot_that_sees_everything_and_may_not_join_groups(server: TelegramServer) -> None:
    server.world.bot = server.world.bot | {
        "can_read_all_group_messages": True, "can_join_groups": False,
    }  # fmt: skip
    found = await examined(server)
    assert one(found, "privacy mode is off").level is NOTE
    assert "/setjoingroups" in one(found, "cannot be added to groups").advice


@pytest.mark.parametrize("token", [TOKEN + "x", "123:abc", "123", "a b", "1:../../x", "1:\n"])
async def test_a_wrong_token(server: TelegramServer, token: str) -> None:
    found = await examined(server, TELEGRAM_BOT_TOKEN=token)
    assert [f.level for f in found] == [PROBLEM]
    assert "token" in found[0].text
    assert "@BotFather" in found[0].advice
    if ":" not in token or not token.rpartition(":")[2].isalnum():
        assert not server.calls, "it is not even sent"


async def test_a_webhook_that_is_not_ours_while_polling(server: TelegramServer) -> None:
    server.world.webhook["url"] = "https://elsewhere.example.org/hidden-path"
    hook = one(await examined(server), "a webhook is set, at elsewhere.example.org")
    assert hook.level is NOTE
    assert "TELEGRAM_WEBHOOK_URL" in hook.advice


async def test_our_webhook(server: TelegramServer) -> None:
    ours = {"TELEGRAM_WEBHOOK_URL": HOOK, "TELEGRAM_WEBHOOK_SECRET": SECRET}
    found = await examined(server, **ours)
    assert one(found, "not set, and will be at bot.example.org").level is NOTE
    server.world.webhook["url"] = "https://elsewhere.example.org/"
    found = await examined(server, **ours)
    assert "other installation" in one(found, "is at elsewhere.example.org").advice
    server.world.webhook |= {"url": HOOK, "pending_update_count": 7}
    found = await examined(server, **ours)
    assert one(found, "the webhook is set; 7 updates wait").level is OK
    assert SECRET not in everything(found)


async def test_a_webhook_that_telegram_cannot_reach(server: TelegramServer) -> None:
    ours = {"TELEGRAM_WEBHOOK_URL": HOOK, "TELEGRAM_WEBHOOK_SECRET": SECRET}
    server.world.webhook |= {
        "url": HOOK, "last_error_date": int(time.time()) - 60,
        "last_error_message": "Connection\x1b[31m refused",
    }  # fmt: skip
    assert one(await examined(server, **ours), "Connection [31m refused").level is PROBLEM
    server.world.webhook["last_error_date"] = int(time.time()) - 90_000
    assert one(await examined(server, **ours), "could not deliver").level is NOTE


async def test_an_api_that_is_not_there(server: TelegramServer) -> None:
    await server.stop()
    assert problems(await examined(server)) == ["Telegram's Bot API cannot be reached"]


@pytest.mark.parametrize("status", [500, 429, 302, 403])
async def test_an_api_that_answers_with_an_error(server: TelegramServer, status: int) -> None:
    server.fail("getMe", status=status)
    (told,) = problems(await examined(server))
    assert told == f"Telegram's Bot API answers with an error (status {status})"


async def test_an_api_that_hangs_up_in_the_middle(server: TelegramServer) -> None:
    server.fail("getWebhookInfo", reset=True, times=9)
    found = await examined(server)
    assert problems(found) == ["Telegram's Bot API cannot be reached"]
    assert one(found, "@loopback_caption_bot").level is OK, "what was learned before is kept"


async def test_an_address_that_is_none() -> None:
    for url in ("http://[", "http://127.0.0.1:99999", "http://no.such.host.invalid"):
        given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": url}
        (found,) = await examine(settings(**given), ("telegram",))
        assert found.level is PROBLEM
        assert "Telegram's Bot API" in found.text
        assert TOKEN not in everything([found])
