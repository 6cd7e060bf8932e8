"""Updates by webhook: only from Telegram, none lost, none answered twice by several processes."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.adapters import AdapterError
from bot.adapters.telegram import Webhook
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.locales import say
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.bot.adapters.telegram.steps import ended, next_answer, rest, told
from tests.support.facts import USUAL
from tests.support.photos import photo

SECRET = "loopback_Secret-0123456789"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def hook(unused_tcp_port_factory: Any) -> Webhook:
    return at(unused_tcp_port_factory())


def at(port: int, path: str = "/telegram") -> Webhook:
    return Webhook(f"http://127.0.0.1:{port}{path}", SECRET, port=port)


async def call(
    hook: Webhook, data: bytes | io.BytesIO, secret: str | None = SECRET, path: str = ""
) -> int:
    headers = {HEADER: secret} if secret is not None else {}
    async with (
        aiohttp.ClientSession() as session,
        session.post(hook.url + path, data=data, headers=headers) as response,
    ):
        return response.status


async def test_photo_by_webhook(idle: Bench, hook: Webhook) -> None:
    await idle.start(webhook=hook)
    person = idle.server.person()
    person.sends_photo(photo())
    assert (await next_answer(idle, person))["text"] == CAPTION
    await idle.server.until(lambda: not idle.server.world.updates)
    assert idle.server.webhook.answers == [200]
    (registered,) = idle.server.made("setWebhook")
    assert registered.params["secret_token"] == SECRET
    assert set(registered.params["allowed_updates"]) >= {"message", "callback_query"}
    assert not registered.params.get("drop_pending_updates")
    assert idle.server.polls == 0


async def test_strangers_are_turned_away(idle: Bench, hook: Webhook) -> None:
    await idle.start(webhook=hook)
    update = json.dumps({"update_id": 1}).encode()
    for wrong in (None, "", "x", SECRET[:-1], SECRET + "x", SECRET.upper(), "ü" * 20):
        assert await call(hook, update, wrong) == 403
    assert await call(hook, update, path="/more") == 404
    async with aiohttp.ClientSession() as session, session.get(hook.url) as response:
        assert response.status == 405
    assert await told(idle, idle.server.person(), "/start") == say("start", **USUAL)


NONSENSE = (
    b"", b"{", b"[]", b"null", b"7", b'"update_id"', b"{}", b'{"update_id": "x"}', b"\xff\xfe",
    b'{"update_id": 1, "message": 5}', b'{"update_id": 1, "message": {"chat": {}}}', b"[" * 5000,
)  # fmt: skip


async def test_nonsense_with_the_right_secret(idle: Bench, hook: Webhook) -> None:
    await idle.start(webhook=hook)
    for body in NONSENSE:
        assert await call(hook, body) == 400, body
    assert await call(hook, io.BytesIO(b" " * 2_000_000)) == 413
    assert await told(idle, idle.server.person(), "/start") == say("start", **USUAL)


async def test_answered_only_when_queued(idle: Bench, hook: Webhook) -> None:
    gate = idle.server.fail("download", gate=asyncio.Event())
    await idle.start(webhook=hook)
    person = idle.server.person()
    person.sends_photo(photo())
    await idle.server.until(lambda: gate.happened)
    assert idle.server.webhook.answers == []
    assert gate.gate is not None
    gate.gate.set()
    assert (await next_answer(idle, person))["text"] == CAPTION
    await idle.server.until(lambda: idle.server.webhook.answers == [200])


async def test_update_in_hand_comes_again_after_a_stop(idle: Bench, hook: Webhook) -> None:
    gate = idle.server.fail("download", gate=asyncio.Event())
    await idle.start(webhook=hook, grace=0.0)
    person = idle.server.person()
    person.sends_photo(photo())
    await idle.server.until(lambda: gate.happened)
    await idle.stop()
    await idle.server.until(lambda: idle.server.webhook.answers)
    assert 200 not in idle.server.webhook.answers
    assert gate.gate is not None
    gate.gate.set()
    await idle.start(webhook=hook)
    assert (await next_answer(idle, person))["text"] == CAPTION
    assert await rest(idle) == [CAPTION]


@asynccontextmanager
async def processes(bench: Bench, hooks: list[Webhook]) -> AsyncIterator[None]:
    """As many bots behind one proxy, each with its own way in."""
    adapters: list[TelegramAdapter] = [
        bench.adapter(webhook=Webhook("http://127.0.0.1:9/telegram", SECRET, port=hook.port),
                      consumer=f"bot-{number}")
        for number, hook in enumerate(hooks)
    ]  # fmt: skip
    bench.server.webhook.targets = [hook.url for hook in hooks]
    running = [asyncio.create_task(adapter.run()) for adapter in adapters]
    async with asyncio.timeout(30):
        while not all(adapter.connected for adapter in adapters):
            await asyncio.sleep(0.02)
    try:
        yield
    finally:
        await ended(*running)


async def test_several_processes_answer_each_photo_once(
    idle: Bench, unused_tcp_port_factory: Any
) -> None:
    hooks = [at(unused_tcp_port_factory()) for _ in range(3)]
    async with processes(idle, hooks):
        people = [idle.server.person() for _ in range(6)]
        for number, person in enumerate(people):
            person.sends_photo(photo(64, 64, seed=number))
        # Each again, to another process: as when an answer to Telegram gets lost.
        for update in list(idle.server.world.updates):
            body = json.dumps(update).encode()
            assert 200 in [await call(hook, body) for hook in hooks]
        await idle.server.until(lambda: len(captions(idle)) >= len(people))
        await rest(idle)
        assert sorted(captions(idle)) == sorted(person.chat_id for person in people)


def captions(bench: Bench) -> list[int]:
    """The chats in which a caption was said; who waits for long is told other things as well."""
    return [
        call.params["chat_id"] for call in bench.server.made() if call.params.get("text") == CAPTION
    ]


async def test_album_over_several_processes_is_one_answer(
    idle: Bench, unused_tcp_port_factory: Any
) -> None:
    hooks = [at(unused_tcp_port_factory()) for _ in range(2)]
    async with processes(idle, hooks):
        person = idle.server.person()
        person.sends_album([photo(64, 64, seed=number) for number in range(4)])
        text = (await next_answer(idle, person))["text"]
        assert text == "\n".join(f"{number}. {CAPTION}" for number in range(1, 5))
        assert len(await rest(idle)) == 1


async def test_polling_takes_the_webhook_off(idle: Bench, hook: Webhook) -> None:
    await idle.start(webhook=hook)
    await idle.stop()
    assert idle.server.webhook.info is not None  # what comes meanwhile waits at Telegram's
    await idle.start()
    assert idle.server.webhook.info is None
    assert await told(idle, idle.server.person(), "/start") == say("start", **USUAL)


async def test_address_that_telegram_does_not_take(idle: Bench, unused_tcp_port: int) -> None:
    hook = Webhook("http://bot.example.org/", SECRET, port=unused_tcp_port)
    with pytest.raises(AdapterError, match="TELEGRAM_WEBHOOK_URL"):
        await asyncio.wait_for(idle.adapter(webhook=hook).run(), 30)


async def test_port_that_is_taken(idle: Bench, hook: Webhook) -> None:
    await idle.start(webhook=hook)
    adapter = idle.adapter(webhook=hook)
    with pytest.raises(AdapterError, match="CAPTIONBOT_WEBHOOK_PORT"):
        await asyncio.wait_for(adapter.run(), 30)


async def test_no_network_at_the_start(idle: Bench, hook: Webhook) -> None:
    idle.server.fail("setWebhook", status=500)
    resolve = "Bad Request: bad webhook: Failed to resolve host: Temporary failure"
    idle.server.fail("setWebhook", status=400, description=resolve)
    await idle.start(webhook=hook)
    assert await told(idle, idle.server.person(), "/start") == say("start", **USUAL)


def test_secret_is_not_shown() -> None:
    assert SECRET not in repr(at(1))
