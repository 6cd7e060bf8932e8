"""A question typed on Telegram, answered by a model behind an address, and everything between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.locales import say
from bot.media.sanitizer import VideoIntake
from captioner.engines.openai.captioner import OpenAICaptioner
from captioner.engines.openai.client import Endpoint
from captioner.queue.base import Limits
from captioner.worker.batch_handler import BatchHandler
from tests.bot.adapters.telegram.conftest import Bench, WatchedQueue
from tests.bot.adapters.telegram.steps import captioned, next_answer, told
from tests.support.chat_completions_server import KEY, MODEL, ChatServer, says
from tests.support.intake import SharedIntake
from tests.support.photos import photo
from tests.support.scripted_worker import at_work
from tests.support.stage import Script
from tests.support.telegram_server import TelegramServer
from tests.support.videos import scenes, video

CAPTION = "A brown dog runs on the grass."


@pytest.fixture
def model() -> Iterator[ChatServer]:
    """A server with a vision model."""
    with ChatServer() as server:
        yield server


@pytest.fixture
async def asking(
    announced: None, server: TelegramServer, model: ChatServer
) -> AsyncIterator[Bench]:
    """A bot, and a worker that asks that model."""
    endpoint = Endpoint(url=model.url, model=MODEL, key=KEY, timeout=30.0)
    captioner = OpenAICaptioner(endpoint, languages=("en", "de"))
    async with WatchedQueue(Limits()) as queue, SharedIntake() as intake:
        bench = Bench(server, queue, intake, Script())
        async with (
            at_work(queue, BatchHandler(captioner), max_batch=4),
            VideoIntake(seconds=60.0) as watching,
        ):
            await bench.start(video=watching)
            yield bench
            await bench.stop()
        captioner.close()
        await bench.store.close()


async def test_caption_question_and_another_question(asking: Bench, model: ChatServer) -> None:
    person = asking.server.person()
    _, caption = await captioned(asking, person)
    assert caption["text"] == CAPTION
    hostile = "It is **red**. @everyone https://evil.example <b>/ask</b> \u202e" + "word " * 20_000
    model.next(says(hostile))
    before = len(asking.server.made())
    answer = await told(asking, person, "What colour is it?\u202e", reply_to=caption)
    assert answer.startswith("It is red. everyone evil.example")
    assert len(answer) <= 1200
    assert "What colour is it?" in model.calls[-1].text
    assert "\u202e" not in model.calls[-1].text
    assert model.calls[-1].body["temperature"] == 0
    model.next(says("No."))
    second = asking.server.made()[before].result
    assert await told(asking, person, "/ask Is it sure?", reply_to=second) == "No."
    await told(asking, person, "/language de")
    model.next(says("Ja."))
    assert await told(asking, person, "Ist es grün?", reply_to=second) == "Ja."
    assert "auf Deutsch" in model.calls[-1].text


async def test_the_meant_moment_of_a_video(asking: Bench, model: ChatServer) -> None:
    person = asking.server.person()
    film = person.sends_video(video(scenes(3), 2.0))
    await next_answer(asking, person)
    model.next(says("A house."))
    first = await told(asking, person, "/ask what is it?", reply_to=film)
    assert first == say("answer-moment", time="0:00", caption="A house.")
    model.next(says("A tree."))
    later = await told(asking, person, "/ask 0:05 what is it?", reply_to=film)
    assert later != say("answer-moment", time="0:00", caption="A tree.")
    assert later.endswith("A tree.")
    assert "0:05" not in model.calls[-1].text


async def test_lengths_are_what_the_model_is_asked_for(asking: Bench, model: ChatServer) -> None:
    person = asking.server.person()
    await told(asking, person, "/detail long")
    model.next(says("A long text. With two sentences."))
    _, answer = await captioned(asking, person)
    assert answer["text"] == "A long text. With two sentences."
    assert "paragraph" in model.calls[-1].text
    model.next(says("There is possibly a man in a red coat. A dog."))
    person.sends_photo(photo(seed=2), caption="/alt")
    alt = (await next_answer(asking, person, 2))["text"]
    assert alt == f"There is possibly a man in a red coat. A dog. {say('alt-text-program')}"
    assert "alt text" in model.calls[-1].text


async def test_a_model_that_says_nothing(asking: Bench, model: ChatServer) -> None:
    person = asking.server.person()
    model.next(says(""))
    person.sends_photo(photo(), caption="/ask who is that?")
    assert (await next_answer(asking, person))["text"] == say("internal")
