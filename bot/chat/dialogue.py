"""Messages → answers: which of them are commands, questions or photos, and what others are told.

A platform turns what somebody wrote into an `Incoming`. Its `Dialogue` knows how to find what that
replies to, and how to fetch a picture; all else is decided here.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar

from bot.chat.access_control import Id
from bot.chat.albums import SETTLE, Albums, Item, in_order, items_in, known
from bot.chat.commands import Asker, Commands
from bot.chat.conversation import Conversation
from bot.chat.media import Source, check_any
from bot.chat.messenger import Messenger, P
from bot.chat.models import Action
from bot.chat.owner_commands import OwnerCommand
from bot.chat.pending import Question
from bot.chat.refusals import Refusal, RefusalCode
from bot.locales import of_platform, say
from captioner.queue.messages import MAX_PHOTOS

log = logging.getLogger(__name__)

ASK = "ask"  # the command that asks a question
MENTION = "mention"  # what asks for a caption, if there is a picture
# Also for those who may not use the bot: what is kept of them is theirs.
FOR_EVERYBODY = frozenset(("privacy", "delete"))
FOR_OWNERS = frozenset(("stats", *OwnerCommand))

M = TypeVar("M")  # a platform's message


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming(Generic[P, M]):
    """What somebody wrote, as far as a conversation needs to know it."""

    source: M  # as the platform has it
    place: P  # of a reply to it; its person wrote it, and reads its language
    id: Id  # of the message in its room
    room: Id = ""  # "" where ids of messages are those of all rooms
    here: Id | None  # where it was written, as lists of who may use the bot have it
    chat: Id | None  # likewise, as limits have it; None where it is the person's own
    command: str = ""  # that it begins with
    argument: str = ""
    wish: str = ""  # the name of an action, MENTION, or "" where nothing is asked for
    words: str = ""  # what may be a question where it replies to an answer of ours
    pictures: Sequence[Any] = ()  # that it shows; None among them is what we do not look at
    album: str = ""  # that it belongs to, of all albums
    edited: bool = False
    aloud: bool = False  # whether it is meant for this bot and no other
    told: bool = False  # whether somebody expects an answer, whatever it says
    quotes: bool = False  # whether it shows a message of another chat, to be looked at
    ordinary: bool = False  # whether its pictures are such as are captioned where all are
    channels: tuple[Id, ...] = ()  # where all may be captioned

    @property
    def key(self) -> str:
        """The message, of all messages."""
        return f"{self.room}:{self.id}" if self.room else str(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """What a message replies to."""

    pictures: Sequence[Any] = ()  # that it shows; of an answer of ours, those that it is about
    shown: Id | None = None  # the message that an answer about them replies to
    album: bool = False  # whether there are more that they belong to
    ours: bool = False  # whether it is an answer of ours
    gone: bool = False  # whether it was about a picture that is not known any more
    why_not: str = ""  # a sentence on why it cannot be captioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How something is asked about pictures."""

    shown: Id  # the message that an answer replies to: its buttons look there
    message: Id  # that says what is asked, once
    question: str = ""
    unasked: bool = False  # nobody asked: all photos are captioned there
    album: bool = False  # whether there are more that they belong to
    press: str = ""  # of a button, which works again when its first answer failed or was deleted
    asked: str = ""  # what nobody is answered twice
    pictures: Sequence[Any] = ()  # that are meant


class Dialogue(ABC, Generic[P, M]):
    """What is answered on a platform; each call returns when the work is queued."""

    picture: ClassVar[type[Any]]  # that messages show, a dataclass of what JSON can say
    actions: ClassVar[Mapping[str, Action]] = MappingProxyType(
        {"caption": Action.CAPTION, "alt": Action.ALT, ASK: Action.QUESTION}
    )
    syntax: ClassVar[str] = "/"  # before the name of a command
    moments: ClassVar[int] = MAX_PHOTOS  # of a video

    def __init__(
        self,
        conversation: Conversation[P],
        messenger: Messenger[P],
        *,
        settle: float = SETTLE,
    ) -> None:
        """For `settle` see Albums."""
        self.conversation, self.messenger = conversation, messenger
        self.commands = Commands(conversation, owners_type=self.syntax)
        self._albums = Albums(conversation.notes, self._collected, settle=settle)

    async def close(self) -> None:
        """Give up albums that are not complete."""
        await self._albums.close()

    # --- what a platform knows

    @abstractmethod
    def file(self, picture: Any, *, pressed: bool) -> Source:  # noqa: ANN401 - of `self.picture`
        """A picture as an attachment; `pressed`: a button asks for it, maybe much later."""

    @abstractmethod
    async def above(self, message: Incoming[P, M], *, asks: bool) -> Above | None:
        """What a message replies to; `asks`: the message is a question about the photo there."""

    @abstractmethod
    async def spot(self, message: Incoming[P, M], asking: Asking) -> P:
        """Where an answer about pictures goes."""

    async def asker(self, message: Incoming[P, M]) -> Asker:
        """Who uses a command."""
        return Asker(person=message.place.person, locale=message.place.lang, chat=message.chat)

    async def why_not(self, message: Incoming[P, M]) -> str:
        """A sentence on why a message without a picture cannot be captioned."""
        return say("not-a-photo", await self.lang(message))

    async def left(self, chat: Id) -> None:
        """The bot is in a chat no more: what was chosen there is forgotten."""
        try:
            await self.conversation.preferences.forget_chat(chat)
        except Refusal:
            platform = self.conversation.service.platform
            log.info("%s: what a chat chose is kept until it expires", platform)

    async def moved(self, old: Id, new: Id) -> None:
        """A chat has a new id: its choices and what owners decided about it go along."""
        try:
            await self.conversation.move_chat(old, new)
        except Refusal:
            log.info("what was chosen for a chat could not follow it to its new id")

    # --- sentences

    async def lang(self, message: Incoming[P, M]) -> str | None:
        """What the author of a message reads."""
        place = message.place
        return await self.conversation.preferences.language(place.person, place.lang)

    async def say(self, message: Incoming[P, M], text_id: str, **args: str | int) -> None:
        """Reply to a message with one of our sentences, in the platform's own words."""
        own = of_platform(text_id, self.conversation.service.platform)
        await self._reply(message, say(own, await self.lang(message), **args))

    async def admits(self, message: Incoming[P, M]) -> bool:
        """Whether a message may be answered; who may not ask is told so once a day, in private."""
        person = message.place.person
        why = await self.conversation.turned_away(person, message.here)
        if why and message.chat is None:
            text = say(why, await self.lang(message))
            await self.messenger.say(message.place, text, key=f"{why}:{person}")
        return not why

    async def _reply(self, message: Incoming[P, M], text: str) -> None:
        await self.messenger.say(message.place, text, key=message.key)

    # --- messages

    async def answer(self, message: Incoming[P, M]) -> None:
        """Do what a message asks for, if it asks for something."""
        if message.command in self.commands.names:
            await self._command(message)
            return
        wish, question = message.wish, ""
        if wish == ASK:
            question = await self._question(message)
            if not question and not message.album:
                return
            wish = wish if question else ""  # what remains is an album without a question
        if not any(message.pictures) and wish in ("", MENTION) and await self.replied(message):
            return
        items = [
            Item(message=message.id, picture=one, wish=wish, question=question)
            for one in message.pictures[:MAX_PHOTOS] or (None,)
        ]
        if not message.album:
            await self.deal_with(message, items)
        elif not message.edited:
            for item in items:
                await self._albums.add(message.album, message, item.note())
        else:
            others = [one for one in await self.known(message.album) if one.message != message.id]
            await self.deal_with(message, in_order([*others, *items]))

    async def known(self, album: str) -> list[Item]:
        """The items of an album, as far as they were seen lately."""
        return items_in(await known(self.conversation.notes, album), self.picture)

    async def _collected(self, message: Incoming[P, M], notes: Sequence[str]) -> None:
        items = items_in(notes, self.picture)
        wish = next((item.wish for item in items if item.wish), "")
        wish = await self._albums.wish(message.album, wish)
        if wish == ASK and not any(item.question for item in items):
            return  # photos that came late to an album: the question is about the first one
        await self.deal_with(message, [replace(items[0], wish=wish), *items[1:]])

    async def deal_with(self, message: Incoming[P, M], items: Sequence[Item]) -> None:
        """Answer what came in one message, or in several that belong together."""
        wish = next((item.wish for item in items if item.wish), "")
        asks = next((item for item in items if item.question), None)
        pictures = [item.picture for item in items]
        if not any(pictures):
            await self._elsewhere(message, wish, asks.question if asks else "")
            return
        unasked = not wish and message.chat is not None
        if unasked and not await self.captions_all(message):
            return
        first, question = items[0].message, ""
        if asks:
            first, question, wish = asks.message, asks.question, ASK
        asking = Asking(shown=first, message=first, question=question, unasked=unasked)
        action = self.actions.get(wish, Action.CAPTION)
        await self.ask(message, action, pictures, asking)

    async def captions_all(self, message: Incoming[P, M]) -> bool:
        """Whether a message is in a chat where every photo is captioned, and has one."""
        answers_all = self.conversation.preferences.answers_all
        return message.ordinary and await answers_all(*message.channels)

    async def _elsewhere(self, message: Incoming[P, M], wish: str, question: str) -> None:
        """Answer about what a message replies to, or say that there is nothing to caption."""
        meant = wish or message.quotes
        above = await self.above(message, asks=bool(question)) if meant else None
        if above is not None and await self._about(message, above, wish, question):
            return
        told = wish in self.actions
        if not (told or message.told) or not await self.admits(message):
            return
        if told and above is not None and above.why_not:
            await self._reply(message, above.why_not)
        elif told:
            await self.say(message, "nothing-to-caption", command=f"{self.syntax}{wish}")
        else:
            await self._reply(message, await self.why_not(message))

    # --- questions

    async def _question(self, message: Incoming[P, M]) -> str:
        """What a message asks; "" where that cannot be asked, and its author was told why."""
        try:
            return await self.conversation.question(message.argument)
        except Refusal as refused:
            if not await self._is_for_us(message, refused) or not await self.admits(message):
                pass
            elif refused.code is RefusalCode.QUESTION_EMPTY:
                await self.say(message, "ask-how", command=f"{self.syntax}{ASK}")
            else:
                await self._reply(message, refused.text(await self.lang(message)))
            return ""

    async def _is_for_us(self, message: Incoming[P, M], refused: Refusal) -> bool:
        """Whether somebody is told that no question is answered here.

        In company other bots may have a command of that name, so only where a picture is meant,
        too.
        """
        if refused.code is not RefusalCode.NOT_OFFERED or message.aloud or message.pictures:
            return True
        above = await self.above(message, asks=True)
        return above is not None and bool(above.pictures or above.ours)

    async def replied(self, message: Incoming[P, M]) -> bool:
        """Take a reply in plain words to an answer of ours as a question; False where it is none.

        Nobody says then that no question is answered here.
        """
        if not any(map(str.isalnum, message.words)):  # such as a thumb
            return False
        if not (await self.conversation.service.capabilities.current()).questions:
            return False
        above = await self.above(message, asks=True)
        if above is None or not above.ours:
            return False
        try:
            question = await self.conversation.question(message.words)
        except Refusal as refused:
            if not above.pictures:
                return False
            if await self.admits(message):
                await self._reply(message, refused.text(await self.lang(message)))
            return True
        return await self._about(message, above, ASK, question)

    async def _about(self, message: Incoming[P, M], above: Above, wish: str, question: str) -> bool:
        """Answer about what a message replies to; False where there is nothing to answer."""
        if above.gone:
            if await self.admits(message):
                await self.say(message, "photo-expired")
            return True
        if not above.pictures:
            return False
        shown = message.id if above.shown is None else above.shown
        asking = Asking(shown=shown, message=message.id, question=question, album=above.album)
        action = self.actions.get(wish, Action.CAPTION)
        await self.ask(message, action, above.pictures, asking)
        return True

    # --- asking

    async def _command(self, message: Incoming[P, M]) -> None:
        name, person = message.command, message.place.person
        if name not in FOR_EVERYBODY and not await self.admits(message):
            return
        company = message.chat is not None
        if name in FOR_OWNERS and company and not self.conversation.is_owner(person):
            return  # in company nobody is told that they are no owner
        reply = await self.commands.run(name, await self.asker(message), message.argument)
        place = replace(message.place, lang=reply.lang)
        await self.messenger.answer_command(place, reply, key=message.key)

    async def ask(
        self,
        message: Incoming[P, M],
        action: Action,
        pictures: Sequence[Any],
        asking: Asking,
    ) -> None:
        """Ask about pictures, if who asks may; None among them is what we do not look at."""
        if not await self.admits(message):
            return
        room = (self.conversation.service.platform, message.room, asking.message, action)
        asked = ":".join(filter(None, map(str, room)))
        place = await self.spot(message, replace(asking, asked=asked, pictures=pictures))
        await self.conversation.ask(
            self.messenger,
            replace(place, wish=action, question=asking.question, unasked=asking.unasked),
            [
                Refusal(RefusalCode.UNSUPPORTED, kind="video")
                if one is None
                else self.file(one, pressed=bool(asking.press))
                for one in pictures
            ],
            dedupe=f"{asked}:{asking.press}" if asking.press else asked,
            chat=message.chat,
            moments=self.moments,
        )

    async def check(self, pictures: Sequence[Any]) -> None:
        """Raises Refusal where none of some pictures can be looked at, as far as that shows."""
        try:
            check_any([self.file(one, pressed=False) for one in pictures])
        except Refusal as refused:
            await self.conversation.preferences.count(f"refused.{refused.code}")
            raise

    async def ask_about(self, place: P, question: Question) -> None:
        """Ask about pictures that a command or a button names."""
        if not question.found:
            place, gone = await self.conversation.chosen(place), Refusal(RefusalCode.PHOTO_EXPIRED)
            await self.messenger.refuse(place, gone, key=str(question.id))
            return
        await self.conversation.ask(
            self.messenger,
            place,
            [self.file(one, pressed=True) for one in question.found[:MAX_PHOTOS]],
            dedupe=f"{self.conversation.service.platform}:{question.id}:{place.wish}",
            chat=question.chat or None,
            moment=question.moment,
        )
