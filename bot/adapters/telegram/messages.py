"""Messages → commands and questions: in private all is meant for us, in company what names us."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from telegram import Message, Update
from telegram.constants import ChatMemberStatus

from bot.adapters.telegram.actions import Wish
from bot.adapters.telegram.albums import Albums, Item
from bot.adapters.telegram.commands import COMMANDS, FOR_EVERYBODY, IN_COMPANY
from bot.adapters.telegram.context import House
from bot.adapters.telegram.entities import (
    Command,
    author_of,
    command_in,
    is_private,
    is_service,
    mentions,
)
from bot.adapters.telegram.idempotent_replies import thread_of
from bot.adapters.telegram.media import Picture, find_picture, why_not
from bot.adapters.telegram.models import Question
from bot.adapters.telegram.sender import Place
from bot.adapters.telegram.submit import Asking
from bot.locales import say
from bot.store import StoreUnavailable

log = logging.getLogger(__name__)

_WISHES = {"caption": Wish.CAPTION, "alt": Wish.ALT}
_MENTION = "mention"  # asks for a caption, if there is a picture
_GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


class Messages:
    """Handles what is written in chats; each call returns when the work is queued."""

    def __init__(self, house: House, asking: Asking, *, settle: float) -> None:
        self._house = house
        self._asking = asking
        self._albums = Albums(house.choices, self._album, settle=settle)

    async def close(self) -> None:
        """Give up albums that are not complete."""
        await self._albums.close()

    async def message(self, update: Update, _context: object) -> None:
        """Answer a message."""
        message = update.message
        if message is None:
            return
        if message.migrate_to_chat_id is not None:
            await self._moved(message.chat.id, message.migrate_to_chat_id)
            return
        command = command_in(message, self._house.bot.username)
        handler = COMMANDS.get(command.name)
        if handler and (is_private(message) or command.names_us or command.name in IN_COMPANY):
            if command.name in FOR_EVERYBODY or await self._house.admits(message):
                await handler(self._house, message, command.argument)
            return
        item = Item(
            message=message.message_id,
            picture=self._picture_in(message),
            wish=self._wish(message, command),
        )
        if message.media_group_id is not None:
            await self._albums.add(message, item)
        else:
            await self._album(message, [item])

    async def membership(self, update: Update, _context: object) -> None:
        """Forget what a group had chosen when it sends the bot away."""
        change = update.my_chat_member
        if change is not None and change.new_chat_member.status in _GONE:
            try:
                await self._house.choices.forget_chat(change.chat.id)
            except StoreUnavailable:
                log.info("telegram: what a group chose is kept until it expires")

    async def _album(self, message: Message, items: Sequence[Item]) -> None:
        """Deal with what came in one message, or in several that belong together."""
        wish = next((item.wish for item in items if item.wish), "")
        if not any(item.picture for item in items):
            await self._no_picture(message, wish)
            return
        unasked = not wish and not is_private(message)
        if unasked and not await self._answers_all(message):
            return
        await self._ask(
            message,
            wish,
            pictures=tuple(item.picture for item in items),
            shown=items[0].message,
            asking=items[0].message,
            unasked=unasked,
        )

    async def _no_picture(self, message: Message, wish: str) -> None:
        """Caption what a message replies to, or say that there is nothing to caption."""
        meant = message.reply_to_message
        picture = self._picture_in(meant) if wish and meant is not None else None
        if picture is not None and meant is not None:
            await self._ask(
                message,
                wish,
                pictures=(picture,),
                shown=meant.message_id,
                asking=message.message_id,
            )
        elif wish in _WISHES:
            if meant is not None and not is_service(meant) and not meant.text:
                await self._answer(message, why_not(meant, await self._house.language(message)))
            else:
                lang = await self._house.language(message)
                await self._answer(message, say("nothing-to-caption", lang))
        elif is_private(message) and not is_service(message):
            await self._answer(message, why_not(message, await self._house.language(message)))

    async def _answer(self, message: Message, text: str) -> None:
        if await self._house.admits(message):
            await self._house.talking.answer(message, text)

    async def _ask(
        self,
        message: Message,
        wish: str,
        *,
        pictures: tuple[Picture | None, ...],
        shown: int,
        asking: int,
        unasked: bool = False,
    ) -> None:
        """Ask about pictures. The answer replies to the message `shown`: its buttons look there."""
        if not await self._house.admits(message):
            return
        person, user = author_of(message), message.from_user
        chosen = await self._house.choices.of_person(person)
        lang = chosen.language or (user.language_code if user else None)
        wanted = _WISHES.get(wish, Wish.CAPTION)
        key = f"telegram:{message.chat.id}:{asking}:{wanted}"
        await self._asking.ask(
            Question(
                pictures=pictures,
                place=Place(message.chat.id, shown, thread_of(message), lang),
                person=person,
                group=None if is_private(message) else message.chat.id,
                asked=key,
                dedupe=key,
                wish=wanted,
                voice=chosen.voice and not unasked,
                unasked=unasked,
            )
        )

    async def _answers_all(self, message: Message) -> bool:
        """Whether a group has us caption every photo, and this is one: no sticker, no video."""
        if not (message.photo or message.document):
            return False
        return (await self._house.choices.of_chat(message.chat.id)).auto

    async def _moved(self, old: int, new: int) -> None:
        try:
            await self._house.choices.move_chat(old, new)
        except StoreUnavailable:
            log.info("telegram: what a group chose could not follow it to its new id")

    def _picture_in(self, message: Message) -> Picture | None:
        return find_picture(message, moving=self._house.videos)

    def _wish(self, message: Message, command: Command) -> str:
        if command.name in _WISHES:
            return command.name
        return _MENTION if mentions(message, self._house.bot) else ""
