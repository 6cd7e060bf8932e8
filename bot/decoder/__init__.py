"""A separate process that opens foreign pictures, and the frames it is spoken to with.

`python -m bot.decoder` reads requests from its standard input and writes answers to its standard
output, one answer a request, in order; it ends when its input ends. A frame is a length (four
bytes, big-endian) and that many bytes. Before the first request the process says READY.

This module is what both sides share; it imports nothing that opens pictures.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass

LENGTH = struct.Struct(">I")
MAX_ANSWER_BYTES = 1_500_000  # a 512 x 512 JPEG of pure noise has about 300 kB
READY = b"ready"

_SIZE = struct.Struct(">HH")
_PHOTO, _REFUSAL = b"+", b"-"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that could be opened, as a small JPEG."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A picture that is not taken: the value of a `bot.intake.Reason`, and figures for its text."""

    reason: str
    figures: dict[str, int]


def encode_answer(answer: Photo | Refusal) -> bytes:
    """The payload of an answer's frame."""
    if isinstance(answer, Photo):
        return _PHOTO + _SIZE.pack(answer.width, answer.height) + answer.jpeg
    return _REFUSAL + json.dumps({"reason": answer.reason, "figures": answer.figures}).encode()


def decode_answer(payload: bytes) -> Photo | Refusal:
    """What a frame says; raises ValueError for anything that `encode_answer` does not make.

    The process that wrote it may have been taken over by a hostile picture.
    """
    kind, body = payload[:1], payload[1:]
    if kind == _PHOTO and len(body) > _SIZE.size:
        width, height = _SIZE.unpack_from(body)
        return Photo(body[_SIZE.size :], width, height)
    if kind != _REFUSAL:
        raise ValueError("neither a photo nor a refusal")
    values = json.loads(body)
    match values:
        case {"reason": str(reason), "figures": dict(figures)}:
            if all(isinstance(figure, int) for figure in figures.values()):
                return Refusal(reason, figures)
    raise ValueError("not a refusal")
