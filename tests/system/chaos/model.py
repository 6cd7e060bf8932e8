"""A vision model behind an address that reads a photo's number, on loopback."""

from __future__ import annotations

import base64
import random

from tests.support.chat_completions_server import (
    Behaviour,
    Call,
    ChatServer,
    hangs_up,
    raw,
    stalls,
    status,
)
from tests.system.chaos.photos import tag_of
from tests.system.chaos.worker import sentence

TIMEOUT = 5  # seconds for a call: the least that the setting takes


def reading() -> ChatServer:
    """Says which number is in a photo; of any other photo, that there is none."""
    return ChatServer(answers=_read)


def _read(call: Call) -> str:
    content = call.body["messages"][0]["content"]
    (url,) = (part["image_url"]["url"] for part in content if part["type"] == "image_url")
    tag = tag_of(base64.b64decode(url.partition(",")[2]))
    return "nothing to read" if tag is None else sentence(tag.number)


def trouble(chance: random.Random) -> Behaviour:
    """How a server fails."""
    behaviours: tuple[Behaviour, ...] = (
        status(429),
        status(429, retry_after="1"),
        status(500),
        status(503),
        hangs_up,
        stalls(TIMEOUT + 2.0),
        stalls(0.2, after=b'{"choices": [{"message": {"content": "a pict'),
        raw(b"<html>Bad gateway</html>", "text/html"),
    )
    return chance.choice(behaviours)
