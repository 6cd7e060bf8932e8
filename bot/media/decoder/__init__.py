"""Separate processes that open foreign files, and the frames they are spoken to with.

`python -m bot.media.decoder.photos` and `python -m bot.media.decoder.video_worker` (videos and
animations) read files from their standard input and write answers to their standard output, one
answer a file, in order; they end when their input ends. A frame is a length (four bytes,
big-endian) and that many bytes. Before the first file a process says READY, or UNCONFINED where it
is held by limits alone.

This module is what both sides share; it imports nothing that opens pictures.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

LENGTH = struct.Struct(">I")
MAX_ANSWER_BYTES = 1_500_000  # a 512 x 512 JPEG of pure noise has about 300 kB
LONGEST = 1e6  # seconds; a film that claims to be longer is taken to end here
READY, UNCONFINED = b"ready", b"ready, unconfined"

_SIZE = struct.Struct(">HH")
_SHOT = struct.Struct(">ddHHI")
_PHOTO, _SHOTS, _REFUSAL = b"+", b"*", b"-"
_WORD = re.compile("[a-z]{1,20}")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that could be opened, as a small JPEG."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shot:
    """A part of a video without a cut, and the photo that stands for it."""

    start: float  # seconds from the beginning
    end: float
    photo: Photo


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a file has no photo: the value of a `bot.chat.refusals.RefusalCode`, and its figures."""

    reason: str
    figures: dict[str, int | str]


def encode_answer(answer: Photo | Rejection) -> bytes:
    """The payload of an answer's frame."""
    if isinstance(answer, Photo):
        return _PHOTO + _SIZE.pack(answer.width, answer.height) + answer.jpeg
    return _REFUSAL + json.dumps({"reason": answer.reason, "figures": answer.figures}).encode()


def decode_answer(payload: bytes) -> Photo | Rejection:
    """What a frame says; raises ValueError for anything that `encode_answer` does not make.

    The process that wrote it may have been taken over by a hostile picture.
    """
    kind, body = payload[:1], payload[1:]
    if kind == _PHOTO and len(body) > _SIZE.size:
        width, height = _SIZE.unpack_from(body)
        return Photo(body[_SIZE.size :], width, height)
    return _refusal(kind, body)


def encode_shots(answer: Sequence[Shot] | Rejection) -> bytes:
    """The payload of an answer's frame, of a process that opens videos."""
    if isinstance(answer, Rejection):
        return encode_answer(answer)
    parts = [_SHOTS]
    for shot in answer:
        photo = shot.photo
        head = _SHOT.pack(shot.start, shot.end, photo.width, photo.height, len(photo.jpeg))
        parts += [head, photo.jpeg]
    return b"".join(parts)


def decode_shots(payload: bytes) -> list[Shot] | Rejection:
    """What a frame says; raises ValueError for anything that `encode_shots` does not make."""
    kind, body = payload[:1], payload[1:]
    if kind != _SHOTS:
        return _refusal(kind, body)
    shots: list[Shot] = []
    at, time = 0, 0.0
    while at < len(body):
        if len(body) - at < _SHOT.size:
            raise ValueError("a shot that breaks off")
        start, end, width, height, length = _SHOT.unpack_from(body, at)
        at += _SHOT.size
        if not (time <= start <= end <= LONGEST and 0 < length <= len(body) - at):
            raise ValueError("not a shot that follows the one before")
        shots.append(Shot(start, end, Photo(body[at : at + length], width, height)))
        at, time = at + length, start
    if not shots:
        raise ValueError("a video without a shot")
    return shots


def _refusal(kind: bytes, body: bytes) -> Rejection:
    if kind != _REFUSAL:
        raise ValueError("neither a photo nor a refusal")
    values = json.loads(body)
    match values:
        case {"reason": str(reason), "figures": dict(figures)}:
            if all(_is_figure(figure) for figure in figures.values()):
                return Rejection(reason, figures)
    raise ValueError("not a refusal")


def _is_figure(value: object) -> bool:
    """A number or one plain word: what somebody is told must not be what a file wants to say."""
    if isinstance(value, str):
        return _WORD.fullmatch(value) is not None
    return isinstance(value, int)
