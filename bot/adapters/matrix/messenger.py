"""Answers, refusals and other sentences, sent to rooms on Matrix, or why they never can be."""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

import aiohttp
from nio import AsyncClient, ErrorResponse, Response

from bot.adapters.matrix.events import SPOILERS
from bot.asyncio_utils import GaveUpError, persist
from bot.chat.commands import with_sign
from bot.chat.conversation import Conversation
from bot.chat.messenger import ChatMessenger, Remove, Undeliverable
from bot.chat.models import Choice, Media, Place, Reply, cut, pieces
from bot.chat.owner_commands import ANSWERED_FOR
from bot.chat.preferences import OUT_OF_REACH
from bot.chat.rendering import Style
from bot.chat.speech import Speech
from bot.locales import say
from captioner.queue.messages import Failure

log = logging.getLogger(__name__)

OUTAGES = (aiohttp.ClientError, OSError, TimeoutError)
PATIENCE = 3600.0  # seconds for which an answer is worth sending
_ATTEMPT_SECONDS = 60.0
_LONGEST_WAIT = 60.0  # seconds that the homeserver can ask for
_TYPING_MS = 10_000
_FORBIDDEN = {401, 403}
_NEVER = {400, 403, 404, 413}
_LENGTH = 4000  # characters of a text: an event has 65,536 bytes at most, and a text is in it twice
YES, NO = ("✅", "👍"), ("❌", "👎")  # reactions that answer a question
_KNOWN_FOR = 86_400.0  # seconds for which an answer goes when its photo is taken away


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixPlace(Place):
    """A room, and the event there that an answer replies to."""

    lang: str | None = None  # Matrix does not say what people read
    room: str
    event: str  # of the photo; of the message where there is none
    thread: str = ""  # the event that a thread begins with
    asked: str = ""  # the event that asked, where it is another

    @property
    def key(self) -> str:
        """What asked for what: nothing is wanted twice at a time."""
        return f"{self.room}:{self.asked or self.event}:{self.wish}"

    def relation(self) -> dict[str, Any]:
        """How a message stands below the one that it replies to."""
        reply = {"m.in_reply_to": {"event_id": self.event}}
        if not self.thread:
            return reply
        return reply | {"rel_type": "m.thread", "event_id": self.thread, "is_falling_back": False}


class MatrixUndeliverable(Undeliverable):
    """The room will never take this message; the text is what the homeserver says."""

    def __init__(self, problem: ErrorResponse) -> None:
        super().__init__(describe(problem))
        self.problem, self.too_large = problem, status(problem) == 413


class MatrixMessenger(ChatMessenger[MatrixPlace]):
    """Sends notices, which no program answers and which ping nobody.

    What is sent twice with the same key is one message: the homeserver compares transaction ids.
    """

    place = MatrixPlace
    style = Style(lambda text: text)
    every = 8.0  # `show` lasts ten

    def __init__(self, client: AsyncClient, conversation: Conversation[MatrixPlace]) -> None:
        super().__init__(conversation.preferences)
        self._client = client
        self._notes = conversation.notes

    # --- answers and sentences

    async def post(self, place: MatrixPlace, reply: Reply, *, key: str) -> None:
        await self._typing(place.room, on=False)
        asked = {place.event, place.asked} - {""}
        for event in asked:
            if await self._preferences.was(f"redacted:{place.room}:{event}"):
                return  # nobody wants to know any more
        if reply.media is not None:
            answer = await self._picture(place, reply.media, reply.text, key)
        else:
            answer = await self._text(place, "\n".join(reply.copies) or reply.text, key)
        for event in asked:
            await self._notes.leave(f"answers:{place.room}:{event}", answer, seconds=_KNOWN_FOR)

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
        event = await self._text(place, with_sign(text, "!"), key)
        if question:
            await self._notes.leave(f"asked:{place.room}:{event}", question, seconds=ANSWERED_FOR)

    async def questions(self, room: str, event: str) -> list[str]:
        """What a message of ours asks, for reactions to answer."""
        try:
            return await self._notes.read(f"asked:{room}:{event}")
        except OUT_OF_REACH:
            return []

    async def play(self, place: MatrixPlace, speech: Speech, *, key: str) -> None:
        content = {
            "msgtype": "m.audio",
            "body": "caption.ogg",
            "url": await self._uploaded(speech.ogg, name="caption.ogg", kind="audio/ogg"),
            "info": {
                "mimetype": "audio/ogg",
                "size": len(speech.ogg),
                "duration": round(1000 * speech.seconds),
            },
            "org.matrix.msc3245.voice": {},
        }
        await self._send(place, content, key)

    async def forget(self, room: str, event: str) -> None:
        """A photo or a question was taken away: its answers go, and none comes any more."""
        await self._preferences.first(f"redacted:{room}:{event}")
        for answer in await self._notes.collect(f"answers:{room}:{event}") or []:
            await self._redact(room, answer)

    # --- while somebody waits

    def key(self, place: MatrixPlace) -> str:
        return place.key

    def spot(self, place: MatrixPlace) -> Hashable:
        return place.room

    async def show(self, place: MatrixPlace) -> bool:
        return await self._typing(place.room, on=True)

    async def note(self, place: MatrixPlace, text: str) -> Remove:
        event = await self._text(place, text, f"{place.key}:note")
        return partial(self._redact, place.room, event)

    async def _typing(self, room: str, *, on: bool) -> bool:
        """Show for ten seconds that the bot writes, or no longer; False where that never can be."""
        try:
            async with asyncio.timeout(_TYPING_MS / 1000):
                said = await self._client.room_typing(room, on, timeout=_TYPING_MS)
        except OUTAGES:
            return True
        return not isinstance(said, ErrorResponse) or status(said) not in _FORBIDDEN

    # --- single messages; what sends one gives its event's id, or raises Undeliverable

    async def _text(self, place: MatrixPlace, text: str, key: str) -> str:
        """A message that replies to the one that asked."""
        return await self._send(place, {"msgtype": "m.notice", **_words(text)}, key)

    async def _picture(self, place: MatrixPlace, media: Media, text: str, key: str) -> str:
        """A picture with a text below it, or why there is none."""
        name, kind = media.name, media.kind
        try:
            content = {
                "msgtype": "m.image",
                **_words(text),
                **dict.fromkeys(SPOILERS if media.spoiler else (), True),
                "filename": name,
                "url": await self._uploaded(media.data, name=name, kind=kind),
                "info": {"mimetype": kind, "size": len(media.data)},
            }
            return await self._send(place, content, key)
        except MatrixUndeliverable as error:
            if not error.too_large:
                raise
            log.warning("matrix: a picture is larger than the homeserver takes")
            return await self._text(place, say(Failure.INTERNAL, place.lang), key)

    async def _redact(self, room: str, event: str) -> None:
        """Take a message of ours away, if it is still there and can be."""
        transaction = _transaction(f"redact:{room}:{event}")
        try:
            await self._sent(lambda: self._client.room_redact(room, event, tx_id=transaction))
        except Undeliverable as error:
            log.info("matrix: a message could not be taken away: %s", error)

    async def _send(self, place: MatrixPlace, content: dict[str, Any], key: str) -> str:
        # An empty list of mentions: whatever is in the text, it pings nobody.
        content |= {"m.mentions": {}, "m.relates_to": place.relation()}
        sent = await self._sent(
            lambda: self._client.room_send(
                place.room, "m.room.message", content, tx_id=_transaction(key)
            )
        )
        return str(getattr(sent, "event_id", ""))

    async def _uploaded(self, data: bytes, *, name: str, kind: str) -> str:
        async def upload() -> Response:
            response, _ = await self._client.upload(
                io.BytesIO(data), content_type=kind, filename=name, filesize=len(data)
            )
            return response

        return str(getattr(await self._sent(upload), "content_uri", ""))

    async def _sent(self, attempt: Callable[[], Awaitable[Response]]) -> Response:
        """What the homeserver answers, as soon as it takes something."""

        async def once() -> Response:
            said = await attempt()
            if isinstance(said, ErrorResponse):
                raise MatrixUndeliverable(said)
            return said

        try:
            return await persist(
                once, wait=_wait, describe=_why, patience=PATIENCE, seconds=_ATTEMPT_SECONDS
            )
        except GaveUpError as error:
            raise MatrixUndeliverable(ErrorResponse(str(error))) from None


def _wait(error: Exception) -> float | None:
    """As `persist` wants to know it."""
    if not isinstance(error, MatrixUndeliverable):
        return 0.0 if isinstance(error, OUTAGES) else None
    return None if status(error.problem) in _NEVER else seconds_to_wait(error.problem)


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, MatrixUndeliverable) else type(error).__name__


def _words(text: str) -> dict[str, Any]:
    """A text as an event has it; programs that cannot cover anything show dots in its place."""
    parts = list(pieces(cut(text, _LENGTH)))
    said: dict[str, Any] = {"body": "".join("…" if hidden else piece for piece, hidden in parts)}
    if any(hidden for _, hidden in parts):
        written = [(escape(piece).replace("\n", "<br>"), hidden) for piece, hidden in parts]
        said["format"] = "org.matrix.custom.html"
        said["formatted_body"] = "".join(
            f"<span data-mx-spoiler>{piece}</span>" if hidden else piece
            for piece, hidden in written
        )
    return said


def status(problem: ErrorResponse) -> int:
    """The HTTP status of an answer; 0 where there is none."""
    return int(getattr(problem.transport_response, "status", 0) or 0)


def seconds_to_wait(problem: ErrorResponse) -> float:
    """For how long the homeserver asked to be left alone: a minute at most, 0.0 if it did not."""
    asked = problem.retry_after_ms
    return min(asked / 1000, _LONGEST_WAIT) if isinstance(asked, int) and asked > 0 else 0.0


def describe(problem: ErrorResponse) -> str:
    """An error without a text that a homeserver, or somebody by way of it, could choose."""
    code = problem.status_code if isinstance(problem.status_code, str) else ""
    number = status(problem)
    return " ".join(filter(None, (f"HTTP {number}" if number else problem.message, code[:40])))


def _transaction(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]
