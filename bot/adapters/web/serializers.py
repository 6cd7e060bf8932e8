"""What comes of a request as the interface tells it: at once as JSON, or in steps, as events."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from prometheus_client import Counter

from bot.adapters.web.capabilities import language_of
from bot.adapters.web.photo_cache import Media
from bot.adapters.web.problems import PRIVATE, Problem
from bot.chat.alt_text import alt_text
from bot.chat.confidence import is_sure, levels
from bot.chat.models import Ticket
from bot.locales import ENGLISH
from captioner.queue.messages import Caption, CaptionReply, is_unsure

EVENTS = "application/x-ndjson"


class EventStream:
    """An answer of several lines, each a JSON object with an `event`.

    For who says `Accept: application/x-ndjson`: where the photo stands is told while it waits.
    What is refused before it waits is refused as everything else, by a status.
    """

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._response: web.StreamResponse | None = None

    @classmethod
    def wanted(cls, request: web.Request) -> EventStream | None:
        """A stream where the request asks for one."""
        kinds = ",".join(request.headers.getall("Accept", [])).split(",")
        asked = any(kind.partition(";")[0].strip().lower() == EVENTS for kind in kinds)
        return cls(request) if asked else None

    @property
    def begun(self) -> bool:
        """Whether the status has been sent: a refusal must be a line from then on."""
        return self._response is not None

    async def waiting(self, ticket: Ticket) -> None:
        """The photo is on the queue."""
        await self._write({"event": "waiting", "ahead": ticket.ahead, "waking": ticket.waking})

    async def end(self, event: str, said: dict[str, Any]) -> web.StreamResponse:
        """The last line: what is said of the photo."""
        return await self._end({"event": event, event: said})

    async def refuse(self, problem: Problem) -> web.StreamResponse:
        """The last line, where nothing can be said of it."""
        return await self._end(
            {"event": "problem", "problem": problem.document(language_of(self._request))}
        )

    async def _end(self, line: dict[str, Any]) -> web.StreamResponse:
        response = await self._write(line)
        await response.write_eof()
        return response

    async def _write(self, line: dict[str, Any]) -> web.StreamResponse:
        if self._response is None:
            # Without the hint, nginx would keep the lines back until the last has come.
            headers = {**PRIVATE, "Content-Type": EVENTS, "X-Accel-Buffering": "no"}
            self._response = web.StreamResponse(headers=headers)
            await self._response.prepare(self._request)
        await self._response.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        return self._response


def describe(key: str, reply: CaptionReply, prefix: str = "") -> dict[str, Any]:
    """A reply as the interface tells it; `prefix` is the path that its addresses are below."""
    best, *others = reply.captions
    language = reply.language or ENGLISH
    others.sort(key=lambda other: other.rank, reverse=True)
    return {
        "id": key,
        "caption": best.text,
        "language": language,
        "confidence": None if reply.confidence is None else round(reply.confidence, 4),
        "unsure": is_unsure(reply.confidence),
        "alt_text": alt_text(best, reply.confidence, language),
        "log_prob": _finite(best.log_prob),
        "score": _finite(best.rank),
        **_words(best, reply),
        "alternatives": [
            {
                "caption": other.text,
                "log_prob": _finite(other.log_prob),
                "score": _finite(other.rank),
            }
            for other in others
        ],
        "model": reply.model,
        **_links(f"{prefix}/api/captions/{key}", attention=reply.grid != (0, 0)),
    }


def describe_answer(question: str, reply: CaptionReply) -> dict[str, Any]:
    """A reply to a question as the interface tells it."""
    best = reply.captions[0]
    return {
        "question": question,
        "answer": best.text,
        "language": reply.language or ENGLISH,
        "confidence": None if reply.confidence is None else round(reply.confidence, 4),
        "unsure": is_unsure(reply.confidence),
        "log_prob": _finite(best.log_prob),
        "score": _finite(best.rank),
        **_words(best, reply),
        "model": reply.model,
    }


def _words(best: Caption, reply: CaptionReply) -> dict[str, Any]:
    """The words of a sentence, and the grid of their attention weights."""
    return {
        "words": [
            {
                "word": word.text,
                "log_prob": _finite(word.log_prob),
                "sure": None if reply.confidence is None else is_sure(word),
                "level": level,
                "certainty": None if word.certainty is None else round(word.certainty, 4),
                "attention": [round(alpha, 6) for alpha in word.attention],
            }
            for word, level in zip(best.words, levels(best.words, reply.confidence), strict=True)
        ],
        "grid": list(reply.grid),
    }


def _links(base: str, *, attention: bool) -> dict[str, str | None]:
    return {
        "attention_gif": f"{base}/attention.gif" if attention else None,
        "attention_sheet": f"{base}/attention.png" if attention else None,
        "photo": f"{base}/photo.jpg",
    }


def _finite(log_prob: float) -> float:
    """JSON has no infinity; nothing less likely than this is ever said."""
    return -1e4 if math.isnan(log_prob) else round(min(max(log_prob, -1e4), 0.0), 4)


def download(media: Media, name: str) -> web.Response:
    """A file with a name to save it under; a browser may show it as well."""
    return web.Response(
        body=media.body,
        content_type=media.content_type,
        headers={**PRIVATE, "Content-Disposition": f'inline; filename="captionbot-{name}"'},
    )


log = logging.getLogger(__name__)
Work = Callable[[web.Request, EventStream | None], Awaitable[dict[str, Any]]]


async def respond(
    request: web.Request, work: Work, *, event: str, done: str, outcomes: Counter
) -> web.StreamResponse:
    """The response that holds what `work` comes to, which has a `language`.

    In steps, the last line is an `event` of that name. `done` is the outcome where all goes well.
    Raises Problem for what is refused before the first step.
    """
    stream = EventStream.wanted(request)
    try:
        said = await _counted(request, stream, work, done=done, outcomes=outcomes)
    except Problem as problem:
        if stream is None or not stream.begun:
            raise
        return await stream.refuse(problem)
    if stream is not None:
        return await stream.end(event, said)
    return web.json_response(said, headers={**PRIVATE, "Content-Language": said["language"]})


async def _counted(
    request: web.Request, stream: EventStream | None, work: Work, *, done: str, outcomes: Counter
) -> dict[str, Any]:
    outcome = "internal"
    try:
        said = await work(request, stream)
        outcome = done
    except Problem as problem:
        outcome = problem.code
        raise
    except (asyncio.CancelledError, ConnectionError):
        outcome = "disconnected"
        raise
    except Exception as error:
        log.exception("a request could not be answered")
        raise Problem("internal") from error
    finally:
        outcomes.labels(outcome).inc()
    return said
