"""Which language captions are in, and what is said where it is another than somebody's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.chat.conversation import Conversation
from bot.chat.models import Action, Place
from bot.chat.service import CaptionService
from bot.locales import say
from bot.media.sanitizer import Intake
from bot.store.memory import MemoryStore
from captioner.queue.messages import Answer, Failure
from tests.bot.chat.helpers import CLEAN, KEY, ShakyQueue, clean, request, worked
from tests.support.jobs import make_job, make_reply
from tests.support.scripted_worker import speaks

PLACE = Place(person=7, lang="it", captions="it")
TOLD = say("captions-not-in", "it", wanted="italiano", used="inglese", languages="inglese, tedesco")


@pytest.fixture
async def conversation(queue: ShakyQueue, service: CaptionService) -> Conversation[Place]:
    await queue.announce("worker", ready=True, capabilities=speaks("en", "de"))
    return Conversation[Place](service, store=MemoryStore())


async def remark(conversation: Conversation[Place], place: Place = PLACE, **reply: Any) -> str:
    answer = make_reply(make_job(), **({"language": "en"} | reply))
    return await conversation.caption_languages.remark(answer, place)


async def test_it_is_said_once_to_a_person(conversation: Conversation[Place]) -> None:
    assert await remark(conversation) == TOLD
    assert await remark(conversation) == ""
    assert await remark(conversation, replace(PLACE, person=8)) == TOLD
    other = replace(PLACE, captions="fr")
    assert "francese" in await remark(conversation, other), "another language, and so once more"


async def test_a_worker_that_names_no_language_writes_english(
    conversation: Conversation[Place],
) -> None:
    assert await remark(conversation, language=None) == TOLD


async def test_an_album_whose_first_photo_failed_has_captions_too(
    conversation: Conversation[Place],
) -> None:
    found = make_reply(make_job()).answers[0]
    lost = Answer(failure=Failure.BAD_PHOTO)
    mixed: dict[str, Any] = {"captions": (), "failure": Failure.BAD_PHOTO, "more": (found, lost)}
    assert await remark(conversation, **(mixed | {"more": (lost,)})) == ""
    assert await remark(conversation, **mixed) == TOLD
    assert await remark(conversation, **mixed) == ""


@pytest.mark.parametrize(
    ("place", "reply"),
    [
        (PLACE, {"language": "it"}),
        (replace(PLACE, captions="it-CH"), {"language": "it"}),
        (replace(PLACE, captions="en-GB"), {}),
        (replace(PLACE, captions=""), {}),
        (replace(PLACE, wish=Action.OTHERS), {}),
        (replace(PLACE, unasked=True), {}),
        (replace(PLACE, person=0), {}),
        (PLACE, {"captions": (), "failure": Failure.INTERNAL}),
    ],
)
async def test_nothing_is_said_where_nothing_is_missing_or_nobody_asked(
    conversation: Conversation[Place], place: Place, reply: dict[str, Any]
) -> None:
    assert await remark(conversation, place, **reply) == ""


async def test_whoever_has_their_settings_deleted_is_told_again(
    conversation: Conversation[Place],
) -> None:
    await remark(conversation)
    chosen = await conversation.preferences.of_person(7)
    assert chosen.told == "it"
    await conversation.preferences.forget_person(7)
    assert (await conversation.preferences.of_person(7)).told is None


async def test_what_somebody_wants(conversation: Conversation[Place]) -> None:
    async def wanted(lang: str | None) -> str:
        return (await conversation.chosen(Place(person=7, lang=lang))).captions

    assert [await wanted("de"), await wanted(None), await wanted("pt-BR")] == ["de", "en", "pt-BR"]
    await conversation.preferences.choose(7, language="fr")
    assert await wanted("de") == "fr", "captions follow the language that the bot speaks"
    await conversation.preferences.choose(7, captions="zh")
    assert await wanted("de") == "zh"
    conversation.service.caption_language = "en"
    assert await wanted("de") == "en"


async def test_a_job_asks_for_what_there_is(queue: ShakyQueue, service: CaptionService) -> None:
    await queue.announce("worker", ready=True, capabilities=speaks("en", "de"))
    asked = []
    for number, wanted in enumerate(("de-AT", "it", None, "\udce4")):
        await service.ask(request(f"{number}", photo=clean(number), language=wanted))
        asked.append((await worked(queue)).language)
    assert asked == ["de", "en", "en", "en"]


async def test_the_operators_language_is_everybodys(queue: ShakyQueue, intake: Intake) -> None:
    service = CaptionService(queue, intake, adapter="telegram", hash_key=KEY, caption_language="de")
    await service.ask(request(photo=CLEAN, language="fr"))
    assert (await worked(queue)).language == "de"
