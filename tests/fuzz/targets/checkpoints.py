"""Checkpoints: safetensors files whose header, description or numbers were tampered with."""

from __future__ import annotations

import json
import struct
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from safetensors.numpy import save

from tests.fuzz.mutations import TEXTS, dumped, mutated, mutated_value
from tests.fuzz.target import Check, Outcome, Target, sentence

_LENGTH = struct.Struct("<Q")
_LENGTHS = (0, 1, 2, 7, 2**16, 2**24, 2**24 + 1, 2**31, 2**63, 2**64 - 1)
_DTYPES = ("F64", "F32", "F16", "BF16", "I64", "I32", "I8", "U8", "BOOL", "F8_E4M3", "Q4", "")
_NUMBERS = (-1, 0, 1, 7, 8, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64 - 1, 2**64)
_KEY = "captionbot"
Header = dict[str, Any]


@cache
def whole() -> bytes:
    """A checkpoint that loads: a ResNet-18 without knowledge, int8, and small decoders."""
    from tests.support.models import small_checkpoint, with_languages

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "whole.safetensors"
        with_languages(small_checkpoint()).save(path, int8=True)
        return path.read_bytes()


@cache
def _headers() -> Sequence[bytes]:
    """The beginning of such a file, and the whole of one that is no checkpoint of ours."""
    import numpy as np

    data = whole()
    (size,) = _LENGTH.unpack_from(data)
    other = save({"a": np.zeros((2, 3), np.float32), "b": np.ones(4, np.int8)}, {"format": "pt"})
    return [data[: 8 + size], other]


def _split(data: bytes) -> tuple[Header, bytes]:
    (size,) = _LENGTH.unpack_from(data)
    header: Header = json.loads(data[8 : 8 + size])
    return header, data[8 + size :]


def _joined(header: bytes, rest: bytes, length: int | None = None) -> bytes:
    return _LENGTH.pack(len(header) if length is None else length) + header + rest


def _mutate_header(seed: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """Lies about lengths, kinds, shapes and places, in any part of the header."""
    chance = dice.random()
    if chance < 0.15:
        return mutated(seed, dice, others)
    header, rest = _split(seed)
    if chance < 0.25:
        return _joined(json.dumps(header).encode(), rest, dice.choice(_LENGTHS))
    rest += bytes(dice.choice((0, 0, 1, 64, 100_000)))
    for _ in range(dice.choice((1, 2, 3))):
        _lie(header, dice)
    return _joined(dumped(header), rest)


def _lie(header: Header, dice: Random) -> None:
    name = dice.choice(list(header)) if header else ""
    entry = header.get(name)
    chance = dice.random()
    if chance < 0.1 or not isinstance(entry, dict) or "data_offsets" not in entry:
        header[dice.choice((name, *TEXTS[:8]))] = mutated_value(entry or {}, dice)
    elif chance < 0.3:
        entry["data_offsets"] = [dice.choice(_NUMBERS), dice.choice(_NUMBERS)]
    elif chance < 0.5:
        entry["shape"] = [dice.choice(_NUMBERS) for _ in range(dice.choice((0, 1, 2, 4, 70)))]
    elif chance < 0.6:
        entry["dtype"] = dice.choice(_DTYPES)
    elif chance < 0.75:
        other = header[dice.choice(list(header))]
        if isinstance(other, dict) and "data_offsets" in other:
            entry["data_offsets"] = other["data_offsets"]  # two tensors in one place
    else:
        header[name] = mutated_value(entry, dice)


def _mutate_whole(seed: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    """A description that says something else, over weights that are all there."""
    header, rest = _split(seed)
    chance = dice.random()
    if chance < 0.7:
        document = json.loads(header["__metadata__"][_KEY])
        header["__metadata__"][_KEY] = dumped(mutated_value(document, dice)).decode()
    elif chance < 0.8:
        rest = rest[: dice.randrange(len(rest))]
    else:
        numbers = bytearray(rest)
        for _ in range(dice.choice((1, 50))):
            at = dice.randrange(len(numbers) - 8)
            numbers[at : at + 4] = dice.choice((b"\0\0\xc0\x7f", b"\0\0\x80\xff", b"\xff" * 4))
        rest = bytes(numbers)
    return _joined(dumped(header), rest)


@asynccontextmanager
async def _open() -> AsyncIterator[Check]:
    import torch

    from captioner.checkpoint.torch_checkpoint import CheckpointError, load_checkpoint

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "hostile.safetensors"
        path.write_bytes(whole())
        load_checkpoint(path)  # what is loaded at the first use is loaded now

        async def check(data: bytes) -> Outcome:
            path.write_bytes(data)
            try:
                found = load_checkpoint(path)
            except CheckpointError as error:
                return Outcome("refused", sentence(str(error)) and "CheckpointError")
            sentence(found.name)
            return Outcome("accepted")

        yield check


TARGETS = (
    Target(
        name="checkpoint-header",
        group="files",
        seeds=_headers,
        mutate=_mutate_header,
        open=_open,
        share=14,
    ),
    Target(
        name="checkpoint-whole",
        group="files",
        seeds=lambda: [whole()],
        mutate=_mutate_whole,
        open=_open,
        share=2,
    ),
)
