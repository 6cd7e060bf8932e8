"""The code in docs/new-platform.md is a bot that works, against a server on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

import bot.adapters
from bot.adapters import AdapterError
from bot.adapters.registry import Adapter, Platform
from bot.chat.access_control import AccessControl
from bot.chat.service import CaptionService
from bot.doctor import Finding, Level
from bot.locales import say
from bot.settings import Settings
from bot.store import MemoryStore
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from tests.support.intake import SharedIntake
from tests.support.scripted_worker import ScriptedCaptions, jpeg, scripted_worker

GUIDE = Path(__file__).parents[3] / "docs" / "new-platform.md"
BLOCKS = dict(
    re.findall(r"^```python (\w+\.py)\n(.*?)^```$", GUIDE.read_text("utf-8"), re.M | re.S)
)
ENTRY = BLOCKS.pop("registry.py")
TOKEN = "a-token-of-the-tests"
Json = dict[str, Any]


@pytest.fixture
def pigeon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The registry's entry, with the folder where it says."""
    folder = tmp_path / "pigeon"
    folder.mkdir()
    for name, code in BLOCKS.items():
        (folder / name).write_text(code, encoding="utf-8")
    monkeypatch.setattr(bot.adapters, "__path__", [*bot.adapters.__path__, str(tmp_path)])
    entry = eval(ENTRY, {"Platform": Platform})
    assert isinstance(entry, Platform)
    yield entry
    for name in [name for name in sys.modules if name.startswith("bot.adapters.pigeon")]:
        del sys.modules[name]
    vars(bot.adapters).pop("pigeon", None)


@pytest.fixture(autouse=True)
def _no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that is tested here may be a defect, which the log would tell."""
    yield
    assert [
        one.getMessage() for one in caplog.get_records("call") if one.levelname == "ERROR"
    ] == []


@dataclass
class Post:
    """The server: what it delivers, and what the bot sent."""

    url: str = ""
    letters: list[Json] = field(default_factory=list)
    sent: list[Json] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)  # that the bot has confirmed
    status: int = 200  # of what it answers to a letter of the bot
    refused: int = 0  # letters of the bot
    nonsense: list[str] = field(default_factory=list)  # to answer instead of letters
    fetched: int = 0
    quick: asyncio.Event = field(default_factory=asyncio.Event)  # photos come when it is set

    def deliver(self, *letters: Json) -> None:
        """Letters that the bot is told of next."""
        self.letters += letters

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not true():
                await asyncio.sleep(0.01)

    async def dealt_with(self) -> None:
        """The bot has confirmed all that was delivered."""
        await self.until(lambda: bool(self.marks) and self.marks[-1] == str(len(self.letters)))

    # --- what it serves

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/letters", self._news)
        app.router.add_post("/letters", self._take)
        app.router.add_get("/photo", self._photo)
        app.router.add_get("/me", self._me)
        return app

    async def _news(self, request: web.Request) -> web.Response:
        self._check(request)
        if self.nonsense:
            return web.Response(text=self.nonsense.pop(), content_type="application/json")
        self.marks.append(request.query["after"])
        start = int(request.query["after"] or 0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                while len(self.letters) == start:
                    await asyncio.sleep(0.01)
        new = self.letters[start:]
        return web.json_response({"letters": new, "next": str(start + len(new))})

    async def _take(self, request: web.Request) -> web.Response:
        self._check(request)
        if self.status == 200:
            self.sent.append(await request.json())
        else:
            self.refused += 1
        return web.json_response({}, status=self.status)

    async def _photo(self, request: web.Request) -> web.Response:
        self._check(request)
        self.fetched += 1
        await self.quick.wait()
        return web.Response(body=jpeg("red"))

    async def _me(self, request: web.Request) -> web.Response:
        self._check(request)
        return web.json_response({"name": "Captain"})

    def _check(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise web.HTTPUnauthorized


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    made = Post()
    made.quick.set()
    async with TestServer(made.app()) as server:
        made.url = str(server.make_url("")).rstrip("/")
        yield made


def settings(post: Post, token: str = TOKEN) -> Any:
    """The platform's own settings, as the guide has them."""
    made: ModuleType = import_module("bot.adapters.pigeon")
    return made.PigeonSettings(PIGEON_TOKEN=token, PIGEON_URL=post.url)


@dataclass
class Bot:
    """A running bot, and the worker behind it."""

    adapter: Adapter
    task: asyncio.Task[None]
    worker: ScriptedCaptions


@contextlib.asynccontextmanager
async def running(pigeon: Platform, post: Post) -> AsyncIterator[Bot]:
    store = MemoryStore()
    nobody_kept_out = AccessControl(Settings(_env_file=None))  # type: ignore[call-arg]  # pydantic-settings' own
    async with (
        MemoryQueue(Limits()) as queue,
        SharedIntake() as intake,
        scripted_worker(queue) as w,
    ):
        service = CaptionService(queue, intake, adapter=pigeon.name, store=store)
        adapter = pigeon.make_adapter(settings(post), service, store=store, access=nobody_kept_out)
        task = asyncio.create_task(adapter.run())
        try:
            yield Bot(adapter, task, w)
        finally:
            task.cancel()
            await asyncio.wait({task}, timeout=60)
        assert task.cancelled()
        assert not adapter.connected


def letter(post: Post, number: int, text: str = "", *, photo: bool = False, **more: Any) -> Json:
    shown = {"photo": {"url": f"{post.url}/photo", "kind": "image/jpeg"}} if photo else {}
    return {"id": number, "sender": "ann", "text": text, **shown, **more}


async def test_a_photo_in_private_gets_its_caption_as_a_reply(pigeon: Platform, post: Post) -> None:
    post.deliver(letter(post, 7, photo=True))
    async with running(pigeon, post) as bot:
        await post.until(lambda: bool(post.sent))
        assert bot.adapter.connected
    (sent,) = post.sent
    assert (sent["to"], sent["re"]) == ("ann", 7)
    assert "red picture" in sent["text"]


async def test_the_same_event_twice_gets_one_answer(pigeon: Platform, post: Post) -> None:
    photo, help_ = letter(post, 7, photo=True), letter(post, 8, "/help")
    post.deliver(photo, photo, help_, help_)
    async with running(pigeon, post) as bot:
        await post.until(lambda: len(post.sent) == 2)
        post.deliver(photo, help_)  # again, long after they were answered
        await post.dealt_with()
        post.deliver(letter(post, 9, "/start"))
        await post.until(lambda: post.sent[-1]["re"] == 9)
        assert len(bot.worker.jobs) == 1
    assert sorted(one["re"] for one in post.sent) == [7, 8, 9]
    assert len({one["key"] for one in post.sent}) == 3


async def test_commands_are_answered_and_others_are_told_what_to_do(
    pigeon: Platform, post: Post
) -> None:
    post.deliver(letter(post, 1, "/help"))
    async with running(pigeon, post):
        await post.until(lambda: len(post.sent) == 1)
        post.deliver(letter(post, 2, "Good morning"))
        await post.until(lambda: len(post.sent) == 2)
    helped, told = post.sent
    assert "/caption" in helped["text"]
    assert told["text"] == say("not-a-photo")


async def test_in_company_a_photo_is_captioned_where_somebody_asks(
    pigeon: Platform, post: Post
) -> None:
    photo = letter(post, 1, photo=True, group="+loft")
    asks = letter(post, 2, "/caption", group="+loft", re=photo)
    post.deliver(photo, letter(post, 3, "Coo", group="+loft"), asks)
    async with running(pigeon, post):
        await post.until(lambda: bool(post.sent))
        await post.dealt_with()
    (sent,) = post.sent
    assert (sent["to"], sent["re"]) == ("+loft", 1)
    assert post.fetched == 1


async def test_what_makes_no_sense_holds_up_nobody(pigeon: Platform, post: Post) -> None:
    elsewhere = {"url": f"{post.url.replace('127.0.0.1', 'localhost')}/photo"}
    hostile: list[Any] = [None, [], {"id": "x"}, {"id": 1, "sender": "eve", "photo": "no"}]
    post.deliver(*hostile, letter(post, 2) | {"photo": elsewhere}, letter(post, 3, photo=True))
    async with running(pigeon, post):
        await post.until(lambda: len(post.sent) == 2)
    said = {one["re"]: one["text"] for one in post.sent}
    assert said[2] == say("download-failed")
    assert "red picture" in said[3]
    assert post.fetched == 1


async def test_an_answer_without_sense_is_waited_out(
    pigeon: Platform, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = import_module(pigeon.adapter)
    monkeypatch.setattr(adapter, "pauses", lambda _longest: iter([0.01] * 9))
    post.nonsense = ["{", "[]", "{}", '{"letters": 1, "next": "1"}']
    post.deliver(letter(post, 1, photo=True))
    async with running(pigeon, post):
        await post.until(lambda: bool(post.sent))
    assert not post.nonsense


async def test_it_answers_no_bot(pigeon: Platform, post: Post) -> None:
    post.deliver(letter(post, 1, photo=True, from_bot=True), letter(post, 2, "/help"))
    async with running(pigeon, post):
        await post.until(lambda: bool(post.sent))
        await post.dealt_with()
    assert [one["re"] for one in post.sent] == [2]
    assert not post.fetched


async def test_a_chat_that_takes_nothing_ends_nothing(pigeon: Platform, post: Post) -> None:
    post.status = 403
    post.deliver(letter(post, 1, photo=True), letter(post, 2, "/help"))
    async with running(pigeon, post) as bot:
        await post.until(lambda: post.refused == 2)
        await post.dealt_with()
        post.status = 200
        post.deliver(letter(post, 3, "/start"))
        await post.until(lambda: bool(post.sent))
        assert not bot.task.done()
    assert [one["re"] for one in post.sent] == [3]


async def test_what_was_not_confirmed_when_it_ended_comes_again(
    pigeon: Platform, post: Post
) -> None:
    post.quick.clear()
    post.deliver(letter(post, 1, photo=True))
    async with running(pigeon, post):
        await post.until(lambda: post.fetched == 1)
    assert post.marks == [""]
    post.quick.set()
    async with running(pigeon, post):
        await post.until(lambda: bool(post.sent))
        await post.dealt_with()
    assert [one["re"] for one in post.sent] == [1]


async def test_a_wrong_token_is_an_error_for_operators(pigeon: Platform, post: Post) -> None:
    async with MemoryQueue(Limits()) as queue, SharedIntake() as intake:
        service, store = CaptionService(queue, intake, adapter="pigeon"), MemoryStore()
        access = AccessControl(Settings(_env_file=None))  # type: ignore[call-arg]  # by alias
        wrong = settings(post, "another-token")
        adapter = pigeon.make_adapter(wrong, service, store=store, access=access)
        with pytest.raises(AdapterError, match="PIGEON_TOKEN"):
            await adapter.run()


async def test_the_doctor_has_something_to_say(pigeon: Platform, post: Post) -> None:
    async def found(made: Any) -> Finding:
        (finding,) = await import_module(pigeon.check).check(made)
        assert isinstance(finding, Finding)
        assert TOKEN not in finding.text
        return finding

    assert (await found(settings(post))).text == "the bot is Captain"
    assert (await found(settings(post, "another-token"))).level is Level.PROBLEM
    away = settings(Post(url="http://127.0.0.1:1"))
    assert (await found(away)).level is Level.PROBLEM
    none = type(away)()
    assert (await found(none)).level is Level.NOTE


def test_the_guide_says_what_the_registry_asks_for(pigeon: Platform) -> None:
    assert callable(import_module(pigeon.adapter).make_adapter)
    fields = import_module("bot.adapters.pigeon").PigeonSettings.model_fields
    assert {one.alias for one in fields.values()} >= set(pigeon.of_a_cluster)
    assert re.fullmatch(rf"{pigeon.name}:{pigeon.ids}", pigeon.example)
