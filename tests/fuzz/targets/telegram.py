"""Telegram's updates as a webhook gets them.

What people can bring about (texts, names, numbers, missing parts) must be handled without an
error of ours. What only a broken Telegram would send, values of other kinds, must be survived.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from random import Random
from typing import Any

import aiohttp

from bot.adapters.telegram import Webhook
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.updates import Receiver
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake
from bot.store import MemoryStore
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from tests.fuzz.mutations import mutated, mutated_json
from tests.fuzz.target import Check, Open, Outcome, Target
from tests.fuzz.targets.complaints import Complaints, complaints
from tests.support.photos import photo
from tests.support.scripted_worker import ScriptedCaptions, scripted_worker
from tests.support.telegram_server import TelegramServer

_SECRET = "fuzzed-secret-0123456789"
_CHAT, _FILE = 1001, "FILE-1002"  # the first that a loopback server makes
Json = dict[str, Any]


def _update(**content: Any) -> Json:
    return {"update_id": 7, **content}


def _message(**content: Any) -> Json:
    return {
        "message_id": 5, "date": 1_790_000_000,
        "chat": {"id": _CHAT, "type": "private", "first_name": "Ann"},
        "from": {"id": _CHAT, "is_bot": False, "first_name": "Ann", "last_name": "B",
                 "username": "annb", "language_code": "de"},
        **content,
    }  # fmt: skip


def _file(**more: Any) -> Json:
    return {"file_id": _FILE, "file_unique_id": "U1002", "file_size": 900, **more}


def _entity(kind: str, offset: int, length: int) -> Json:
    return {"type": kind, "offset": offset, "length": length}


def _updates() -> list[Json]:
    sizes = [_file(width=w, height=w) for w in (90, 800)]
    document = _file(file_name="cat.jpg", mime_type="image/jpeg")
    button = _message(text="A dog.", reply_to_message=_message(photo=sizes))
    return [
        _update(message=_message(text="hello")),
        _update(message=_message(photo=sizes, caption="what @loopback_caption_bot",
                                 caption_entities=[_entity("mention", 5, 21)])),
        _update(message=_message(text="/language de", entities=[_entity("bot_command", 0, 9)])),
        _update(message=_message(text="/caption@loopback_caption_bot now",
                                 entities=[_entity("bot_command", 0, 29)],
                                 reply_to_message=_message(photo=sizes))),
        _update(message=_message(document=document, media_group_id="9")),
        _update(message=_message(sticker=_file(type="regular", width=9, height=9,
                                               is_animated=False, is_video=False))),
        _update(message=_message(video=_file(width=9, height=9, duration=3,
                                             mime_type="video/mp4"))),
        _update(callback_query={"id": "77", "from": _message()["from"], "chat_instance": "1",
                                "message": button, "data": "attention_gif"}),
        _update(my_chat_member={
            "chat": {"id": -1009, "type": "group", "title": "G"}, "from": _message()["from"],
            "date": 0,
            "old_chat_member": {"status": "member", "user": _message()["from"]},
            "new_chat_member": {"status": "left", "user": _message()["from"]},
        }),
    ]  # fmt: skip


def _seeds() -> Sequence[bytes]:
    return [json.dumps(update).encode() for update in _updates()]


def _mutate_wildly(seed: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    if dice.random() < 0.15:
        return mutated(seed, dice, others)
    return mutated_json(seed, dice, others)


class _Bench:
    """A bot with everything behind it."""

    def __init__(self, server: TelegramServer, queue: MemoryQueue, heard: Complaints) -> None:
        self._server, self._queue, self._heard = server, queue, heard
        self._numbers = itertools.count(1000)
        self.url = ""
        self.running: asyncio.Task[None]

    async def check(self, client: aiohttp.ClientSession, data: bytes, *, wild: bool) -> Outcome:
        """Bring an update as Telegram does, and wait until nothing is in hand."""
        self._heard.taken()  # of another bench in this process
        headers = {"X-Telegram-Bot-Api-Secret-Token": _SECRET}
        async with asyncio.timeout(60):
            async with client.post(self.url, data=self._anew(data), headers=headers) as answer:
                status = answer.status
            while await self._queue.depth():
                await asyncio.sleep(0.002)
        assert not self.running.done(), "the bot has ended"
        assert status in {200, 400, 413}, f"HTTP {status}"
        complaints, wrong = self._heard.taken(), self._server.violations[:]
        self._server.violations.clear()
        self._server.calls.clear()
        if not wild:
            assert not complaints, complaints[0]
            assert not wrong, f"a call that Telegram refuses: {wrong[0][:300]}"
        return Outcome("accepted" if status == 200 else "refused", str(status))

    def _anew(self, data: bytes) -> bytes:
        """With numbers that were not there yet, or the bot would know the update."""
        try:
            update = json.loads(data)
        except (ValueError, RecursionError):
            return data
        if isinstance(update, dict) and update.get("update_id") == 7:
            update["update_id"] = number = next(self._numbers)
            message = update.get("message")
            if isinstance(message, dict) and message.get("message_id") == 5:
                message["message_id"] = number
        return json.dumps(update).encode()


@asynccontextmanager
async def _open(*, wild: bool) -> AsyncIterator[Check]:
    async with (
        TelegramServer() as server,
        MemoryQueue(Limits()) as queue,
        Intake() as intake,
        scripted_worker(queue, ScriptedCaptions()),
        aiohttp.ClientSession() as client,
    ):
        server.world.chat("private")
        server.world.store(photo(64, 48), "photos/file.jpg")
        store = MemoryStore()
        service = CaptionService(queue, intake, adapter="telegram", hash_key=b"k" * 32, store=store)
        webhook = Webhook("http://127.0.0.1:1/hook", _SECRET, port=0)
        adapter = TelegramAdapter(
            service, token=server.token, api_url=server.url, consumer="fuzz", store=store,
            webhook=webhook, grace=1.0, settle=0.01,
        )  # fmt: skip
        with complaints() as heard:
            bench = _Bench(server, queue, heard)
            bench.running = asyncio.create_task(adapter.run())
            await server.until(lambda: server.webhook.info)
            assert isinstance(adapter._updates, Receiver)
            bench.url = f"http://127.0.0.1:{adapter._updates.port}/hook"
            yield lambda data: bench.check(client, data, wild=wild)
            bench.running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await bench.running
        await store.close()


def _opening(*, wild: bool) -> Open:
    return lambda: _open(wild=wild)


TARGETS = (
    Target(
        name="telegram",
        group="servers",
        seeds=_seeds,
        mutate=partial(mutated_json, kinds=False),
        open=_opening(wild=False),
        share=8,
    ),
    Target(
        name="telegram-broken",
        group="servers",
        seeds=_seeds,
        mutate=_mutate_wildly,
        open=_opening(wild=True),
        share=8,
    ),
)
