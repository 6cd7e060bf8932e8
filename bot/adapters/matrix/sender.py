"""Messages to Matrix that arrive, or a reason why they never can."""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
from collections.abc import Awaitable, Callable
from html import escape
from typing import Any

import aiohttp
from nio import AsyncClient, ErrorResponse, Response

from bot.adapters.matrix.events import SPOILERS
from bot.adapters.matrix.place import MatrixPlace, cut
from bot.asyncio_utils import GaveUpError, persist
from bot.chat.messenger import Undeliverable
from bot.chat.models import pieces
from bot.chat.speech import Speech

log = logging.getLogger(__name__)

OUTAGES = (aiohttp.ClientError, OSError, TimeoutError)
PATIENCE = 3600.0  # seconds for which an answer is worth sending
_ATTEMPT_SECONDS = 60.0
_LONGEST_WAIT = 60.0  # seconds that the homeserver can ask for
_TYPING_MS = 10_000
_FORBIDDEN = {401, 403}
_NEVER = {400, 403, 404, 413}


class MatrixUndeliverable(Undeliverable):
    """The room will never take this message; the text is what the homeserver says."""

    def __init__(self, problem: ErrorResponse) -> None:
        super().__init__(describe(problem))
        self.problem, self.too_large = problem, status(problem) == 413


class Sender:
    """Sends notices, which no program answers and which ping nobody.

    What is sent twice with the same key is one message: the homeserver compares transaction ids.
    Every method raises Undeliverable, unless it says what it returns then.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def text(self, place: MatrixPlace, text: str, *, key: str) -> str:
        """A message that replies to the one that asked; its event's id."""
        return await self._post(place, {"msgtype": "m.notice", **_words(text)}, key)

    async def picture(
        self,
        place: MatrixPlace,
        data: bytes,
        *,
        name: str,
        kind: str,
        said: str,
        key: str,
        spoiler: bool = False,
    ) -> str:
        """A picture with a text below it; its event's id."""
        content = {
            "msgtype": "m.image",
            **_words(said),
            **dict.fromkeys(SPOILERS if spoiler else (), True),
            "filename": name,
            "url": await self._uploaded(data, name=name, kind=kind),
            "info": {"mimetype": kind, "size": len(data)},
        }
        return await self._post(place, content, key)

    async def voice(self, place: MatrixPlace, speech: Speech, *, key: str) -> str:
        """A voice message; its event's id."""
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
        return await self._post(place, content, key)

    async def redact(self, room: str, event: str) -> None:
        """Take a message of ours away, if it is still there and can be."""
        transaction = _transaction(f"redact:{room}:{event}")
        try:
            await self._sent(lambda: self._client.room_redact(room, event, tx_id=transaction))
        except Undeliverable as error:
            log.info("matrix: a message could not be taken away: %s", error)

    async def typing(self, room: str, *, on: bool) -> bool:
        """Show for ten seconds that the bot writes, or no longer; False where that never can be."""
        try:
            async with asyncio.timeout(_TYPING_MS / 1000):
                said = await self._client.room_typing(room, on, timeout=_TYPING_MS)
        except OUTAGES:
            return True
        return not isinstance(said, ErrorResponse) or status(said) not in _FORBIDDEN

    # --- single messages

    async def _post(self, place: MatrixPlace, content: dict[str, Any], key: str) -> str:
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
    parts = list(pieces(cut(text)))
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
