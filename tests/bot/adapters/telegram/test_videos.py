"""Videos, GIFs and stickers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.locales import say
from tests.bot.adapters.telegram.conftest import CAPTION, Bench, by_colour
from tests.bot.adapters.telegram.steps import next_answer, rest
from tests.support.intake import SharedVideoIntake
from tests.support.photos import photo
from tests.support.scripted_worker import COLOURS, jpeg
from tests.support.telegram_server import Json, Person
from tests.support.videos import colour, video

FILM = video([colour(COLOURS["red"]), colour(COLOURS["blue"])])
TIMELINE = "0:00 – 0:01 a red picture\n0:01 – 0:02 a blue picture"


@pytest.fixture
async def watching(idle: Bench) -> AsyncIterator[Bench]:
    """The bench with a bot that watches videos."""
    async with SharedVideoIntake() as intake:
        await idle.start(video=intake)
        yield idle
        await idle.stop()


async def test_video_is_a_timeline_in_one_answer(watching: Bench) -> None:
    watching.script.reply = by_colour
    person = watching.server.person()
    message = person.sends_video(FILM)
    params = await next_answer(watching, person)
    assert params["text"] == TIMELINE
    assert params["reply_parameters"]["message_id"] == message["message_id"]
    (row,) = params["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == [say("button-speech"), say("button-delete")]
    assert [len(job.photos) for job in watching.jobs] == [2]


async def test_all_that_moves_is_watched_and_repeats_are_one(watching: Bench) -> None:
    person = watching.server.person()
    person.sends_round_video(FILM)
    assert (await next_answer(watching, person))["text"] == CAPTION
    person.sends_gif(FILM)
    assert (await next_answer(watching, person, 1))["text"] == CAPTION
    webm = video([colour(COLOURS["green"])], format="webm")
    person.sends_sticker(webm, video=True)
    assert (await next_answer(watching, person, 2))["text"] == CAPTION
    person.sends_file(FILM, name="film.mp4", mime="video/mp4")
    assert (await next_answer(watching, person, 3))["text"] == CAPTION


async def test_video_in_a_group(watching: Bench) -> None:
    watching.script.reply = by_colour
    group = watching.server.group()
    film = watching.server.member(group).sends_video(FILM)
    member = watching.server.member(group)
    member.says("/caption", reply_to=film)
    assert (await next_answer(watching, member))["text"] == TIMELINE
    assert len(await rest(watching)) == 1


async def test_album_with_a_video(watching: Bench) -> None:
    watching.script.reply = by_colour
    person = watching.server.person()
    world = watching.server.world
    still = [world.store(jpeg("green", (64, 64)), "a.jpg") | {"width": 64, "height": 64}]
    film = world.store(FILM, "b.mp4") | {"width": 160, "height": 120, "duration": 2}
    person.sends({"photo": still, "media_group_id": "3"})
    person.sends({"video": film, "media_group_id": "3"})
    params = await next_answer(watching, person)
    assert params["text"] == "1. a green picture\n2. a red picture"


async def test_what_cannot_be_watched_is_said(watching: Bench) -> None:
    person = watching.server.person()
    person.sends_video(FILM, size=30_000_000)
    large = say("too-large-to-download", limit=20, kind="video")
    assert (await next_answer(watching, person))["text"] == large
    assert not watching.server.downloads
    person.sends_video(FILM[: len(FILM) // 3])
    assert (await next_answer(watching, person, 1))["text"] == say("damaged")
    person.sends_video(b"this is no film at all, only words " * 9)
    assert (await next_answer(watching, person, 2))["text"] == say("not_an_image")
    assert watching.jobs == []


def send_webp(person: Person) -> Json:
    return person.sends_sticker(photo(format="WEBP"))


async def test_still_sticker_is_captioned(bench: Bench) -> None:
    person = bench.server.person()
    send_webp(person)
    assert (await next_answer(bench, person))["text"] == CAPTION
    member = bench.server.member(bench.server.group())
    member.says("/caption", reply_to=send_webp(member))
    assert (await next_answer(bench, member))["text"] == CAPTION


async def test_drawing_that_moves_is_refused_in_words(watching: Bench) -> None:
    person = watching.server.person()
    person.sends_sticker(b"\x1f\x8b" + bytes(50), animated=True)
    assert (await next_answer(watching, person))["text"] == say("moving-sticker")
    assert not watching.server.downloads
