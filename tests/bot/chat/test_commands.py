"""Commands as every platform has them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from bot.adapters.registry import BY_NAME
from bot.chat.access_control import AccessControl
from bot.chat.capabilities import WorkerCapabilities
from bot.chat.commands import Asker, Commands, known_language, with_sign
from bot.chat.conversation import Conversation
from bot.chat.models import Place
from bot.chat.service import CaptionService
from bot.locales import languages, of_platform, say
from bot.settings import Settings
from bot.store import MemoryStore
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from tests.support.facts import UNHEARD, USUAL
from tests.support.intake import SharedIntake
from tests.support.scripted_worker import speaks

OWNER = AccessControl(Settings(_env_file=None, CAPTIONBOT_OWNERS="telegram:1"))  # type: ignore[call-arg, arg-type]  # by alias


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager(Asker):
    """Somebody who may decide for a chat in which the bot may lack something."""

    blind: str = ""
    remark: str | None = None

    async def decides(self) -> bool:
        return True

    async def cannot_see(self) -> str:
        return self.blind

    async def auto_is_on(self, lang: str | None) -> str | None:  # noqa: ARG002 - as the base has it
        return self.remark


@pytest.fixture
async def conversation() -> AsyncIterator[Conversation[Place]]:
    async with MemoryQueue(Limits()) as queue, SharedIntake() as intake:
        store = MemoryStore()
        service = CaptionService(queue, intake, adapter="telegram", store=store)
        yield Conversation[Place](service, store=store, access=OWNER)


async def speaking(conversation: Conversation[Place], *codes: str) -> None:
    """A worker writes captions in these languages."""
    queue = conversation.service._queue
    await queue.announce("worker", ready=True, capabilities=speaks(*codes))
    conversation.service.capabilities = WorkerCapabilities(queue)


async def said(conversation: Conversation[Place], name: str, asker: Asker, text: str = "") -> str:
    return (await Commands(conversation).run(name, asker, text)).whole


async def test_auto_is_for_those_who_decide(conversation: Conversation[Place]) -> None:
    preferences = conversation.preferences
    for asker, expected in (
        (Asker(person=1), "auto-in-groups"),
        (Asker(person=1, chat=5), "auto-not-allowed"),
        (Manager(person=1, chat=5, blind="auto-needs-intent"), "auto-needs-intent"),
    ):
        assert await said(conversation, "auto", asker, "on") == say(expected)
        assert not await preferences.answers_all(5)
    manager = Manager(person=1, chat=5)
    assert await said(conversation, "auto", manager) == say("auto-how")
    assert await said(conversation, "auto", manager, " ON ") == say("auto-on")
    assert await preferences.answers_all(5)
    assert await said(conversation, "auto", manager, "off") == say("auto-off")
    assert not await preferences.answers_all(5)
    half = Manager(person=1, chat=5, remark="Grant me something.")
    assert await said(conversation, "auto", half, "on") == "Grant me something."
    assert await preferences.answers_all(5)


async def test_language_is_spoken_from_its_choice_on(conversation: Conversation[Place]) -> None:
    commands, asker = Commands(conversation), Asker(person=7, locale="fr-CA")
    await speaking(conversation, "en", "fr", "de")
    offer = await commands.run("language", asker)
    now = say("language-now", "fr", bot="français", captions="français")
    assert (offer.text, offer.ask) == (now, say("language-ask", "fr"))
    arguments = [choice.argument for choice in offer.choices]
    assert arguments == [*languages(), "auto", "captions"]
    elsewhere = await commands.run("language", Asker(person=8))  # nobody says what they read
    assert [one.argument for one in elsewhere.choices] == [*languages(), "captions"]
    unknown = await commands.run("language", asker, "klingon")
    assert (unknown.ask, unknown.choices) == (say("language-unknown", "fr"), offer.choices)
    chosen = await commands.run("language", asker, say("language-name", "de").upper())
    now = say("language-now", "de", bot="Deutsch", captions="Deutsch")
    assert (chosen.whole, chosen.lang) == (f"{say('language-chosen', 'de')}\n{now}", "de")
    assert await said(conversation, "help", asker) == say("help", "de", **USUAL)
    back = await said(conversation, "language", asker, "auto")
    assert back.startswith(say("language-chosen", "fr"))
    assert await said(conversation, "help", asker) == say("help", "fr", **USUAL)


async def test_captions_may_be_in_another_language(conversation: Conversation[Place]) -> None:
    commands, asker = Commands(conversation), Asker(person=7, locale="de")
    await speaking(conversation, "en", "de", "zh")
    offer = await commands.run("language", asker, "captions")
    assert offer.ask == say("captions-ask", "de")
    assert [(one.label, one.argument) for one in offer.choices] == [
        ("English", "captions en"),
        ("Deutsch", "captions de"),
        ("简体中文", "captions zh"),
        (say("captions-auto", "de"), "captions auto"),
    ]
    for argument, captions in (
        ("captions English", "Englisch"),
        ("Captions zh-TW", "Chinesisch"),
        ("captions auto", "Deutsch"),
    ):
        now = say("language-now", "de", bot="Deutsch", captions=captions)
        assert await said(conversation, "language", asker, argument) == now
    both = await said(conversation, "language", asker, "en captions de")
    assert both == say("language-now", "en", bot="English", captions="German")
    unknown = await commands.run("language", asker, "captions it")
    assert unknown.ask == say("captions-unknown", languages="English, German, Chinese")
    assert both in unknown.text, "nothing was changed"


async def test_a_language_without_captions_is_told_with_its_choice(
    conversation: Conversation[Place],
) -> None:
    await speaking(conversation, "en", "de")
    text = await said(conversation, "language", Asker(person=7), "it")
    assert text.splitlines() == [
        say("language-chosen", "it"),
        say("language-now", "it", bot="italiano", captions="inglese"),
        say(
            "captions-not-in",
            "it",
            wanted="italiano",
            used="inglese",
            languages="inglese, tedesco",
        ),
    ]
    assert (await conversation.preferences.of_person(7)).told == "it"


async def test_captions_that_the_operator_decides_about(
    conversation: Conversation[Place],
) -> None:
    await speaking(conversation, "en", "de")
    conversation.service.caption_language = "de"
    for argument in ("captions", "captions en"):
        assert await said(conversation, "language", Asker(person=7), argument) == say(
            "captions-fixed", language="German"
        )
    assert say("language-now", bot="English", captions="German") in await said(
        conversation, "language", Asker(person=7)
    )


async def test_delete_removes_what_one_may_decide(conversation: Conversation[Place]) -> None:
    manager, member = Manager(person=1, chat=5), Asker(person=2, chat=5, locale="es")
    await said(conversation, "auto", manager, "on")
    await said(conversation, "language", member, "de")
    assert await said(conversation, "delete", member) == say("deleted", "de")
    assert await said(conversation, "help", member) == say("help", "es", **UNHEARD)
    assert await conversation.preferences.answers_all(5)
    assert await said(conversation, "delete", manager) == say("deleted-group")
    assert not await conversation.preferences.answers_all(5)


async def test_stats_are_for_owners(conversation: Conversation[Place]) -> None:
    assert await said(conversation, "stats", Asker(person=2)) == say("owners-only")
    assert await said(conversation, "stats", Asker(person=1)) == say("stats") + "\n–"
    await conversation.preferences.count("caption")
    reply = await Commands(conversation).run("stats", Asker(person=1))
    assert reply.table == ("telegram.caption: 1",)


async def test_voice_is_heard_where_it_can_be(
    conversation: Conversation[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    asker, commands = Asker(person=3, locale="it"), Commands(conversation)
    await speaking(conversation, "en")
    reply = await commands.run("voice", asker, "on")
    assert (reply.text, reply.aloud) == (say("voice-on", "it"), say("voice-on"))
    await speaking(conversation, "en", "de")
    await said(conversation, "language", asker, "captions de")
    reply = await commands.run("voice", asker, "on")
    assert (reply.aloud, reply.aloud_language) == (say("voice-on", "de"), "de")
    assert (await conversation.preferences.of_person(3)).voice
    monkeypatch.setattr("bot.chat.speech.PROGRAM", "no-such-program")
    assert await said(conversation, "voice", asker, "off") == say("voice-off", "it")
    assert await said(conversation, "voice", asker, "on") == say("speech-unavailable", "it")
    assert not (await conversation.preferences.of_person(3)).voice


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("platform", sorted(BY_NAME))
async def test_where_photos_go_is_said_truly(
    conversation: Conversation[Place], lang: str, platform: str
) -> None:
    """That it is not known yet, that they go nowhere else, and where elsewhere they go."""
    service, asker = conversation.service, Asker(person=7, locale=lang)
    service.platform = platform
    ways = ("unknown", "none", "api.example")
    for way in ways:
        if way != "unknown":
            there = replace(speaks("en"), sends_photos_to=() if way == "none" else (way,))
            await service._queue.announce("worker", ready=True, capabilities=there)
            service.capabilities = WorkerCapabilities(service._queue)
        for name in ("help", "privacy"):
            told = await said(conversation, name, asker)
            for one in ways:
                assert (say("photo-goes", lang, hosts=one) in told) is (one == way)


@pytest.mark.parametrize("platform", sorted(BY_NAME))
async def test_help_speaks_of_what_the_model_does(
    conversation: Conversation[Place], platform: str
) -> None:
    """Attention, other captions, and the language that stands in for others."""
    service, asker = conversation.service, Asker(person=7)
    service.platform = platform
    plain = replace(speaks("de"), attention=False, alternatives=False)
    await service._queue.announce("worker", ready=True, capabilities=plain)
    facts = {"hosts": "none", "looks": "no", "others": "no", "language": "others"}
    for name in ("help", "start"):
        own = of_platform(name, platform)
        assert await said(conversation, name, asker) == say(own, **facts)
    assert "looked" not in await said(conversation, "help", asker)
    assert "English" not in await said(conversation, "help", asker)
    service.caption_language = "de"
    assert say("captions-fixed", language="German") in await said(conversation, "help", asker)


async def test_other_captions_are_not_spoken_of_where_none_are_asked_for(
    conversation: Conversation[Place],
) -> None:
    await speaking(conversation, "en")
    assert "other captions" in await said(conversation, "help", Asker(person=7))
    conversation.service.n_best = 1
    assert "other captions" not in await said(conversation, "help", Asker(person=7))


async def test_privacy_names_the_command_as_it_is_written(
    conversation: Conversation[Place],
) -> None:
    asker = Asker(person=1, delete="/löschen")
    assert "/löschen" in await said(conversation, "privacy", asker)


@pytest.mark.parametrize("name", ["", "nothing", "klingon", "e"])
def test_what_is_no_language(name: str) -> None:
    assert known_language(name) is None


def test_every_language_is_known_by_its_name() -> None:
    for code in languages():
        assert known_language(f" {say('language-name', code)} ") == code


def test_a_platform_has_words_of_its_own_or_those_of_all() -> None:
    assert of_platform("help", "discord") == "help-discord"
    assert of_platform("help", "telegram") == "help"
    assert of_platform("privacy", "discord") == "privacy"


def test_commands_in_our_texts_have_the_platforms_sign() -> None:
    text = "Send /caption or /help. 1/2 of https://example.org/help and /etc stay."
    expected = "Send !caption or !help. 1/2 of https://example.org/help and /etc stay."
    assert with_sign(text, "!") == expected
