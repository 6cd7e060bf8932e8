"""Moving pictures: their key moments, captioned, as a short timeline."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.locales import say
from tests.bot.adapters.discord.stage import Stage, labels, stage
from tests.support.discord_server import DiscordServer
from tests.support.intake import SharedVideoIntake
from tests.support.photos import photo
from tests.support.videos import animation, broken, scenes, video

DOG, CAT, BOAT = "a dog runs over the grass", "two cats sleep", "a boat on a lake"


@pytest.fixture
async def cinema(server: DiscordServer) -> AsyncIterator[Stage]:
    """A bot that watches videos."""
    async with SharedVideoIntake() as intake, stage(server, video=intake) as made:
        made.script.says = (DOG, CAT, BOAT)
        yield made


def timed(*lines: tuple[str, str]) -> list[str]:
    return [say("timeline-line", time=time, caption=caption) for time, caption in lines]


async def test_video_in_a_message_becomes_a_timeline(cinema: Stage) -> None:
    world = cinema.server.world
    film = world.attachment("film.mp4", video(scenes(3), seconds_each=2.0))
    await cinema.mention(attachments=[film])
    (message,) = await cinema.said()
    assert message.content.splitlines() == timed(
        ("0:00–0:02", DOG), ("0:02–0:04", CAT), ("0:04–0:06", BOAT)
    )
    assert len(cinema.jobs) == 1
    assert labels(message)[:3] == [
        say("button-attention-of", which=time) for time in ("0:00", "0:02", "0:04")
    ]
    # Each moment can be looked at: the film is watched again.
    await cinema.pressed(message, 1)
    assert cinema.jobs[1].photo == cinema.jobs[0].photos[1]


async def test_animation_given_to_a_command_shows_its_moments(cinema: Stage) -> None:
    attachment = cinema.server.world.attachment("a.gif", animation("GIF", scenes(2), 1500))
    message = await cinema.answered(await cinema.server.caption(cinema.person, attachment))
    assert [line.split(" ", 1)[1] for line in message.content.splitlines()] == [DOG, CAT]
    assert len(message.attachments) == 2
    assert all(shown["description"] for shown in message.attachments)


async def test_scenes_that_say_the_same_are_one(cinema: Stage) -> None:
    cinema.script.says = (DOG, DOG, CAT)
    film = cinema.server.world.attachment("film.webm", video(scenes(3), format="webm"))
    message = await cinema.answered(await cinema.server.caption(cinema.person, film))
    assert message.content.splitlines() == timed(("0:00–0:02", DOG), ("0:02–0:03", CAT))


async def test_still_gif_is_a_photo(cinema: Stage) -> None:
    still = cinema.server.world.attachment("still.gif", photo(format="GIF"))
    message = await cinema.answered(await cinema.server.caption(cinema.person, still))
    assert message.content == DOG


async def test_photo_and_film_in_one_answer(cinema: Stage) -> None:
    world = cinema.server.world
    given = [world.attachment("a.jpg", photo()), world.attachment("b.mp4", video(scenes(2)))]
    message = await cinema.answered(await cinema.server.caption(cinema.person, *given))
    first, *rest = message.content.splitlines()
    assert first == say("album-line", number=1, caption=DOG)
    assert len(rest) == 2
    assert all(line.startswith("2. 0:0") for line in rest)


@pytest.mark.parametrize("name", ["MP4 without its end", "WebM of noise", "sound"])
async def test_broken_film_is_refused_in_words(cinema: Stage, name: str) -> None:
    film = cinema.server.world.attachment("film.mp4", broken()[name].data)
    message = await cinema.answered(await cinema.server.caption(cinema.person, film))
    assert message.content in {say("damaged"), say("unsupported", kind="audio")}
    assert cinema.jobs == []
    await cinema.emptied()


async def test_film_that_is_too_large_is_refused_before_it_is_fetched(cinema: Stage) -> None:
    film = cinema.server.world.attachment("film.mp4", b"", size=20_000_001)
    message = await cinema.answered(await cinema.server.caption(cinema.person, film))
    assert message.content == say("too_large", limit=20)
    assert cinema.server.downloads == []
