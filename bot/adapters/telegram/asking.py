"""What people send on Telegram → questions to the desk."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram import Bot, CallbackQuery, Message, MessageEntity, Update, User
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from bot.adapters.telegram.answering import BUTTONS, Answering
from bot.adapters.telegram.courier import Courier, Place, Undeliverable
from bot.adapters.telegram.pictures import Picture, fetch, find_picture, why_not
from bot.adapters.telegram.waiting import Waiting
from bot.desk import Desk, Request, Sorry
from bot.texts import say
from captioner.jobs import Output

log = logging.getLogger(__name__)

_CALLBACK_ANSWER_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    picture: Picture
    place: Place
    person: str
    asked: str  # what is wanted; nothing is wanted twice at a time
    dedupe: str  # one asking has one key, however often Telegram delivers it
    output: Output
    if_gone: str = "download-failed"


class Asking:
    """Handles messages and presses of buttons; each returns when the work is queued."""

    def __init__(
        self,
        bot: Bot,
        desk: Desk,
        courier: Courier,
        answering: Answering,
        waiting: Waiting,
        *,
        max_bytes: int,
    ) -> None:
        self._bot = bot
        self._desk = desk
        self._courier = courier
        self._answering = answering
        self._waiting = waiting
        self._max_bytes = max_bytes

    async def message(self, update: Update, _context: object) -> None:
        """Answer a message: whatever is sent in private, in company only what is meant for us."""
        message = update.message
        if message is None:
            return
        private = message.chat.type == ChatType.PRIVATE
        command, to_us = command_in(message, self._bot.username)
        picture = find_picture(message)
        if command == "caption":
            await self._caption_command(message, picture)
        elif command in ("start", "help") and (private or to_us):
            await self._say(message, say(command, _lang(message.from_user)))
        elif private and picture is not None:
            await self._ask(self._caption_of(message, message, picture))
        elif private and not _is_service(message):
            await self._say(message, why_not(message, _lang(message.from_user)))

    async def button(self, update: Update, _context: object) -> None:
        """Bring the pictures that a button under a caption offers."""
        query = update.callback_query
        if query is None:
            return
        lang = _lang(query.from_user)
        output = BUTTONS.get(query.data or "")
        message = query.message if isinstance(query.message, Message) else None
        if output is None:
            await _answer(query, None)
            return
        above = message.reply_to_message if message is not None else None
        picture = find_picture(above) if above is not None else None
        if message is None or above is None or picture is None:
            await _answer(query, say("photo-expired", lang))
            return
        await _answer(query, None)
        await self._ask(
            _Question(
                picture=picture,
                place=Place(message.chat.id, above.message_id, _thread(message), lang),
                person=str(query.from_user.id),
                asked=f"telegram:{message.chat.id}:{message.message_id}:{output}",
                # By press: a button works again when its first answer failed or was deleted.
                dedupe=f"telegram:{message.chat.id}:{message.message_id}:{output}:{query.id}",
                output=output,
                if_gone="photo-expired",
            )
        )

    async def _caption_command(self, message: Message, picture: Picture | None) -> None:
        lang = _lang(message.from_user)
        meant = message.reply_to_message
        if picture is not None:
            await self._ask(self._caption_of(message, message, picture))
        elif meant is None or _is_service(meant) or meant.text:
            await self._say(message, say("nothing-to-caption", lang))
        elif (picture := find_picture(meant)) is None:
            await self._say(message, why_not(meant, lang))
        else:
            await self._ask(self._caption_of(message, meant, picture))

    def _caption_of(self, asking: Message, shown: Message, picture: Picture) -> _Question:
        # The reply goes to the message with the photo, for that is where its buttons find it.
        sender = asking.sender_chat or asking.from_user or asking.chat
        key = f"telegram:{asking.chat.id}:{asking.message_id}:{Output.CAPTION}"
        return _Question(
            picture=picture,
            place=Place(asking.chat.id, shown.message_id, _thread(asking), _lang(asking.from_user)),
            person=str(sender.id),
            asked=key,
            dedupe=key,
            output=Output.CAPTION,
        )

    async def _ask(self, question: _Question) -> None:
        place, key = question.place, question.asked
        drawing = question.output is not Output.CAPTION
        action = ChatAction.UPLOAD_PHOTO if drawing else ChatAction.TYPING
        if not self._waiting.begin(key, place, action):
            return
        coming = False
        try:
            photo = await fetch(
                self._bot, question.picture, limit=self._max_bytes, if_gone=question.if_gone
            )
            ticket = await self._desk.ask(
                Request(
                    photo=photo,
                    person=question.person,
                    dedupe=question.dedupe,
                    context=place.context() | {"asked": key},
                    output=question.output,
                )
            )
            coming = not ticket.duplicate
        except Sorry as sorry:
            await self._send(place, say(sorry.code, place.lang, **sorry.args_for_text))
            return
        finally:
            if not coming:
                self._waiting.end(key)
        if ticket.reply is not None:
            await self._answering.send(ticket.reply)

    async def _say(self, message: Message, text: str) -> None:
        place = Place(
            message.chat.id, message.message_id, _thread(message), _lang(message.from_user)
        )
        await self._send(place, text)

    async def _send(self, place: Place, text: str) -> None:
        try:
            await self._courier.text(place, text)
        except Undeliverable as error:
            log.info("telegram: a message was not taken: %s", error)


def command_in(message: Message, username: str) -> tuple[str | None, bool]:
    """The command a message begins with, and whether it names this bot.

    No command where it names another bot.
    """
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    first = next((e for e in entities if e.type == MessageEntity.BOT_COMMAND), None)
    if first is None or first.offset != 0:
        return None, False
    name, _, addressee = text[1 : first.length].partition("@")
    if addressee and addressee.lower() != username.lower():
        return None, False
    return name.lower(), bool(addressee)


async def _answer(query: CallbackQuery, text: str | None) -> None:
    """Stop the button's spinner; with a text, show it to the person who pressed."""
    try:
        short = text[:_CALLBACK_ANSWER_LENGTH] if text else None
        await query.answer(short, show_alert=True if text else None)
    except TelegramError as error:  # too old to be answered; what it asks for still counts
        log.debug("telegram: a press could not be acknowledged: %s", error)


def _lang(user: User | None) -> str | None:
    return user.language_code if user is not None else None


def _thread(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None


def _is_service(message: Message) -> bool:
    """Whether a message is Telegram's own (“… joined the group”), not somebody's."""
    return message.effective_attachment is None and not message.text
