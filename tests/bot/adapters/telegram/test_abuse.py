"""One person who does whatever a person can do, and everybody else, who must not notice."""

from __future__ import annotations

import itertools
import logging

import pytest

from bot.locales import say
from captioner.queue.base import Limits
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.bot.adapters.telegram.steps import next_answer
from tests.fuzz.mutations import TEXTS
from tests.support.photos import hostile, photo
from tests.support.telegram_server.world import Json

FLOOD = 30
COMMANDS = ("/start", "/help", "/language", "/voice", "/auto", "/alt", "/caption", "/delete",
            "/privacy", "/stats", "/nothing")  # fmt: skip
# What Telegram lets pass: a text has at most 4096 characters and is never empty.
SENT = [text[:4096] for text in TEXTS if text.strip()]


@pytest.fixture
def limits() -> Limits:
    return Limits(per_person=10, depth=200)


async def somebody_else_is_answered(bench: Bench) -> None:
    person = bench.server.person()
    person.sends_photo(photo(seed=77))
    assert CAPTION in (await next_answer(bench, person))["text"]


def as_sent(bench: Bench, content: Json) -> None:
    """A message as it comes, also one that the types of the Bot API would not let pass."""
    world = bench.server.world
    person = bench.server.person()
    message: Json = {"message_id": world.next_id(), "date": 1_790_000_000, "chat": person.chat}
    world.messages[person.chat_id, message["message_id"]] = dict(message)
    message |= {"from": person.user, **content}
    world.push_again({"update_id": next(world._update_ids), "message": message})


async def test_a_flood_is_refused_in_part_and_holds_up_nobody(idle: Bench) -> None:
    await idle.start(person_per_minute=20)
    idle.working.clear()
    flooder, other = idle.server.person(), idle.server.person()
    for seed in range(FLOOD):
        flooder.sends_photo(photo(32, 24, seed=seed))
    other.sends_photo(photo(seed=99))
    taken_in = idle.server.until(lambda: not idle.server.world.updates, seconds=120)
    await taken_in
    depth = await idle.queue.depth()
    assert depth <= 11, "ten of the one, and one of the other"
    idle.working.set()
    assert CAPTION in (await next_answer(idle, other))["text"]
    await idle.settled()
    captioned = [
        call
        for call in idle.server.made("sendMessage", chat_id=flooder.chat_id)
        if CAPTION in call.params["text"]
    ]
    assert 1 <= len(captioned) <= 20
    people = [job.person for job in idle.jobs]
    mine = next(n for n, person in enumerate(people) if people.count(person) == 1)
    assert mine <= 4, "a first photo goes before the many of somebody else"


async def test_an_album_without_end(bench: Bench) -> None:
    """Telegram makes ten of it; here are a hundred, in one group of messages."""
    person = bench.server.person()
    person.sends_album([photo(32, 24, seed=n) for n in range(100)])
    await somebody_else_is_answered(bench)
    await bench.settled()
    assert all(len(job.photos) <= 10 for job in bench.jobs)
    assert bench.server.made(chat_id=person.chat_id)


async def test_commands_with_absurd_arguments(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number, text in enumerate(SENT * 2):
        command = COMMANDS[number % len(COMMANDS)]
        entity = {"type": "bot_command", "offset": 0, "length": len(command)}
        as_sent(bench, {"text": f"{command} {text}"[:4096], "entities": [entity]})
    await somebody_else_is_answered(bench)
    await bench.settled()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    for call in bench.server.made("sendMessage"):
        assert 0 < len(call.params["text"]) <= 4096


async def test_texts_of_every_kind(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """As messages, as captions under photos, as names of files and of people."""
    caplog.set_level(logging.INFO)
    world = bench.server.world
    for text in SENT[::2]:
        stored = world.store(photo(32, 24), "photos/file_9.jpg")
        sizes = [stored | {"width": 800, "height": 600}]
        document = stored | {"file_name": text, "mime_type": text[:200]}
        mention = {"type": "mention", "offset": 0, "length": 21}
        name = {"id": 5_000, "is_bot": False, "first_name": text, "language_code": text[:30]}
        as_sent(bench, {"text": text})
        as_sent(bench, {"photo": sizes, "caption": text, "caption_entities": [mention]})
        as_sent(bench, {"document": document, "caption": text})
        as_sent(bench, {"text": text, "from": name})
    await somebody_else_is_answered(bench)
    await bench.settled()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_entities_that_lie(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    places = [(0, 0), (-1, 5), (4095, 1), (0, 2**31), (3, -2), (10, 1)]
    kinds = ("bot_command", "mention", "text_mention", "url", "made_up")
    for kind, (offset, length) in itertools.product(kinds, places):
        entity: Json = {"type": kind, "offset": offset, "length": length}
        as_sent(bench, {"text": "/caption 👩‍👩‍👧 @nobody", "entities": [entity]})
        as_sent(bench, {"text": "no entity fits", "entities": [entity] * 100})
    await somebody_else_is_answered(bench)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_files_that_want_to_do_harm_one_after_the_other(bench: Bench) -> None:
    person = bench.server.person()
    for name, (data, _) in hostile().items():
        if len(data) < 1_000_000:
            person.sends_file(data, name=f"{name}.jpg", mime="image/jpeg")
    await somebody_else_is_answered(bench)
    await bench.settled()
    said = {str(call.params["text"]) for call in bench.server.made(chat_id=person.chat_id)}
    assert say("damaged") in said
    assert say("internal") not in said
