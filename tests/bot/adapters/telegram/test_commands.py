"""/voice, /language, /alt, /privacy, /delete and /stats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import locales
from bot.chat.alt_text import alt_text
from bot.locales import languages, say
from bot.store import Store
from captioner.queue.messages import CaptionJob, CaptionReply
from tests.bot.adapters.telegram.conftest import CAPTION, Bench, good_answer
from tests.bot.adapters.telegram.steps import (
    access_control,
    alerts,
    captioned,
    is_empty,
    next_answer,
    rest,
    told,
)
from tests.support.facts import USUAL
from tests.support.photos import photo

ENGLISH = say("language-now", bot="English", captions="English")


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A second language, whatever there is on disk: each sentence says which it is."""
    english = locales.source("en")
    (tmp_path / "en.ftl").write_text(english)
    (tmp_path / "de.ftl").write_text(
        re.sub(r"^([a-z_-]+) = (?=.)", r"\1 = [de] ", english, flags=re.M)
    )

    class Elsewhere:
        @staticmethod
        def files(_: str) -> Path:
            return tmp_path

    monkeypatch.setattr(locales, "resources", Elsewhere)
    _forget_languages()
    yield
    monkeypatch.undo()
    _forget_languages()


def _forget_languages() -> None:
    locales.languages.cache_clear()
    locales._bundle.cache_clear()
    locales._plain.cache_clear()


async def test_voice_on_reads_every_caption_aloud(bench: Bench) -> None:
    person = bench.server.person()
    assert await told(bench, person, "/voice on") == say("voice-on")
    await bench.server.until(lambda: bench.server.made("sendVoice"))
    message, _ = await captioned(bench, person)
    await bench.server.until(lambda: len(bench.server.made("sendVoice")) == 2)
    call = bench.server.made("sendVoice")[1]
    assert call.params["reply_parameters"]["message_id"] == message["message_id"]
    assert call.params["duration"] >= 1
    assert call.files["voice"].data.startswith(b"OggS")
    assert await told(bench, person, "/voice off") == say("voice-off")
    await captioned(bench, person)
    await bench.settled()
    assert len(bench.server.made("sendVoice")) == 2


async def test_voice_is_of_one_person_in_a_group(bench: Bench) -> None:
    group = bench.server.group()
    blind, other = bench.server.member(group), bench.server.member(group)
    assert await told(bench, blind, "/voice on") == say("voice-on")
    await captioned(bench, other, caption="/caption")
    await bench.settled()
    assert len(bench.server.made("sendVoice")) == 1
    await captioned(bench, blind, caption="/caption")
    await bench.server.until(lambda: len(bench.server.made("sendVoice")) == 2)


async def test_voice_messages_that_somebody_does_not_take(bench: Bench) -> None:
    person = bench.server.person()
    forbidden = "Bad Request: VOICE_MESSAGES_FORBIDDEN"
    bench.server.fail("sendVoice", times=99, status=400, description=forbidden)
    assert await told(bench, person, "/voice on") == say("voice-on")
    for _ in range(2):
        await captioned(bench, person)
        await bench.settled()
    said = await rest(bench)
    assert said.count(say("voice-not-welcome")) == 1
    assert said.count(CAPTION) == 2


async def test_voice_where_nothing_can_speak(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.speech.PROGRAM", "no-such-program")
    person = bench.server.person()
    assert await told(bench, person, "/voice on") == say("speech-unavailable")
    _, answer = await captioned(bench, person)
    person.presses(answer, say("button-speech"))
    before = len(bench.server.made())
    await bench.server.until(lambda: len(bench.server.made()) > before)
    assert bench.server.made()[-1].params["text"] == say("speech-unavailable")


async def test_voice_explains_itself(bench: Bench) -> None:
    person = bench.server.person()
    for command in ("/voice", "/voice loud"):
        assert await told(bench, person, command) == say("voice-how")


@pytest.mark.usefixtures("german")
async def test_language_by_argument_and_back(bench: Bench) -> None:
    person = bench.server.person()
    chosen = await told(bench, person, "/language de")
    assert chosen.splitlines() == [
        "[de] " + say("language-chosen"),
        "[de] " + say("language-now", bot="Deutsch", captions="Englisch"),
        "[de] " + say("captions-not-in", wanted="Deutsch", used="Englisch", languages="Englisch"),
    ]
    assert await told(bench, person, "/start") == "[de] " + say("start", **USUAL)
    _, answer = await captioned(bench, person)
    assert answer["text"] == "[de] " + CAPTION
    assert await told(bench, person, "/language auto") == f"{say('language-chosen')}\n{ENGLISH}"
    assert await told(bench, person, "/start") == say("start", **USUAL)


@pytest.mark.usefixtures("german")
async def test_language_by_button(bench: Bench) -> None:
    person = bench.server.person()
    person.user["language_code"] = "en"
    assert await told(bench, person, "/language") == f"{ENGLISH}\n{say('language-ask')}"
    offer = bench.server.made()[0].result
    rows = offer["reply_markup"]["inline_keyboard"]
    assert [[b["callback_data"] for b in row] for row in rows] == [
        ["language:en", "language:de"],
        ["language:auto"],
        ["language:captions"],
    ]
    person.sends_callback(offer, "language:de")
    await bench.server.until(lambda: bench.server.made("editMessageText"))
    (alert,) = alerts(bench)
    assert str(alert).startswith("[de] " + say("language-chosen"))
    assert "reply_markup" not in bench.server.world.messages[person.chat_id, offer["message_id"]]
    assert await told(bench, person, "/start") == "[de] " + say("start", **USUAL)


@pytest.mark.usefixtures("german")
async def test_language_that_telegram_says(bench: Bench) -> None:
    person = bench.server.person()
    person.user["language_code"] = "de-AT"
    assert await told(bench, person, "/start") == "[de] " + say("start", **USUAL)


async def test_language_that_is_not_spoken(bench: Bench) -> None:
    person = bench.server.person()
    assert await told(bench, person, "/language tlh") == f"{ENGLISH}\n{say('language-unknown')}"
    assert bench.server.made()[0].params["reply_markup"]
    person.sends_callback(bench.server.made()[0].result, "language:tlh")
    await bench.server.until(lambda: alerts(bench))
    assert alerts(bench) == [None]


def test_languages_have_names() -> None:
    names = [say("language-name", lang) for lang in languages()]
    assert len(set(names)) == len(names)


async def test_alt_text_to_copy(bench: Bench) -> None:
    person = bench.server.person()
    expected = alt_text(good_answer_captions(), 0.8)
    person.sends_photo(photo(), caption="/alt")
    params = await next_answer(bench, person)
    assert params["text"] == expected
    ((button,),) = params["reply_markup"]["inline_keyboard"]
    assert button["copy_text"] == {"text": expected}
    member = bench.server.member(bench.server.group())
    member.says("/alt", reply_to=member.sends_photo(photo()))
    assert (await next_answer(bench, member))["text"] == expected
    assert await told(bench, person, "/alt") == say("nothing-to-caption", command="/alt")


async def test_alt_texts_of_an_album(bench: Bench) -> None:
    person = bench.server.person()
    person.sends_album([photo(seed=1), photo(seed=2)], caption="/alt")
    expected = alt_text(good_answer_captions(), 0.8)
    assert (await next_answer(bench, person))["text"] == f"{expected}\n{expected}"


def good_answer_captions() -> Any:
    job = CaptionJob(adapter="telegram", photo=b"", dedupe="", person="")
    return replace(good_answer(job)).captions[0]


async def test_privacy_and_delete(bench: Bench) -> None:
    person = bench.server.person()
    assert await told(bench, person, "/privacy") == say("privacy", delete="/delete", **USUAL)
    await told(bench, person, "/voice off")
    await told(bench, person, "/language en")
    assert not is_empty(bench.store)
    assert await told(bench, person, "/delete") == say("deleted")
    assert is_empty(bench.store)


async def test_delete_in_a_group_is_for_what_one_may_decide(bench: Bench) -> None:
    group = bench.server.group()
    member, admin = bench.server.member(group), bench.server.member(group)
    bench.server.make_admin(group, admin.user["id"])
    await told(bench, admin, "/auto on")
    assert await told(bench, member, "/delete@loopback_caption_bot") == say("deleted")
    assert not is_empty(bench.store)
    assert await told(bench, admin, "/delete@loopback_caption_bot") == say("deleted-group")
    assert is_empty(bench.store)


async def test_stats_are_counts_for_owners(idle: Bench) -> None:
    owner, other = idle.server.person(), idle.server.person()
    await idle.start(access=access_control(owners=f"telegram:{owner.chat_id}"))
    assert await told(idle, owner, "/stats") == say("stats") + "\n–"
    await captioned(idle, other)
    other.sends_file(b"no picture")
    await idle.server.until(lambda: len(idle.server.made(chat_id=other.chat_id)) == 2)
    await idle.settled()
    *counted, waits = (await told(idle, owner, "/stats")).splitlines()
    assert counted == [
        say("stats"),
        "telegram.caption: 1",
        "telegram.refused.not_an_image: 1",
        "telegram errors: 0",
    ]
    assert re.fullmatch(r"telegram seconds: 50 % ≤ \d+, 95 % ≤ \d+", waits)
    assert await told(idle, other, "/stats") == say("owners-only")
    member = idle.server.member(idle.server.group())
    member.says("/stats@loopback_caption_bot")
    await rest(idle)
    assert not idle.server.made(chat_id=member.chat_id)


async def test_without_the_store_commands_say_so(idle: Bench, gone_store: Store) -> None:
    idle.store = gone_store
    person = idle.server.person()
    await idle.start(access=access_control(owners=f"telegram:{person.chat_id}"))
    for command in ("/voice off", "/language en", "/delete", "/stats"):
        assert await told(idle, person, command) == say("choices-unavailable")
    _, answer = await captioned(idle, person)
    assert answer["text"] == CAPTION


async def test_uncertain_caption_is_introduced(bench: Bench) -> None:
    def unsure(job: CaptionJob) -> CaptionReply:
        return replace(good_answer(job), confidence=0.2)

    bench.script.reply = unsure
    _, answer = await captioned(bench, bench.server.person())
    assert answer["text"] == say("unsure", caption=CAPTION)
