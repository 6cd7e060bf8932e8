"""Events of rooms → commands and questions: in direct rooms all is meant for us, elsewhere what
names us or begins with a command.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from nio import AsyncClient, MatrixRoom, RoomGetEventResponse

from bot.adapters.matrix import events
from bot.adapters.matrix.events import Incoming, Json, Picture
from bot.adapters.matrix.media import MatrixFile, MediaServer
from bot.adapters.matrix.messenger import NO, YES, MatrixMessenger
from bot.adapters.matrix.place import MatrixPlace
from bot.adapters.matrix.sender import OUTAGES
from bot.chat.commands import Asker, Commands
from bot.chat.conversation import Conversation
from bot.chat.media import Source
from bot.chat.models import Action
from bot.chat.owner_commands import OwnerCommand
from bot.chat.refusals import Refusal, RefusalCode
from bot.locales import of_platform, say

log = logging.getLogger(__name__)

_ACTIONS = {
    "caption": Action.CAPTION,
    "alt": Action.ALT,
    events.ASK: Action.QUESTION,
    "attention": Action.ATTENTION_GIF,
    "others": Action.OTHERS,
}
# In rooms others are ours only with our name: other bots have them, too.
_IN_COMPANY = frozenset(("auto",))
# Also for those who may not use the bot: what is kept of them is theirs.
_FOR_EVERYBODY = frozenset(("privacy", "delete"))
_FOR_OWNERS = frozenset(("stats", *OwnerCommand))
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


class Handler:
    """Answers events; each call returns when the work is queued."""

    def __init__(
        self,
        client: AsyncClient,
        conversation: Conversation[MatrixPlace],
        messenger: MatrixMessenger,
        server: MediaServer,
    ) -> None:
        self._client = client
        self._conversation = conversation
        self._preferences = conversation.preferences
        self._messenger = messenger
        self._server = server
        self._commands = Commands(conversation, owners_type="!")
        self._encrypted: set[str] = set()  # rooms that this process has told, or is telling

    async def event(self, room: MatrixRoom, source: Json) -> None:
        """Answer what happened in a room; an error is logged, for it would only repeat itself."""
        try:
            sender = source.get("sender")
            if isinstance(sender, str) and sender != self._client.user_id:
                await self._event(room, source, sender)
        except Exception:
            log.exception("matrix: an event could not be dealt with")

    async def left(self, room: str) -> None:
        """The bot is in a room no more: what was chosen there is forgotten."""
        try:
            await self._preferences.forget_chat(room)
        except Refusal:
            log.info("matrix: what a room chose is kept until it expires")

    async def _event(self, room: MatrixRoom, source: Json, sender: str) -> None:
        if events.age(source) > _TOO_OLD:
            return
        match source.get("type"):
            case "m.room.redaction":
                if taken := events.redacted(source):
                    await self._messenger.forget(room.room_id, taken)
            case "m.room.encrypted":
                await self._cannot_read(room, source, sender)
            case "m.reaction":
                await self._reaction(room, source, sender)
            case _:
                message = events.read(source)
                # What another program says is no question, and a question stays as it was asked.
                if message and not message.by_program and not message.edit:
                    await self._message(room, message)

    async def _message(self, room: MatrixRoom, message: Incoming) -> None:
        direct, named = is_direct(room), self._client.user_id in message.mentioned
        name, argument = message.command(anywhere=named)
        if name in self._commands and (direct or named or name in _IN_COMPANY):
            if name in _FOR_EVERYBODY or await self._admits(room, message):
                await self._command(room, message, name, argument)
            return
        wish = _ACTIONS.get(name) or (Action.CAPTION if named else None)
        shown = message
        if message.picture is None and not message.unreadable and wish and message.reply_to:
            shown = await self._shown(room, message.reply_to) or message
        if wish is Action.QUESTION:
            await self._question(room, message, shown, argument, aloud=direct or named)
            return
        if not name and message.reply_to and (direct or named) and await self._asks(room, message):
            return
        unasked = wish is None and not direct
        if shown.picture or shown.unreadable:
            if unasked and not await self._answers_all(room, message):
                return
            if await self._admits(room, message):
                await self._ask(room, message, shown, wish or Action.CAPTION, unasked=unasked)
        elif (name in _ACTIONS or (direct and not named)) and await self._admits(room, message):
            if name in _ACTIONS:
                await self._say(room, message, "nothing-to-caption", command=f"!{name}")
            else:
                await self._say(room, message, "not-a-photo")

    async def _command(self, room: MatrixRoom, message: Incoming, name: str, argument: str) -> None:
        owner = self._conversation.is_owner(message.sender)
        if name in _FOR_OWNERS and not owner and not is_direct(room):
            return  # in company nobody is told that they are no owner
        asker = MatrixAsker(
            room=room,
            person=message.sender,
            chat=None if is_direct(room) else room.room_id,
            delete="!delete",
            about=await self._replied_to(room, message) if name in _FOR_OWNERS else "",
        )
        reply = await self._commands.run(name, asker, argument)
        place = _place(room, message)
        await self._messenger.answer_command(place, reply, key=f"{place.key}:{name}")

    async def _replied_to(self, room: MatrixRoom, message: Incoming) -> str:
        """Who wrote the message that another replies to; nobody, if it was the bot."""
        above = await self._fetched(room, message.reply_to) if message.reply_to else None
        return above.sender if above and above.sender != self._client.user_id else ""

    async def _ask(
        self,
        room: MatrixRoom,
        message: Incoming,
        shown: Incoming,
        wish: Action,
        *,
        unasked: bool = False,
        question: str = "",
    ) -> None:
        place = MatrixPlace(
            person=message.sender,
            room=room.room_id,
            event=shown.event,
            thread=message.thread,
            asked=message.event,
            wish=wish,
            question=question,
            unasked=unasked,
        )
        if shown.picture is None:
            if not unasked:
                await self._say(room, message, "encrypted-matrix")
            return
        await self._conversation.ask(
            self._messenger,
            place,
            [self._file(shown.picture)],
            dedupe=f"matrix:{place.key}",
            chat=None if is_direct(room) else room.room_id,
        )

    async def _question(
        self, room: MatrixRoom, message: Incoming, shown: Incoming, written: str, *, aloud: bool
    ) -> None:
        """Answer what is asked about a message with a photo, or say why not.

        Where no question is answered, that is not said of a photo that nobody means, unless
        `aloud`: other bots may have a command of that name, too.
        """
        there = bool(shown.picture or shown.unreadable)
        try:
            question = await self._conversation.question(written)
        except Refusal as refused:
            offered = refused.code is not RefusalCode.NOT_OFFERED
            if (offered or there or aloud) and await self._admits(room, message):
                if refused.code is RefusalCode.QUESTION_EMPTY:
                    await self._say(room, message, "ask-how", command=f"!{events.ASK}")
                else:
                    await self._say(room, message, refused.code, **refused.args_for_text)
            return
        if not await self._admits(room, message):
            return
        if there:
            await self._ask(room, message, shown, Action.QUESTION, question=question)
        else:
            await self._say(room, message, "nothing-to-caption", command=f"!{events.ASK}")

    async def _asks(self, room: MatrixRoom, message: Incoming) -> bool:
        """Take a reply to an answer of ours as a question; False where it is none."""
        words = message.picture is None and any(map(str.isalnum, message.text))
        if not words or not (await self._conversation.offers()).questions:
            return False
        shown = await self._shown(room, message.reply_to, only_ours=True)
        if shown is None or not (shown.picture or shown.unreadable):
            return False
        await self._question(room, message, shown, message.text, aloud=True)
        return True

    def _file(self, picture: Picture) -> Source:
        return MatrixFile(picture, self._server, self._conversation.service.videos)

    async def _reaction(self, room: MatrixRoom, source: Json, sender: str) -> None:
        """🔍 at an answer of ours, or in a direct room at a photo, asks where the model looked."""
        target, key = events.reaction(source)
        event = source.get("event_id")
        if target and isinstance(event, str) and key.startswith((*YES, *NO)):
            await self._settle(room, Incoming(event=event, sender=sender), target, key)
            return
        if not key.startswith(_LOOKS) or not target or not isinstance(event, str):
            return
        asking = Incoming(event=event, sender=sender)
        shown = await self._shown(room, target, only_ours=not is_direct(room))
        if shown and shown.picture and await self._admits(room, asking):
            await self._ask(room, asking, shown, Action.ATTENTION_GIF)

    async def _settle(self, room: MatrixRoom, press: Incoming, asked: str, key: str) -> None:
        """✅ or ❌ at what an owner was asked."""
        if not self._conversation.is_owner(press.sender):
            return
        for question in await self._messenger.questions(room.room_id, asked):
            lang = await self._preferences.language(press.sender, None)
            answer = await self._commands.owners.press(
                question, press.sender, lang, yes=key.startswith(YES)
            )
            place = _place(room, replace(press, event=asked))
            await self._messenger.say(place, answer.text, key=press.event)

    async def _shown(
        self, room: MatrixRoom, event: str, *, only_ours: bool = False
    ) -> Incoming | None:
        """The message with a photo that another is about: itself, or what we answered to."""
        message = await self._fetched(room, event)
        if message and message.sender == self._client.user_id:
            return await self._fetched(room, message.reply_to) if message.reply_to else None
        return None if only_ours else message

    async def _fetched(self, room: MatrixRoom, event: str) -> Incoming | None:
        try:
            found = await self._client.room_get_event(room.room_id, event)
        except OUTAGES as error:
            log.info("matrix: a message cannot be read again: %s", type(error).__name__)
            return None
        return events.read(found.event.source) if isinstance(found, RoomGetEventResponse) else None

    async def _answers_all(self, room: MatrixRoom, message: Incoming) -> bool:
        """Whether a room has us caption every photo, and this is one."""
        if message.picture is None or not message.picture.kind.startswith("image/"):
            return False
        return await self._preferences.answers_all(room.room_id)

    async def _cannot_read(self, room: MatrixRoom, source: Json, sender: str) -> None:
        """Say in a room once that what is encrypted there cannot be read."""
        event, once = source.get("event_id"), f"encrypted:{room.room_id}"
        if not isinstance(event, str):
            return
        if not await self._conversation.may_use(sender, room.room_id):
            return
        if room.room_id in self._encrypted:
            return
        self._encrypted.add(room.room_id)
        if await self._preferences.was(once):
            return
        await self._say(room, Incoming(event=event, sender=sender), "encrypted-matrix")
        await self._preferences.first(once, seconds=_YEAR)

    async def _admits(self, room: MatrixRoom, message: Incoming) -> bool:
        """Whether a message may be answered; who may not ask is told so once a day, directly."""
        why = await self._conversation.turned_away(message.sender, room.room_id)
        if why and is_direct(room):
            lang = await self._preferences.language(message.sender, None)
            key = f"{why}:{message.sender}"
            await self._messenger.say(_place(room, message), say(why, lang), key=key)
        return not why

    async def _say(
        self, room: MatrixRoom, message: Incoming, text_id: str, **args: str | int
    ) -> None:
        """Reply to a message with one of our sentences."""
        lang = await self._preferences.language(message.sender, None)
        place = _place(room, message)
        own = of_platform(text_id, "matrix")
        await self._messenger.say(place, say(own, lang, **args), key=f"{place.key}:{text_id}")


def is_direct(room: MatrixRoom) -> bool:
    """Whether somebody is alone with the bot in a room, and nobody else is invited."""
    known = room.summary
    if known is None or known.joined_member_count is None:
        return False
    return bool(known.joined_member_count + (known.invited_member_count or 0) <= 2)


def _place(room: MatrixRoom, message: Incoming) -> MatrixPlace:
    return MatrixPlace(
        person=message.sender, room=room.room_id, event=message.event, thread=message.thread
    )
