"""Messages → commands and questions: in private all is meant for us, in company what names us."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from telegram import Message, Update
from telegram.constants import ChatMemberStatus

from bot.adapters.telegram.commands import FOR_EVERYBODY, IN_COMPANY, answer_command
from bot.adapters.telegram.context import TelegramContext
from bot.adapters.telegram.entities import (
    Command,
    author_of,
    command_in,
    is_private,
    is_service,
    mentions,
)
from bot.adapters.telegram.media import Picture, why_not
from bot.adapters.telegram.place import place_of
from bot.chat.albums import SETTLE, Albums
from bot.chat.models import Action
from bot.chat.refusals import Refusal
from captioner.queue.messages import MAX_PHOTOS

log = logging.getLogger(__name__)

_ACTIONS = {"caption": Action.CAPTION, "alt": Action.ALT}
_MENTION = "mention"  # asks for a caption, if there is a picture
_GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A message of an album as all processes of a bot need to know it; nothing of its author."""

    message: int
    picture: Picture | None  # None where there is nothing that we look at
    wish: str = ""  # what its text asks for

    def note(self) -> str:
        """The item as a text."""
        picture = astuple(self.picture) if self.picture else None
        return json.dumps([self.message, picture, self.wish])

    @classmethod
    def from_note(cls, note: str) -> Item:
        """The item in a text that `note` made."""
        message, picture, wish = json.loads(note)
        return cls(message=message, picture=Picture(*picture) if picture else None, wish=wish)


class Messages:
    """Handles what is written in chats; each call returns when the work is queued."""

    def __init__(self, context: TelegramContext, *, settle: float = SETTLE) -> None:
        self._context = context
        self._albums = Albums(context.conversation.notes, self._collected, settle=settle)

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
        command = command_in(message, self._context.bot.username)
        if command.name in self._context.commands and (
            is_private(message) or command.names_us or command.name in IN_COMPANY
        ):
            if command.name in FOR_EVERYBODY or await self._context.admits(message):
                await answer_command(self._context, message, command.name, command.argument)
            return
        item = Item(
            message=message.message_id,
            picture=self._context.picture_in(message),
            wish=self._wish(message, command),
        )
        if message.media_group_id is not None:
            album = f"{message.chat.id}:{message.media_group_id}"
            await self._albums.add(album, message, item.note())
        else:
            await self._album(message, [item])

    async def membership(self, update: Update, _context: object) -> None:
        """Forget what a group had chosen when it sends the bot away."""
        change = update.my_chat_member
        if change is not None and change.new_chat_member.status in _GONE:
            try:
                await self._context.preferences.forget_chat(change.chat.id)
            except Refusal:
                log.info("telegram: what a group chose is kept until it expires")

    async def _collected(self, message: Message, notes: Sequence[str]) -> None:
        items = sorted(map(Item.from_note, notes), key=lambda item: item.message)
        await self._album(message, items[:MAX_PHOTOS])

    async def _album(self, message: Message, items: Sequence[Item]) -> None:
        """Deal with what came in one message, or in several that belong together."""
        wish = next((item.wish for item in items if item.wish), "")
        if not any(item.picture for item in items):
            await self._no_picture(message, wish)
            return
        unasked = not wish and not is_private(message)
        if unasked and not await self._answers_all(message):
            return
        first = items[0].message
        pictures = [item.picture for item in items]
        await self._ask(message, wish, pictures, shown=first, asking=first, unasked=unasked)

    async def _no_picture(self, message: Message, wish: str) -> None:
        """Caption what a message replies to, or say that there is nothing to caption."""
        meant = message.reply_to_message
        picture = self._context.picture_in(meant) if wish and meant is not None else None
        if picture is not None and meant is not None:
            await self._ask(
                message, wish, [picture], shown=meant.message_id, asking=message.message_id
            )
        elif wish in _ACTIONS:
            if meant is not None and not is_service(meant) and not meant.text:
                await self._say_why_not(message, meant)
            elif await self._context.admits(message):
                await self._context.say(message, "nothing-to-caption", command=f"/{wish}")
        elif is_private(message) and not is_service(message):
            await self._say_why_not(message, message)

    async def _say_why_not(self, message: Message, meant: Message) -> None:
        if await self._context.admits(message):
            why = why_not(meant, await self._context.language(message))
            await self._context.messenger.answer(message, why)

    async def _ask(
        self,
        message: Message,
        wish: str,
        pictures: Sequence[Picture | None],
        *,
        shown: int,
        asking: int,
        unasked: bool = False,
    ) -> None:
        """Ask about pictures. The answer replies to the message `shown`: its buttons look there."""
        if not await self._context.admits(message):
            return
        user = message.from_user
        place = replace(
            place_of(message, user.language_code if user else None),
            message=shown,
            person=author_of(message),
            wish=_ACTIONS.get(wish, Action.CAPTION),
            unasked=unasked,
            asked=str(asking),
        )
        group = None if is_private(message) else message.chat.id
        await self._context.ask(place, pictures, group=group)

    async def _answers_all(self, message: Message) -> bool:
        """Whether a group has us caption every photo, and this is one: no sticker, no video."""
        if not (message.photo or message.document):
            return False
        return await self._context.preferences.answers_all(message.chat.id)

    async def _moved(self, old: int, new: int) -> None:
        try:
            await self._context.conversation.move_chat(old, new)
        except Refusal:
            log.info("telegram: what was chosen for a group could not follow it to its new id")

    def _wish(self, message: Message, command: Command) -> str:
        if command.name in _ACTIONS:
            return command.name
        return _MENTION if mentions(message, self._context.bot) else ""
