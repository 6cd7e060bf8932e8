"""Messages to Telegram that arrive, or a reason why they never can."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.adapters.telegram.media import seconds_to_wait
from bot.asyncio_utils import GaveUpError, persist
from bot.chat.messenger import ChatMessenger, Remove, Undeliverable
from bot.chat.models import Action, Choice, Media, Place, Reply, bare, cut, pieces
from bot.chat.preferences import PreferenceService
from bot.chat.questions import AnsweredPhotos
from bot.chat.rendering import ALBUM, DELETE, Style, buttons_below
from bot.chat.speech import Speech
from bot.locales import ENGLISH, say
from captioner.queue.messages import Output

log = logging.getLogger(__name__)

T = TypeVar("T")

GIVE_UP_AFTER = 86_400.0  # seconds: an answer a day late helps nobody
_TEXT_LENGTH = 4096  # characters of a message
_UNDER_PICTURE = 1024  # characters
_CAPTION_LENGTH = 2000  # characters of a caption: fewer than rendering keeps, so that a cut shows
_WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramPlace(Place):
    """A chat, and the message there that an answer replies to."""

    lang: str | None = None
    chat: int
    message: int  # 0 where it replies to none
    thread: int | None = None  # topic of a forum
    topic: int | None = None  # of a channel's direct messages: with whom
    channel: bool = False
    album: bool = False  # the photo is one of several, which can be asked about too
    asked: str = ""  # nothing is wanted twice at a time
    picture: str = ""  # what the answer is about, for questions: see `bot.chat.questions`

    @classmethod
    def of_message(cls, message: Message) -> TelegramPlace:
        """Where a reply to a message goes."""
        # Chains of replies outside forums have a thread, too, which is no topic.
        thread = message.message_thread_id if message.is_topic_message else None
        above = message.reply_to_message
        direct = message.direct_messages_topic or (above.direct_messages_topic if above else None)
        return cls(
            chat=message.chat.id,
            message=message.message_id,
            thread=thread,
            topic=direct.topic_id if direct else None,
            channel=message.chat.type == ChatType.CHANNEL,
            person=author_of(message),
            lang=message.from_user.language_code if message.from_user else None,
        )

    @property
    def in_company(self) -> bool:
        """Whether others than the person see the answer: groups have negative ids."""
        return self.chat < 0


def author_of(message: Message) -> int:
    """The id of who wrote a message: a person, or a chat that somebody writes as."""
    return (message.sender_chat or message.from_user or message.chat).id


def answer_key(answer: MaybeInaccessibleMessage) -> str:
    """An answer, of all answers."""
    return f"{answer.chat.id}:{answer.message_id}"


class TelegramUndeliverable(Undeliverable):
    """The chat will never take this message, for the reason in the text."""

    @property
    def for_lack_of_rights(self) -> bool:
        reason = str(self).lower()
        return "not enough rights" in reason or "_forbidden" in reason

    @property
    def for_its_shape(self) -> bool:
        """Whether a picture is one that Telegram does not show as a photo."""
        reason = str(self).lower()
        return "photo_" in reason or "image_" in reason


def plain(text: str, limit: int = _TEXT_LENGTH) -> str:
    """The text cut to a limit, and with no @ that Telegram would read as a mention."""
    text = text.strip().replace(f"@{_WORD_JOINER}", "@").replace("@", f"@{_WORD_JOINER}")
    return cut(text, limit)


class TelegramMessenger(ChatMessenger[TelegramPlace]):
    """Sends, tries again for as long as that makes sense, and obeys Telegram's waits.

    Nothing is sent with markup, previews or mentions. What is sent twice is seen twice: no key
    tells Telegram. Whatever sends raises Undeliverable, unless it says what it returns then.
    """

    place = TelegramPlace
    style = Style(lambda text: plain(text, _CAPTION_LENGTH), span=" – ")
    every = 4.5  # Telegram shows an action for five

    def __init__(self, bot: Bot, preferences: PreferenceService, answered: AnsweredPhotos) -> None:
        super().__init__(preferences)
        self._bot, self._answered = bot, answered
        self._not_before: dict[int, float] = {}  # chat → the loop's clock

    # --- answers and sentences

    async def post(self, place: TelegramPlace, reply: Reply, *, key: str) -> None:  # noqa: ARG002 - no key tells Telegram
        if reply.media is not None:
            sent = await self._picture(place, reply.media, reply.text)
        else:
            text = plain("\n".join(reply.copies)) if reply.copies else reply.text
            sent = await self._text(place, text, under_answer(place, reply, text))
        if place.picture:
            await self._answered.keep(answer_key(sent), place.picture, person=place.person)

    async def write(
        self,
        place: TelegramPlace,
        text: str,
        *,
        key: str,  # noqa: ARG002 - no key tells Telegram
        choices: Sequence[Choice] = (),
        question: str = "",
    ) -> None:
        buttons = of_choices(choices)
        if question:
            buttons = of_question(question, place.lang)
        await self._text(place, text, buttons)

    async def play(self, place: TelegramPlace, speech: Speech, *, key: str) -> None:  # noqa: ARG002 - no key tells Telegram
        await self._send(
            self._bot.send_voice,
            place,
            voice=speech.ogg,
            filename="caption.ogg",
            duration=max(1, round(speech.seconds)),
        )

    async def _text(
        self, place: TelegramPlace, text: str, buttons: InlineKeyboardMarkup | None = None
    ) -> Message:
        said, covered = _formatted(text, _TEXT_LENGTH)
        return await self._send(
            self._bot.send_message,
            place,
            text=said,
            entities=covered,
            reply_markup=buttons,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def _picture(self, place: TelegramPlace, media: Media, text: str) -> Message:
        """A picture with its text, or why it cannot be shown there."""
        said, covered = _formatted(text, _UNDER_PICTURE)
        send = partial(self._send, place=place, caption=said, caption_entities=covered)
        hidden, bot, data, name = media.spoiler or None, self._bot, media.data, media.name
        try:
            if media.kind == "image/gif":
                return await send(
                    bot.send_animation, animation=data, filename=name, has_spoiler=hidden
                )
            try:
                return await send(bot.send_photo, photo=data, filename=name, has_spoiler=hidden)
            except TelegramUndeliverable as error:
                if media.spoiler or not error.for_its_shape:  # a file cannot be covered
                    raise
                return await send(bot.send_document, document=data, filename=name)
        except TelegramUndeliverable as error:
            if media.spoiler and error.for_its_shape:
                return await self._text(place, say("cannot-cover", place.lang))
            if not error.for_lack_of_rights:
                raise
            return await self._text(place, say("cannot-send-files", place.lang))

    # --- messages of ours

    async def delete(self, chat: int, message: int) -> None:
        """Take a message of ours away."""
        await self._deliver(chat, partial(self._bot.delete_message, message_id=message))

    async def edit(
        self,
        message: MaybeInaccessibleMessage,
        text: str,
        buttons: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Say something else, with other buttons or none, in a message of ours, if that can be."""
        edit = partial(
            self._bot.edit_message_text,
            plain(text),
            message_id=message.message_id,
            reply_markup=buttons,
        )
        try:
            await self._deliver(message.chat.id, edit)
        except TelegramUndeliverable as error:  # pressed twice at once, and it says so already
            log.debug("telegram: a message could not be edited: %s", error)

    # --- while somebody waits

    def key(self, place: TelegramPlace) -> str:
        return place.asked

    def spot(self, place: TelegramPlace) -> Hashable:
        return place.chat, place.thread, place.topic, _action(place)

    async def show(self, place: TelegramPlace) -> bool:
        if place.channel or place.topic is not None:  # Telegram shows nobody there that we type
            return True
        await self._welcome(place.chat)
        try:
            await self._bot.send_chat_action(
                place.chat, _action(place), message_thread_id=place.thread
            )
        except (Forbidden, BadRequest):
            return False
        except TelegramError as error:
            if wait := seconds_to_wait(error):
                self._hold(place.chat, wait)
        return True

    async def note(self, place: TelegramPlace, text: str) -> Remove:
        sent = await self._text(place, text)
        return partial(self.delete, sent.chat.id, sent.message_id)

    # --- whatever is sent

    async def _send(
        self,
        call: Callable[..., Awaitable[Message]],
        place: TelegramPlace,
        **said: Any,  # noqa: ANN401 - what the call takes
    ) -> Message:
        """Have a call of the bot's send something where it belongs; as it was sent."""
        if place.message:
            said["reply_parameters"] = ReplyParameters(
                place.message, allow_sending_without_reply=True
            )
        said |= {"message_thread_id": place.thread, "direct_messages_topic_id": place.topic}
        return await self._deliver(place.chat, partial(call, **said))

    async def _deliver(self, chat: int, call: Callable[..., Awaitable[T]]) -> T:
        """What a call gives that is for a chat, wherever that is now."""

        async def attempt() -> T:
            nonlocal chat
            while True:
                await self._welcome(chat)
                try:
                    return await call(chat_id=chat)
                except ChatMigrated as error:
                    chat = error.new_chat_id
                except RetryAfter as error:
                    self._hold(chat, seconds_to_wait(error))
                    raise

        try:
            return await persist(attempt, wait=_wait, describe=str, patience=GIVE_UP_AFTER)
        except (Forbidden, BadRequest) as error:
            raise TelegramUndeliverable(str(error)) from None
        except GaveUpError as error:
            raise TelegramUndeliverable(f"no success within a day; last: {error}") from None

    def _hold(self, chat: int, seconds: float) -> None:
        """Send nothing to a chat for a while: Telegram asked for it."""
        until = asyncio.get_running_loop().time() + seconds
        self._not_before[chat] = max(until, self._not_before.get(chat, 0.0))
        log.info("telegram: asked to wait %.0f s with messages to a chat", seconds)

    async def _welcome(self, chat: int) -> None:
        """Return when messages to a chat are welcome."""
        clock = asyncio.get_running_loop().time
        while True:
            wait = self._not_before.get(chat, 0.0) - clock()
            if wait <= 0:
                break
            await asyncio.sleep(wait)  # another caller may make it longer meanwhile
        self._not_before.pop(chat, None)


def _wait(error: Exception) -> float | None:
    """As `persist` wants to know it."""
    if isinstance(error, Forbidden | BadRequest) or not isinstance(error, TelegramError):
        return None
    return seconds_to_wait(error)


def _formatted(text: str, limit: int) -> tuple[str, list[MessageEntity]]:
    """The text as `plain` has it, and which of it is to be covered."""
    said, entities, at = "", [], 0
    for piece, hidden in pieces(plain(text, limit)):
        length = len(piece.encode("utf-16-le")) // 2  # as Telegram counts
        if hidden:
            entities.append(MessageEntity(MessageEntity.SPOILER, at, length))
        said, at = said + piece, at + length
    return said, entities


def _action(place: TelegramPlace) -> ChatAction:
    drawn = place.wish.output is not Output.CAPTION
    return ChatAction.UPLOAD_PHOTO if drawn else ChatAction.TYPING


# --- buttons: what one carries is all that a press needs

ACTIONS = {
    "show:gif": Action.ATTENTION_GIF,
    "show:sheet": Action.ATTENTION_SHEET,
    "others": Action.OTHERS,
}
SPEECH = "speech"  # and, behind a colon, the language of the captions unless it is English
YES, NO = "yes", "no"  # and what was asked: see bot.chat.owner_commands
COMMANDS = ("language", "detail")  # and what is behind it
KNOWN = re.compile(
    rf"{'|'.join(ACTIONS)}|{ALBUM}|{SPEECH}(:[a-z]{{2,3}}(-[A-Za-z0-9]{{2,8}})*)?"
    rf"|({'|'.join((DELETE, YES, NO, *COMMANDS))}):.*",
    re.DOTALL,
)
_Button = tuple[str, str]  # the label, and what its press brings back
_COPY_LENGTH = 256  # characters that a button can put into the clipboard


def under_answer(place: TelegramPlace, reply: Reply, text: str) -> InlineKeyboardMarkup | None:
    """What can be asked next; looking closer works for one photo alone, the one replied to."""
    lang = place.lang
    if place.channel:  # what all its readers could press would be posted to all of them
        return None
    if reply.copies:
        text = bare(text)
        if len(text.encode("utf-16-le")) // 2 > _COPY_LENGTH:
            return None
        copy = InlineKeyboardButton(say("button-copy", lang), copy_text=CopyTextButton(text))
        return InlineKeyboardMarkup([[copy]])
    codes = {
        **{action.value: data for data, action in ACTIONS.items()},
        Action.SPEECH: SPEECH if reply.language == ENGLISH else f"{SPEECH}:{reply.language}",
        DELETE: f"{DELETE}:{place.person}",
        ALBUM: ALBUM,
    }
    below = buttons_below(reply, place, closer=place.one_photo, album=place.album)
    return _markup(([(one.label, codes[one.does]) for one in below], 2))


def of_choices(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """A button for each choice, three in a row or one."""
    names, wide = (
        [(one.label, f"{one.command}:{one.argument}") for one in choices if one.wide is whole]
        for whole in (False, True)
    )
    return _markup((names, 3), (wide, 1))


def of_question(question: str, lang: str | None) -> InlineKeyboardMarkup | None:
    """Yes and no."""
    yes = (say("button-yes", lang), f"{YES}:{question}")
    return _markup(([yes, (say("button-no", lang), f"{NO}:{question}")], 2))


def _markup(*groups: tuple[list[_Button], int]) -> InlineKeyboardMarkup | None:
    """Groups of buttons, each with so many in a row."""
    rows = [
        [InlineKeyboardButton(label, callback_data=data) for label, data in buttons[at : at + most]]
        for buttons, most in groups
        for at in range(0, len(buttons), most)
    ]
    return InlineKeyboardMarkup(rows) if rows else None
