"""What a message asks for, and about which picture, on a platform that does not exist."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.chat.access_control import AccessControl
from bot.chat.capabilities import WorkerCapabilities
from bot.chat.commands import Asker
from bot.chat.conversation import Conversation
from bot.chat.dialogue import ASK, MENTION, Above, Asking, Dialogue, Incoming
from bot.chat.media import Source
from bot.chat.messenger import Messenger
from bot.chat.models import Place, Reply
from bot.chat.rendering import Style
from bot.chat.service import CaptionService
from bot.locales import say
from bot.settings import Settings
from bot.store import MemoryStore
from captioner.capabilities import UNDECLARED
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import CaptionJob
from tests.bot.chat.helpers import Attached
from tests.support.intake import SharedIntake
from tests.support.photos import photo

BLOCKED = AccessControl(Settings(_env_file=None, CAPTIONBOT_BLOCK="telegram:13"))  # type: ignore[call-arg, arg-type]  # by alias


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of this platform."""

    seed: int


OWN, OTHER = Picture(1), Picture(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot(Place):
    """Where an answer goes."""

    shown: int | str = 0


class Said(Messenger[Spot]):
    """Remembers what is said."""

    place, style, every = Spot, Style(str), 60.0

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    async def send(self, place: Spot, reply: Reply, *, key: str) -> bool:
        raise NotImplementedError

    async def say(self, place: Spot, text: str, *, key: str) -> None:  # noqa: ARG002 - as in Messenger
        self.texts.append(text)

    def key(self, place: Spot) -> str:
        return f"{place.shown}:{place.wish}"

    def spot(self, place: Spot) -> int | str:
        return place.shown

    async def show(self, place: Spot) -> bool:  # noqa: ARG002 - as in Messenger
        return False


class Chat(Dialogue[Spot, None]):
    """A dialogue in which every message replies to the same."""

    picture = Picture
    messenger: Said

    def __init__(self, conversation: Conversation[Spot], queue: MemoryQueue) -> None:
        super().__init__(conversation, Said(), settle=0.01)
        self.queue = queue
        self.replied_to: Above | None = None

    def file(self, picture: Any, *, pressed: bool) -> Source:  # noqa: ARG002 - as in Dialogue
        return Attached(photo(seed=picture.seed))

    async def above(self, message: Any, *, asks: bool) -> Above | None:  # noqa: ARG002 - as in Dialogue
        return self.replied_to

    async def spot(self, message: Incoming[Spot, None], asking: Asking) -> Spot:
        return replace(message.place, shown=asking.shown)

    async def asker(self, message: Any) -> Asker:
        return Asker(person=message.place.person, chat=message.chat)

    async def jobs(self) -> list[CaptionJob]:
        """What was asked of the workers since."""
        if not await self.queue.depth():
            return []
        return [claim.job for claim in await self.queue.take("worker", max_batch=9)]

    async def hears(self, *, person: int = 1, **what: Any) -> list[str]:
        """What is said to a message in a group, or in private where `chat` is None."""
        self.messenger.texts.clear()
        place = Spot(person=person, lang="en")
        said: dict[str, Any] = {"source": None, "place": place, "id": 7, "room": 5, "here": 5}
        await self.answer(Incoming(**(said | {"chat": 5} | what)))
        return list(self.messenger.texts)


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    async with MemoryQueue(Limits()) as queue, SharedIntake() as intake:
        store = MemoryStore()
        service = CaptionService(queue, intake, adapter="telegram", store=store)
        made = Chat(Conversation[Spot](service, store=store, access=BLOCKED), queue)
        yield made
        await made.close()
        await made.conversation.notices.close()


async def questions(chat: Chat, *, answered: bool) -> None:
    """A worker that answers questions, or that does not."""
    declared = replace(UNDECLARED, questions=answered)
    await chat.queue.announce("worker", ready=True, capabilities=declared)
    chat.conversation.service.capabilities = WorkerCapabilities(chat.queue)


async def test_in_private_every_photo_is_captioned_and_in_company_one_that_is_asked_for(
    chat: Chat,
) -> None:
    assert await chat.hears(pictures=[OWN], chat=None) == []
    assert len(await chat.jobs()) == 1
    assert await chat.hears(pictures=[OWN], id=8) == []
    assert await chat.jobs() == []
    assert await chat.hears(pictures=[OWN], id=9, wish=MENTION) == []
    (job,) = await chat.jobs()
    assert job.dedupe == "telegram:5:9:caption"


async def test_ordinary_photos_are_captioned_where_all_are(chat: Chat) -> None:
    await chat.conversation.preferences.choose_for_chat(5, auto=True)
    await chat.hears(pictures=[OWN], channels=(5,))
    assert await chat.jobs() == []
    await chat.hears(pictures=[OWN], channels=(5,), ordinary=True)
    (job,) = await chat.jobs()
    assert job.context["unasked"] is True


async def test_own_picture_is_meant_before_the_one_replied_to(chat: Chat) -> None:
    chat.replied_to = Above(pictures=[OTHER], shown=3)
    await chat.hears(pictures=[OWN], wish="alt")
    (job,) = await chat.jobs()
    assert job.context["shown"] == 7
    await chat.hears(id=8, wish="alt")
    (job,) = await chat.jobs()
    assert job.context["shown"] == 3
    assert job.dedupe == "telegram:5:8:alt"


async def test_several_pictures_of_one_message_are_captioned_together(chat: Chat) -> None:
    await chat.hears(pictures=[OWN, OTHER], id="a-letter", wish="caption")
    await chat.hears(pictures=[OWN, None], id="b-letter", wish="alt")
    both, one = await chat.jobs()
    assert (len(both.photos), both.dedupe) == (2, "telegram:5:a-letter:caption")
    assert (len(one.photos), one.dedupe) == (1, "telegram:5:b-letter:alt")


async def test_album_on_a_platform_whose_messages_have_no_numbers(chat: Chat) -> None:
    await chat.hears(album="5:a", pictures=[OWN], id="x1", wish="alt")
    await chat.hears(album="5:a", pictures=[OTHER], id="x2")
    assert [job.dedupe for job in await chat.jobs()] == ["telegram:5:x1:alt", "telegram:5:x2:alt"]
    await chat.hears(album="5:b", pictures=[OWN], id="y1")
    await chat.hears(album="5:b", pictures=[OTHER], id="y2", edited=True, wish="caption")
    (job,) = await chat.jobs()
    assert len(job.photos) == 2


async def test_nothing_to_caption_is_said_to_who_asked(chat: Chat) -> None:
    nothing = say("nothing-to-caption", command="/caption")
    assert await chat.hears(wish="caption", command="caption") == [nothing]
    chat.replied_to = Above(why_not="a song")
    assert await chat.hears(wish="caption", command="caption") == ["a song"]
    assert await chat.hears(wish=MENTION) == []
    assert await chat.hears(told=True, chat=None) == [say("not-a-photo")]


async def test_reply_to_an_answer_is_a_question_where_a_model_answers_any(chat: Chat) -> None:
    chat.replied_to = Above(pictures=[OTHER], shown=3, ours=True)
    await questions(chat, answered=False)
    assert await chat.hears(words="what colour is it?") == []
    assert await chat.jobs() == []
    await questions(chat, answered=True)
    assert await chat.hears(words="what colour is it?") == []
    (job,) = await chat.jobs()
    assert job.question == "what colour is it?"
    assert await chat.hears(id=8, words="👍") == []
    chat.replied_to = Above(ours=True, gone=True)
    assert await chat.hears(id=9, words="and now?") == [say("photo-expired")]
    assert await chat.jobs() == []


async def test_command_of_others_bots_is_passed_over_where_no_question_is_answered(
    chat: Chat,
) -> None:
    await questions(chat, answered=False)
    ask: dict[str, Any] = {"wish": ASK, "command": ASK, "argument": "who is it?"}
    assert await chat.hears(**ask) == []
    assert await chat.hears(**ask, pictures=[OWN]) == [say("not_offered")]
    assert await chat.hears(**ask, aloud=True) == [say("not_offered")]
    await questions(chat, answered=True)
    assert await chat.hears(**(ask | {"argument": ""})) == [say("ask-how", command="/ask")]


async def test_who_may_not_use_the_bot_is_told_in_private_alone(chat: Chat) -> None:
    assert await chat.hears(person=13, pictures=[OWN], wish="caption") == []
    assert await chat.hears(person=13, pictures=[OWN], chat=None) == [say("blocked")]
    assert await chat.jobs() == []
    (told,) = await chat.hears(person=13, command="delete", chat=None)
    assert told == say("deleted")


async def test_late_photos_of_an_album_share_its_wish_and_not_its_question(chat: Chat) -> None:
    await questions(chat, answered=True)
    await chat.hears(album="5:a", pictures=[OWN], wish="alt")
    await chat.hears(album="5:a", pictures=[OTHER], id=8)
    assert [job.dedupe for job in await chat.jobs()] == ["telegram:5:7:alt", "telegram:5:8:alt"]
    await chat.hears(album="5:b", pictures=[OWN], id=9, wish=ASK, argument="who?")
    await chat.hears(album="5:b", pictures=[OTHER], id=10)
    assert [job.question for job in await chat.jobs()] == ["who?"]
