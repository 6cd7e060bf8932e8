"""Events of rooms → commands and questions: in direct rooms all is meant for us, elsewhere what
names us or begins with a command.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from nio import AsyncClient, MatrixRoom, RoomGetEventResponse

from bot.adapters.matrix import events
from bot.adapters.matrix.events import ENCRYPTED, Json, RoomMessage
from bot.adapters.matrix.messenger import NO, OUTAGES, YES, MatrixMessenger, MatrixPlace
from bot.chat.commands import Asker
from bot.chat.conversation import Conversation
from bot.chat.dialogue import FOR_OWNERS, MENTION, Above, Asking, Dialogue, Incoming
from bot.chat.media import Link, LinkedFile, Source
from bot.chat.models import Action
from bot.media.downloads import Downloads

log = logging.getLogger(__name__)

# In rooms others are ours only with our name: other bots have them, too.
_IN_COMPANY = frozenset(("auto",))
_LOOKS = ("🔍", "🔎")  # reactions that ask where the model looked
_MODERATOR = 50  # the power level that decides for a room
_TOO_OLD = 86_400.0  # seconds; who asked before does not wait any more
_YEAR = 365 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixAsker(Asker):
    """The sender of a message."""

    room: MatrixRoom

    async def decides(self) -> bool:
        return int(self.room.power_levels.get_user_level(str(self.person))) >= _MODERATOR


@dataclass(frozen=True, slots=True)
class _Source:
    """A message in its room."""

    room: MatrixRoom
    message: RoomMessage


_Incoming = Incoming[MatrixPlace, _Source]


class Messages(Dialogue[MatrixPlace, _Source]):
    """Answers events; each call returns when the work is queued."""

    picture = Link
    actions = MappingProxyType(
        {**Dialogue.actions, "attention": Action.ATTENTION_GIF, "others": Action.OTHERS}
    )
    syntax = "!"
    messenger: MatrixMessenger

    def __init__(
        self,
        client: AsyncClient,
        conversation: Conversation[MatrixPlace],
        messenger: MatrixMessenger,
        downloads: Downloads,
        media: str,
    ) -> None:
        """`media` is where the homeserver has files, its own and those of others."""
        super().__init__(conversation, messenger)
        self._client = client
        self._preferences = conversation.preferences
        self._downloads, self._media = downloads, media
        self._encrypted: set[str] = set()  # rooms that this process has told, or is telling

    async def event(self, room: MatrixRoom, source: Json) -> None:
        """Answer what happened in a room; an error is logged, for it would only repeat itself."""
        try:
            sender = source.get("sender")
            if isinstance(sender, str) and sender != self._client.user_id:
                await self._event(room, source, sender)
        except Exception:
            log.exception("matrix: an event could not be dealt with")

    async def _event(self, room: MatrixRoom, source: Json, sender: str) -> None:
        if events.age(source) > _TOO_OLD:
            return
        match source.get("type"):
            case "m.room.redaction":
                if taken := events.redacted(source):
                    await self.messenger.forget(room.room_id, taken)
            case "m.room.encrypted":
                await self._cannot_read(room, source, sender)
            case "m.reaction":
                await self._reaction(room, source, sender)
            case _:
                message = events.read(source)
                # What another program says is no question, and a question stays as it was asked.
                if message and not message.by_program and not message.edit:
                    await self.answer(self._read(room, message))

    # --- what a conversation wants to know of a message

    def _read(self, room: MatrixRoom, message: RoomMessage) -> _Incoming:
        direct, named = is_direct(room), self._client.user_id in message.mentioned
        name, argument = message.command(anywhere=named)
        aloud = direct or named
        reply = bool(message.reply_to) and aloud and not name
        return Incoming(
            source=_Source(room, message),
            place=MatrixPlace(
                person=message.sender,
                room=room.room_id,
                event=message.event,
                thread=message.thread,
            ),
            id=message.event,
            room=room.room_id,
            here=room.room_id,
            chat=None if direct else room.room_id,
            command=name if aloud or name in _IN_COMPANY else "",
            argument=argument,
            wish=name if name in self.actions else MENTION if named else "",
            words=message.text if reply else "",
            pictures=[message.picture] if message.picture else [],
            aloud=aloud,
            told=direct and not named,
            ordinary=message.picture is not None and message.picture.kind.startswith("image/"),
            channels=(room.room_id,),
        )

    def file(self, picture: Any, *, pressed: bool) -> Source:  # noqa: ANN401, ARG002 - as in Dialogue
        address = f"{self._media}/{picture.url.removeprefix('mxc://')}"
        link = replace(picture, url=address)
        return LinkedFile(link, self._downloads, self.conversation.service.videos)

    async def spot(self, message: _Incoming, asking: Asking) -> MatrixPlace:
        return replace(message.place, event=str(asking.shown), asked=str(asking.message))

    async def above(self, message: _Incoming, *, asks: bool) -> Above | None:  # noqa: ARG002 - of an answer the photo is meant in any case
        source = message.source
        if not source.message.reply_to:
            return None
        return await self._shown(source.room, source.message.reply_to)

    async def asker(self, message: _Incoming) -> Asker:
        room, about = message.source.room, ""
        if message.command in FOR_OWNERS and message.source.message.reply_to:
            above = await self._fetched(room, message.source.message.reply_to)
            about = above.sender if above and above.sender != self._client.user_id else ""
        return MatrixAsker(
            room=room,
            person=message.place.person,
            chat=message.chat,
            delete="!delete",
            about=about,
        )

    async def ask(
        self, message: _Incoming, action: Action, pictures: Sequence[Any], asking: Asking
    ) -> None:
        if ENCRYPTED not in pictures:
            await super().ask(message, action, pictures, asking)
        elif await self.admits(message):
            await self.say(message, "encrypted-matrix")

    # --- reactions

    async def _reaction(self, room: MatrixRoom, source: Json, sender: str) -> None:
        """🔍 at an answer of ours, or in a direct room at a photo, asks where the model looked."""
        target, key = events.reaction(source)
        event = source.get("event_id")
        if target and isinstance(event, str) and key.startswith((*YES, *NO)):
            await self._settle(room, RoomMessage(event=event, sender=sender), target, key)
            return
        if not key.startswith(_LOOKS) or not target or not isinstance(event, str):
            return
        shown = await self._shown(room, target)
        if shown is None or not shown.pictures or not (shown.ours or is_direct(room)):
            return
        said = self._read(room, RoomMessage(event=event, sender=sender))
        if ENCRYPTED not in shown.pictures:
            asking = Asking(shown=shown.shown or target, message=event)
            await self.ask(said, Action.ATTENTION_GIF, shown.pictures, asking)

    async def _settle(self, room: MatrixRoom, press: RoomMessage, asked: str, key: str) -> None:
        """✅ or ❌ at what an owner was asked."""
        if not self.conversation.is_owner(press.sender):
            return
        for question in await self.messenger.questions(room.room_id, asked):
            lang = await self._preferences.language(press.sender, None)
            answer = await self.commands.owners.press(
                question, press.sender, lang, yes=key.startswith(YES)
            )
            place = self._read(room, replace(press, event=asked)).place
            await self.messenger.say(place, answer.text, key=press.event)

    async def _shown(self, room: MatrixRoom, event: str) -> Above | None:
        """The message with a photo that another is about: itself, or what we answered to."""
        message = await self._fetched(room, event)
        ours = message is not None and message.sender == self._client.user_id
        if ours and message is not None:
            message = await self._fetched(room, message.reply_to) if message.reply_to else None
        if message is None or message.picture is None:
            return None
        return Above(pictures=[message.picture], shown=message.event, ours=ours)

    async def _fetched(self, room: MatrixRoom, event: str) -> RoomMessage | None:
        try:
            found = await self._client.room_get_event(room.room_id, event)
        except OUTAGES as error:
            log.info("matrix: a message cannot be read again: %s", type(error).__name__)
            return None
        return events.read(found.event.source) if isinstance(found, RoomGetEventResponse) else None

    async def _cannot_read(self, room: MatrixRoom, source: Json, sender: str) -> None:
        """Say in a room once that what is encrypted there cannot be read."""
        event, once = source.get("event_id"), f"encrypted:{room.room_id}"
        if not isinstance(event, str):
            return
        if not await self.conversation.may_use(sender, room.room_id):
            return
        if room.room_id in self._encrypted:
            return
        self._encrypted.add(room.room_id)
        if await self._preferences.was(once):
            return
        said = self._read(room, RoomMessage(event=event, sender=sender))
        await self.say(said, "encrypted-matrix")
        await self._preferences.first(once, seconds=_YEAR)


def is_direct(room: MatrixRoom) -> bool:
    """Whether somebody is alone with the bot in a room, and nobody else is invited."""
    known = room.summary
    if known is None or known.joined_member_count is None:
        return False
    return bool(known.joined_member_count + (known.invited_member_count or 0) <= 2)
