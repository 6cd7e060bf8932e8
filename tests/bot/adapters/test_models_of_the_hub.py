"""Small models saved by transformers, on every platform: engine, worker, queue and bot are real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache

import aiohttp
import pytest

from bot.adapters.telegram import command_registration
from bot.adapters.web import WebOptions
from bot.locales import say
from captioner.base import MOST_TOKENS
from captioner.engines.transformers import captioner as engine
from captioner.engines.transformers.captioner import TransformersCaptioner
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from captioner.worker.batch_handler import BatchHandler
from tests.bot.adapters.discord import stage as discord
from tests.bot.adapters.matrix import stage as matrix
from tests.bot.adapters.telegram.conftest import Bench, WatchedQueue
from tests.bot.adapters.telegram.steps import captioned, told
from tests.support.discord_server import discord_server
from tests.support.facts import USUAL
from tests.support.intake import SharedIntake
from tests.support.matrix_server import matrix_server
from tests.support.photos import photo
from tests.support.scripted_worker import at_work, ready
from tests.support.stage import Script
from tests.support.telegram_server import TelegramServer
from tests.support.transformers_models import load, save
from tests.support.web_server import form, web_server

Open = Callable[[str], TransformersCaptioner]
FAMILIES = ["blip", "vit-gpt2", "git", "llava"]
ATTENTION, SHEET = say("button-attention"), say("button-sheet")
REFUSED = say("not_offered")
QUESTION = "What colour is it?"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Open:
    folder = tmp_path_factory.mktemp("models")
    return cache(lambda name: load(name, save(name, folder / name)))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Untrained models seldom come to an end by themselves."""
    monkeypatch.setattr(engine, "MOST_TOKENS", dict.fromkeys(MOST_TOKENS, 8))


@pytest.fixture
def queue() -> MemoryQueue:
    return WatchedQueue(Limits())


@pytest.fixture(params=FAMILIES)
async def model(
    request: pytest.FixtureRequest, opened: Open, queue: MemoryQueue
) -> AsyncIterator[TransformersCaptioner]:
    """A model at work on the queue."""
    captioner = opened(request.param)
    async with queue, at_work(queue, BatchHandler(captioner), max_batch=4):
        await ready(queue)
        yield captioner


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Telegram knows the commands already."""
    with monkeypatch.context() as patched:
        patched.setattr(command_registration, "_calls", lambda _bot, _lacking: iter(()))
        yield


def shown(labels: list[str]) -> bool:
    """Whether pictures of attention are offered, both or neither."""
    assert (ATTENTION in labels) is (SHEET in labels)
    return ATTENTION in labels


async def test_telegram(model: TransformersCaptioner, queue: MemoryQueue) -> None:
    able = model.capabilities
    async with TelegramServer() as server, SharedIntake() as intake:
        assert isinstance(queue, WatchedQueue)
        bench = Bench(server, queue, intake, Script())
        await bench.start()
        try:
            person = server.person()
            _, answer = await captioned(bench, person)
            rows = answer["reply_markup"]["inline_keyboard"]
            assert shown([button["text"] for row in rows for button in row]) is able.attention
            if able.attention:
                person.presses(answer, ATTENTION)
                await server.until(lambda: bool(server.made("sendAnimation")))
                assert server.made("sendAnimation")[0].files["animation"].data[:4] == b"GIF8"
            said = await told(bench, person, f"/ask {QUESTION}", reply_to=answer)
            assert (said == REFUSED) is not able.questions
            looks = "yes" if able.attention else "no"
            text = await told(bench, person, "/help")
            assert text.startswith(say("help", **USUAL | {"looks": looks}))
            assert ("/ask" in text) is able.questions
        finally:
            await bench.stop()
            await bench.store.close()
        assert server.violations == []


async def test_discord(model: TransformersCaptioner, queue: MemoryQueue) -> None:
    able = model.capabilities
    async with discord_server() as server, SharedIntake() as intake:
        bot = discord.Stage(server, intake, queue)
        await bot.start()
        try:
            await bot.mention("cat.jpg")
            (answer,) = await bot.said()
            assert shown(discord.labels(answer)) is able.attention
            if able.attention:
                picture = await bot.pressed(answer, ATTENTION)
                assert [one["filename"] for one in picture.attachments] == ["attention.gif"]
            assert ("ask" in {one["name"] for one in server.world.commands}) is able.questions
            if able.questions:
                attachment = server.world.attachment("car.jpg", photo(seed=2))
                said = await bot.answered(await server.ask(bot.person, attachment, QUESTION))
                assert said.content.startswith(f"> `{QUESTION}`\n")
        finally:
            await bot.stop()


async def test_matrix(model: TransformersCaptioner, queue: MemoryQueue) -> None:
    able = model.capabilities
    async with matrix_server() as server, SharedIntake() as intake:
        bot = matrix.Stage(server, queue, intake)
        await bot.start()
        try:
            event = bot.send_photo()
            await bot.said()
            said = await bot.told("!attention", reply_to=event)
            assert (said == REFUSED) is not able.attention
            drawn = server.said(bot.direct)[1]["msgtype"] == "m.image"
            assert drawn is able.attention
            said = await bot.told(f"!ask {QUESTION}", reply_to=event)
            assert (said == REFUSED) is not able.questions
        finally:
            await bot.stop()
        assert server.violations == []


async def test_http(model: TransformersCaptioner, queue: MemoryQueue) -> None:
    able = model.capabilities
    async with (
        web_server(queue=queue, working=False, options=WebOptions(per_minute=0)) as server,
        aiohttp.ClientSession(server.url) as client,
    ):
        async with client.get("/api/capabilities") as response:
            offered = await response.json()
        assert offered["lengths"] == [*able.lengths]
        assert [offered[name] for name in ("attention", "questions", "confidence")] == [
            able.attention, able.questions, False,
        ]  # fmt: skip
        async with client.post("/api/captions", data=form(photo())) as response:
            said = await response.json()
        assert said["caption"]
        assert said["grid"] == [*model._family.grid]
        async with client.get(f"/api/captions/{said['id']}/attention.gif") as response:
            assert response.status == (200 if able.attention else 409)
            assert (await response.read()).startswith(b"GIF8") is able.attention
        url = f"/api/captions/{said['id']}/questions"
        async with client.post(url, json={"question": QUESTION}) as response:
            assert response.status == (200 if able.questions else 409)
