"""Answers as people read, hear and see them, without anybody to send them to."""

from __future__ import annotations

import shutil
from dataclasses import replace

import discord
import pytest

from bot.adapters.discord.messenger import DiscordMessenger
from bot.adapters.discord.replies import MAX_CONTENT, DiscordPlace, Payload
from bot.chat.media import Moment, Omitted, Part, Still, Video, encode
from bot.chat.models import Action, Media
from bot.chat.rendering import render
from bot.locales import say
from captioner.queue.messages import UNSURE_BELOW, Caption, CaptionReply, Failure
from captioner.queue.messages import Answer as Found

DOG = Caption(text="a dog", log_prob=-1.0)
CAT = Caption(text="a cat", log_prob=-1.0)


def reply(*captions: Caption, confidence: float = 0.8) -> CaptionReply:
    """An answer to an album, a caption a photo."""
    first, *more = captions
    return CaptionReply(
        job_id="1", adapter="discord", captions=(first,), confidence=confidence,
        more=tuple(Found(captions=(one,), confidence=confidence) for one in more),
    )  # fmt: skip


def place(*parts: Part, wish: Action = Action.CAPTION) -> DiscordPlace:
    made = DiscordPlace(channel=1, message=2, person=3, wish=wish)
    return replace(made, written_parts=encode(parts)) if parts else made


async def composed(reply: CaptionReply, where: DiscordPlace) -> Payload:
    """A worker's reply as Discord is sent it."""
    delivered = []

    class Messenger(DiscordMessenger):
        async def deliver(
            self, place: DiscordPlace, payload: Payload, *, key: str, patience: float = 0.0
        ) -> bool:
            delivered.append((place, payload, key, patience))
            return True

    messenger = Messenger(discord.Client(intents=discord.Intents.none()))
    assert await messenger.send(where, render(reply, where, Messenger.style), key="1")
    ((there, payload, key, _),) = delivered
    assert (there, key) == (where, "1")
    return payload


@pytest.mark.parametrize(
    ("confidence", "sure"), [(UNSURE_BELOW, True), (UNSURE_BELOW - 0.01, False)]
)
async def test_doubtful_captions_are_introduced(confidence: float, sure: bool) -> None:
    said = await composed(reply(DOG, confidence=confidence), place())
    assert said.content == ("a dog" if sure else say("unsure", caption="a dog"))


async def test_fewer_answers_than_photos_are_survived() -> None:
    said = await composed(reply(DOG), place(Still(at=0), Still(at=1)))
    assert said.content == "a dog"


async def test_everything_that_failed_is_one_sentence() -> None:
    failed = CaptionReply(
        job_id="1", adapter="discord", failure=Failure.GAVE_UP,
        more=(Found(failure=Failure.BAD_PHOTO),),
    )  # fmt: skip
    said = await composed(failed, place(Still(at=0), Still(at=1)))
    assert said.content == say("gave_up")
    assert said.view is None


async def test_film_of_which_nothing_could_be_captioned() -> None:
    film = Video(at=1, moments=(Moment(number=0, seconds=0.0),), duration=1.0)
    mixed = CaptionReply(
        job_id="1", adapter="discord", captions=(DOG,), confidence=0.8,
        more=(Found(failure=Failure.BAD_PHOTO),),
    )  # fmt: skip
    said = await composed(mixed, place(Still(at=0), film))
    assert said.content is not None
    assert said.content.splitlines()[1] == say("album-line", number=2, caption=say("bad_photo"))


async def test_nothing_is_longer_than_discord_takes() -> None:
    long = Caption(text="word " * 300, log_prob=-1.0)
    for wish in (Action.CAPTION, Action.OTHERS, Action.ALT):
        said = await composed(
            reply(*[long] * 10), place(*(Still(at=n) for n in range(10)), wish=wish)
        )
        content = said.arguments()["content"]
        assert 0 < len(content) <= MAX_CONTENT
        assert content.count("```") % 2 == 0  # no block is left open


async def test_alt_text_cannot_end_its_own_block() -> None:
    said = await composed(reply(Caption(text="a ``` b", log_prob=-1.0)), place(wish=Action.ALT))
    assert said.content is not None
    assert said.content.count("```") == 2


async def test_refusals_are_lines() -> None:
    parts = (Omitted(code="too_large", args={"limit": 20}), Still(at=1))
    said = await composed(replace(reply(CAT), grid=(7, 7)), place(*parts))
    assert said.content is not None
    assert say("too_large", limit=20) in said.content
    assert said.view is not None
    assert getattr(said.view.children[0], "custom_id", "") == "captionbot:attention_gif:2:1"


def test_files_that_do_not_fit_are_left_out_with_a_remark() -> None:
    answer = Payload("a dog", (Media("a.gif", bytes(2_000_000), "a"),))
    assert answer.fitting(2_000_000) is answer
    bare = answer.fitting(1_999_999)
    assert bare.pictures == ()
    assert bare.content == "a dog\n" + say("too-large-to-send", limit=1)


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
async def test_captions_are_really_spoken() -> None:
    where = replace(place(Still(), Still(at=1)), voice=True)
    sound = (await composed(reply(DOG, CAT), where)).sound
    assert sound is not None
    assert sound.data.startswith(b"OggS")
    assert sound.alt == "a dog. a cat."
