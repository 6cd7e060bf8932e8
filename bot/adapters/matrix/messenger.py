"""Answers, refusals and other sentences, sent to rooms on Matrix."""

from __future__ import annotations

import logging
import re
from collections.abc import Hashable, Sequence
from functools import partial

from bot.adapters.matrix.place import MatrixPlace
from bot.adapters.matrix.sender import MatrixUndeliverable, Sender
from bot.chat.conversation import Conversation
from bot.chat.messenger import ChatMessenger, Remove, Undeliverable
from bot.chat.models import Choice, Reply
from bot.chat.owner_commands import ANSWERED_FOR, OwnerCommand
from bot.chat.preferences import OUT_OF_REACH
from bot.chat.rendering import Style
from bot.chat.speech import Speech
from bot.locales import say
from captioner.queue.messages import Failure, Output

log = logging.getLogger(__name__)

_KINDS = {
    Output.ATTENTION_GIF: ("attention.gif", "image/gif"),
    Output.ATTENTION_SHEET: ("attention.png", "image/png"),
}
# Our texts name commands as most platforms write them.
_COMMAND = re.compile(
    r"(?<![\w/])/(?=(?:alt|ask|auto|caption|delete|detail|help|language|privacy|start|stats|voice"
    rf"|{'|'.join(OwnerCommand)})\b)"
)
YES, NO = ("✅", "👍"), ("❌", "👎")  # reactions that answer a question
_KNOWN_FOR = 86_400.0  # seconds for which an answer goes when its photo is taken away


class MatrixMessenger(ChatMessenger[MatrixPlace]):
    """Everything that is sent, as plain text."""

    place = MatrixPlace
    style = Style(lambda text: text)
    every = 8.0  # `show` lasts ten

    def __init__(self, sender: Sender, conversation: Conversation[MatrixPlace]) -> None:
        super().__init__(conversation.preferences)
        self._sender = sender
        self._notes = conversation.notes

    async def post(self, place: MatrixPlace, reply: Reply, *, key: str) -> None:
        await self._sender.typing(place.room, on=False)
        for event in {place.event, place.asked} - {""}:
            if await self._preferences.was(f"redacted:{place.room}:{event}"):
                return  # nobody wants to know any more
        answer = await self._posted(place, reply, key)
        for event in {place.event, place.asked} - {""}:
            await self._notes.leave(f"answers:{place.room}:{event}", answer, seconds=_KNOWN_FOR)

    async def _posted(self, place: MatrixPlace, reply: Reply, key: str) -> str:
        if reply.media is None:
            return await self._sender.text(
                place, "\n".join(reply.copies) if reply.copies else reply.text, key=key
            )
        name, kind = _KINDS[reply.media.output]
        try:
            return await self._sender.picture(
                place,
                reply.media.data,
                name=name,
                kind=kind,
                said=reply.text,
                key=key,
                spoiler=reply.media.spoiler,
            )
        except MatrixUndeliverable as error:
            if not error.too_large:
                raise
            log.warning("matrix: a picture is larger than the homeserver takes")
            return await self._sender.text(place, say(Failure.INTERNAL, place.lang), key=key)

    async def forget(self, room: str, event: str) -> None:
        """A photo or a question was taken away: its answers go, and none comes any more."""
        await self._preferences.first(f"redacted:{room}:{event}")
        for answer in await self._notes.collect(f"answers:{room}:{event}") or []:
            await self._sender.redact(room, answer)

    async def write(
        self,
        place: MatrixPlace,
        text: str,
        *,
        key: str,
        choices: Sequence[Choice] = (),
        question: str = "",
    ) -> None:
        text = "\n".join(
            (text, *(f"!{one.command} {one.argument}: {one.label}" for one in choices))
        )
        if question:
            yes, no = say("button-yes", place.lang), say("button-no", place.lang)
            text = f"{text}\n{YES[0]} {yes}  {NO[0]} {no}"
        event = await self._sender.text(place, _COMMAND.sub("!", text), key=key)
        if question:
            await self._notes.leave(f"asked:{place.room}:{event}", question, seconds=ANSWERED_FOR)

    async def questions(self, room: str, event: str) -> list[str]:
        """What a message of ours asks, for reactions to answer."""
        try:
            return await self._notes.read(f"asked:{room}:{event}")
        except OUT_OF_REACH:
            return []

    async def play(self, place: MatrixPlace, speech: Speech, *, key: str) -> None:
        await self._sender.voice(place, speech, key=key)

    # --- while somebody waits

    def key(self, place: MatrixPlace) -> str:
        return place.key

    def spot(self, place: MatrixPlace) -> Hashable:
        return place.spot

    async def show(self, place: MatrixPlace) -> bool:
        return await self._sender.typing(place.room, on=True)

    async def note(self, place: MatrixPlace, text: str) -> Remove | None:
        try:
            event = await self._sender.text(place, text, key=f"{place.key}:note")
        except Undeliverable as error:
            log.info("matrix: a word on the waiting was not taken: %s", error)
            return None
        return partial(self._sender.redact, place.room, event)
