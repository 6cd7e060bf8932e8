"""Messages → commands and questions: in private all is meant for us, in company what names us."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from telegram import Bot, ChatMemberUpdated, Message, MessageEntity, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.adapters.telegram.media import (
    DOWNLOAD_LIMIT,
    Picture,
    TelegramFile,
    find_picture,
    holds_something,
    looks_like_image,
    why_not,
)
from bot.adapters.telegram.messenger import SPEECH, TelegramPlace, answer_key, author_of
from bot.chat.commands import Asker
from bot.chat.conversation import Conversation
from bot.chat.dialogue import MENTION, Above, Asking, Dialogue, Incoming
from bot.chat.media import Source
from bot.chat.messenger import ChatMessenger
from bot.chat.models import Action
from bot.chat.questions import noted, pictures_in
from bot.chat.refusals import RefusalCode
from bot.chat.rendering import DELETE
from bot.locales import say

_IN_CHANNELS = frozenset(("auto",))  # only admins write there, and nobody would read help
_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
_GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)

_Incoming = Incoming[TelegramPlace, Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramAsker(Asker):
    """The author of a message."""

    bot: Bot
    message: Message

    async def decides(self) -> bool:
        message = self.message
        if message.chat.type in (ChatType.PRIVATE, ChatType.CHANNEL):  # where only admins write
            return True
        if message.sender_chat is not None:  # an admin who stays anonymous writes as the group
            return message.sender_chat.id == message.chat.id
        user = message.from_user
        return user is not None and await is_admin(self.bot, message.chat.id, user.id)

    async def auto_is_on(self, lang: str | None) -> str | None:
        sees_all = self.bot.can_read_all_group_messages
        if sees_all or await is_admin(self.bot, self.message.chat.id, self.bot.id):
            return None
        return say("auto-needs-sight", lang)


class Messages(Dialogue[TelegramPlace, Message]):
    """Handles what is written in chats; each call returns when the work is queued."""

    picture = Picture
    moments = 1

    def __init__(
        self,
        bot: Bot,
        conversation: Conversation[TelegramPlace],
        messenger: ChatMessenger[TelegramPlace],
        *,
        settle: float,
    ) -> None:
        super().__init__(conversation, messenger, settle=settle)
        self._bot, self._moving = bot, conversation.service.videos

    # --- updates

    async def message(self, message: Message, *, edited: bool = False) -> None:
        """Answer a message, or a post in a channel; what asks something in so many words, once.

        Telegram tells of edits for many reasons, and never what was there before: one that was
        edited is answered only if it asks something, and did not before.
        """
        if message.migrate_to_chat_id is not None:
            await self.moved(message.chat.id, message.migrate_to_chat_id)
            return
        said = self._read(message, edited=edited)
        answer, what = partial(self.answer, said), said.command
        if said.wish or what in self.commands.names or (said.chat is None and not edited):
            if said.wish or not what:
                what = self.actions.get(said.wish, Action.CAPTION).value
            age = time.time() - message.date.timestamp() if edited else None
            await self.conversation.answer_once(f"{said.key}:{what}", answer, edited=age)
        elif not edited:
            await answer()

    async def membership(self, change: ChatMemberUpdated) -> None:
        """Greet a group that the bot comes to; forget what one had chosen that sends it away."""
        was_there = change.old_chat_member.status not in _GONE
        if change.new_chat_member.status in _GONE:
            await self.left(change.chat.id)
        elif not was_there and change.chat.type in _GROUPS:
            person = change.from_user
            if await self.conversation.may_use(person.id, change.chat.id):
                lang = await self.language(person)
                place = TelegramPlace(chat=change.chat.id, message=0, lang=lang)
                text = say("added-to-group", lang)
                await self.messenger.say(place, text, key=f"added:{place.chat}")

    async def language(self, user: User) -> str | None:
        """What somebody reads."""
        return await self.conversation.preferences.language(user.id, user.language_code)

    async def answer(self, message: _Incoming) -> None:
        if message.place.channel:
            switch = message.command in _IN_CHANNELS
            if message.command in self.commands.names and not switch:
                return
            asked = message.wish or switch or await self.captions_all(message)
            if not asked or not await is_admin(self._bot, message.place.chat, self._bot.id):
                return
        await super().answer(message)

    # --- what a conversation wants to know of a message

    def _read(self, message: Message, *, edited: bool = False) -> _Incoming:
        command, argument, names_us = _command_in(message, self._bot.username)
        wish = command if command in self.actions else ""
        if not wish and _mentions(message, self._bot):
            wish = MENTION
        chat, private = message.chat.id, message.chat.type == ChatType.PRIVATE
        picture = find_picture(message, moving=self._moving)
        photo = message.photo or (message.document and looks_like_image(message.document))
        return Incoming(
            source=message,
            place=TelegramPlace.of_message(message),
            id=message.message_id,
            room=chat,
            here=chat,
            chat=None if private else chat,
            command=command,
            argument=argument,
            wish=wish,
            words=message.text or "",
            pictures=[picture] if picture else [],
            album=album_of(message),
            edited=edited,
            aloud=private or names_us,
            told=not _is_service(message) if private else names_us and not wish,
            quotes=private and message.external_reply is not None,
            ordinary=bool(photo),
            channels=(chat,),
        )

    def pressed(self, message: Message, person: int, lang: str | None) -> _Incoming:
        """A button below a message of ours, as if somebody said what it asks for."""
        said = self._read(message)
        return replace(said, place=replace(said.place, person=person, lang=lang))

    def file(self, picture: Any, *, pressed: bool) -> Source:  # noqa: ANN401 - as in Dialogue
        largest = self.conversation.service.max_bytes
        limit = DOWNLOAD_LIMIT if picture.moving else min(largest, DOWNLOAD_LIMIT)
        gone = RefusalCode.PHOTO_EXPIRED if pressed else RefusalCode.DOWNLOAD_FAILED
        return TelegramFile(self._bot, picture, limit, gone, picture.spoiler)

    async def spot(self, message: _Incoming, asking: Asking) -> TelegramPlace:
        questions = (await self.conversation.service.capabilities.current()).questions
        return replace(
            message.place,
            message=int(asking.shown),
            album=asking.album,
            asked=asking.asked,
            picture=noted(asking.pictures) if questions else "",
        )

    async def above(self, message: _Incoming, *, asks: bool) -> Above | None:
        elsewhere, above = message.source.external_reply, message.source.reply_to_message
        meant = elsewhere or above
        if meant is None:
            return None
        picture = find_picture(meant, moving=self._moving)
        wrote = above.from_user if above is not None else None
        ours = wrote is not None and wrote.id == self._bot.id  # a channel's posts are the channel's
        if asks and above is not None:
            note = await self.conversation.answered.find(answer_key(above))
            if known := pictures_in(note, Picture):
                return Above(pictures=known, ours=ours)
            if ours and (picture is not None or _is_about_photo(above)):
                return Above(ours=True, gone=True)
        if picture is None:
            held = holds_something(meant)
            why = why_not(meant, await self.lang(message)) if held else ""
            return Above(ours=ours, why_not=why)
        if asks:
            return Above(pictures=[picture], ours=ours)
        # What stands in another chat cannot be replied to from here.
        shown = message.source if elsewhere or above is None else above
        album = album_of(shown)
        several = bool(album) and len(await self.known(album)) > 1
        return Above(pictures=[picture], shown=shown.message_id, album=several)

    async def asker(self, message: _Incoming) -> Asker:
        source = message.source
        return TelegramAsker(
            bot=self._bot,
            message=source,
            person=message.place.person,
            locale=message.place.lang,
            chat=message.chat,
            about=_replied_to(source, self._bot.id),
        )

    async def why_not(self, message: _Incoming) -> str:
        meant = message.source.external_reply or message.source
        return why_not(meant, await self.lang(message))


def album_of(message: Message) -> str:
    """The album that a message belongs to, of all albums; "" where it belongs to none."""
    group = message.media_group_id
    return "" if group is None else f"{message.chat.id}:{group}"


def _is_about_photo(answer: Message) -> bool:
    """Whether a message of ours is an answer about a photo: its buttons say so."""
    rows = answer.reply_markup.inline_keyboard if answer.reply_markup else ()
    said = [str(button.callback_data or "") for row in rows for button in row]
    return any(data.startswith((SPEECH, f"{DELETE}:")) for data in said)


def _replied_to(message: Message, bot: int) -> str:
    """The id of who wrote the message that another replies to.

    Empty where that is nobody to decide about: an anonymous admin, who writes as the group, this
    bot, and Telegram itself, to whose message everything in a forum's topic replies.
    """
    above = message.reply_to_message
    if above is None or _is_service(above):
        return ""
    author = author_of(above)
    return "" if author in (message.chat.id, bot) else str(author)


def _is_service(message: Message) -> bool:
    """Whether a message is Telegram's own (“… joined the group”), not somebody's."""
    return message.effective_attachment is None and not message.text


def _command_in(message: Message, username: str) -> tuple[str, str, bool]:
    """The command that a message begins with, what stands behind it, and whether it names us.

    "" where there is none, or it names another bot, as in /help@other_bot.
    """
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    first = next((e for e in entities if e.type == MessageEntity.BOT_COMMAND), None)
    if first is None or first.offset != 0:
        return "", "", False
    name, _, addressee = text[1 : first.length].partition("@")
    if addressee and addressee.lower() != username.lower():
        return "", "", False
    return name.lower(), text[first.length :].strip(), bool(addressee)


def _mentions(message: Message, bot: Bot) -> bool:
    """Whether the bot's name stands in a message's text."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    try:
        found = message.parse_entities(kinds) | message.parse_caption_entities(kinds)
    except UnicodeError:  # one begins or ends within a character
        return False
    return any(
        entity.user.id == bot.id if entity.user else text.lower() == f"@{bot.username}".lower()
        for entity, text in found.items()
    )


async def is_admin(bot: Bot, chat: int, person: int) -> bool:
    """Whether somebody is an admin of a group; False where Telegram does not tell."""
    try:
        return (await bot.get_chat_member(chat, person)).status in _ADMINS
    except TelegramError:
        return False
