"""Valid inputs → inputs that are nearly valid. The same dice make the same input."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

_MOST = 200_000  # bytes: what has grown beyond is cut
_HEAD = 256  # bytes from the start: half of all changes are made there, where formats say most
_INTERESTING = (
    0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 63, 64, 100, 127, 128, 255, 256, 512, 1023, 4095,
    32_767, 32_768, 65_535, 65_536, 2**24, 2**31 - 1, 2**31, 2**32 - 1,
)  # fmt: skip
_PNG = b"\x89PNG\r\n\x1a\n"

# What people write when they want to see something break.
TEXTS: tuple[str, ...] = (
    "", " ", "\0", "\n" * 50, "\ud800", "\udfff tail", "\u202eevil\u202c", "\u200b\u200d\u2060",
    "👩‍👩‍👧‍👦" * 40, "é\u0301" * 100, "Z\u0351\u0489" * 60, "\ufeff", "\x1b[31mred", "a" * 5000,
    "../../etc/passwd", "/etc/passwd", "http://127.0.0.1:9/", "file:///etc/passwd",
    "//169.254.169.254/latest/meta-data", "<b>&amp;</b>", "@everyone", "<@1>", "%s%n{0}${x}{{}}",
    "{ $limit }", "NaN", "1e999", "-1", "٣٤", "null", "/caption@", "'; DROP TABLE",
)  # fmt: skip
NUMBERS: tuple[int | float, ...] = (
    0, 1, -1, 2, 31, 255, 256, 4096, 65_536, 2**31, -(2**31), 2**32, 2**53 + 1, 2**63 - 1, -(2**63),
)  # fmt: skip
# Numbers that no platform sends, but a file or another program may.
_WILD: tuple[int | float, ...] = (2**64, 10**30, 0.5, -0.0, 1e308, float("nan"), float("inf"))

_OF_THE_PLATFORM = ("type", "component_type")  # numbers and words that nobody but it chooses

Change = Callable[[bytearray, Random, Sequence[bytes]], None]


def mutated(seed: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """The bytes with one to six changes; now and then a part of another seed is put in."""
    data = bytearray(seed)
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4, 6))):
        dice.choice(_CHANGES)(data, dice, others)
    del data[_MOST:]
    if data.startswith(_PNG) and dice.random() < 0.6:
        return _with_checksums(bytes(data))
    return bytes(data)


def _place(data: bytearray, dice: Random) -> int:
    reach = min(len(data), _HEAD) if dice.random() < 0.5 else len(data)
    return dice.randrange(reach) if reach else 0


def _flip(data: bytearray, dice: Random, _: Sequence[bytes]) -> None:
    if data:
        data[_place(data, dice)] ^= 1 << dice.randrange(8)


def _byte(data: bytearray, dice: Random, _: Sequence[bytes]) -> None:
    if data:
        data[_place(data, dice)] = dice.randrange(256)


def _number(data: bytearray, dice: Random, _: Sequence[bytes]) -> None:
    size, order = dice.choice((1, 2, 4, 8)), dice.choice(("big", "little"))
    value = dice.choice(_INTERESTING) % 256**size
    at = _place(data, dice)
    data[at : at + size] = value.to_bytes(size, "big" if order == "big" else "little")


def _cut(data: bytearray, dice: Random, _: Sequence[bytes]) -> None:
    at = _place(data, dice)
    del data[at : at + dice.choice((1, 2, 4, 16, 200))]


def _truncate(data: bytearray, dice: Random, _: Sequence[bytes]) -> None:
    del data[dice.randrange(len(data) + 1) :]


def _repeat(data: bytearray, dice: Random, _: Sequence[bytes]) -> None:
    at, size = _place(data, dice), dice.choice((1, 4, 16, 64, 300))
    data[at:at] = data[at : at + size] * dice.choice((1, 1, 2, 20))


def _insert(data: bytearray, dice: Random, _: Sequence[bytes]) -> None:
    at = _place(data, dice)
    data[at:at] = dice.randbytes(dice.choice((1, 2, 4, 32, 200)))


def _fill(data: bytearray, dice: Random, _: Sequence[bytes]) -> None:
    at, size = _place(data, dice), dice.choice((1, 2, 4, 8, 64))
    data[at : at + size] = dice.choice((b"\0", b"\xff", b"\x80")) * size


def _noise(data: bytearray, dice: Random, _: Sequence[bytes]) -> None:
    at = _place(data, dice)
    size = min(len(data) - at, dice.choice((8, 64, 1000)))
    data[at : at + size] = dice.randbytes(size)


def _splice(data: bytearray, dice: Random, others: Sequence[bytes]) -> None:
    other = dice.choice(others)
    start, at = dice.randrange(len(other) + 1), dice.randrange(len(data) + 1)
    size = dice.choice((4, 16, 100, len(other)))
    data[at : at + dice.choice((0, size))] = other[start : start + size]


def _swap(data: bytearray, dice: Random, _: Sequence[bytes]) -> None:
    first, second, size = _place(data, dice), _place(data, dice), dice.choice((1, 4, 32))
    one, two = data[first : first + size], data[second : second + size]
    if len(one) == len(two):
        data[first : first + size], data[second : second + size] = two, one


_CHANGES: tuple[Change, ...] = (
    *(_flip, _flip, _byte, _byte, _number, _number, _number),
    *(_cut, _truncate, _repeat, _insert, _fill, _noise, _splice, _swap),
)


def _with_checksums(data: bytes) -> bytes:
    """A PNG whose checksums are right, so that its decoder looks at what stands in it."""
    parts, at = [_PNG], len(_PNG)
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        if at + 12 + size > len(data):
            break
        body = data[at + 4 : at + 8 + size]
        parts += [data[at : at + 4], body, struct.pack(">I", zlib.crc32(body))]
        at += 12 + size
    return b"".join([*parts, data[at:]])


def mutated_value(value: Any, dice: Random, *, kinds: bool = True) -> Any:
    """A JSON value with one to three changes somewhere in it.

    With `kinds`, values may change their kind, as no honest platform would have it; without,
    a text stays a text and what was there may be another or be missing.
    """
    for _ in range(dice.choice((1, 1, 2, 3))):
        value = _changed(value, dice, kinds=kinds)
    return value


def _changed(value: Any, dice: Random, *, kinds: bool) -> Any:
    if isinstance(value, dict) and value and dice.random() < 0.9:
        return _changed_object(value, dice, kinds=kinds)
    if isinstance(value, list) and value and dice.random() < 0.8:
        return _changed_list(value, dice, kinds=kinds)
    if kinds and dice.random() < 0.5:
        return _anything(dice)
    return _another(value, dice, wild=kinds)


def _changed_object(value: dict[str, Any], dice: Random, *, kinds: bool) -> dict[str, Any]:
    changed = dict(value)
    key = dice.choice(list(changed))
    if key in _OF_THE_PLATFORM and not kinds:
        return changed
    chance = dice.random()
    if chance < 0.12 and kinds:
        del changed[key]
    elif chance < 0.16 and kinds:
        changed[dice.choice(TEXTS)] = _anything(dice)
    else:
        changed[key] = _changed(changed[key], dice, kinds=kinds)
    return changed


def _changed_list(value: list[Any], dice: Random, *, kinds: bool) -> list[Any]:
    changed, at = list(value), dice.randrange(len(value))
    chance = dice.random()
    if chance < 0.1:
        del changed[at]
    elif chance < 0.2:
        changed[at:at] = [changed[at]] * dice.choice((1, 2, 30))
    else:
        changed[at] = _changed(changed[at], dice, kinds=kinds)
    return changed


def _another(value: Any, dice: Random, *, wild: bool) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return dice.choice(NUMBERS + _WILD if wild else NUMBERS)
    if isinstance(value, str) and (wild or not value.startswith("$")):  # $…: filled in later
        text = dice.choice(TEXTS)
        return dice.choice((text, text + value, value + text, value[: len(value) // 2]))
    return value


def _anything(dice: Random) -> Any:
    deep: Any = []
    for _ in range(dice.choice((1, 3, 200))):
        deep = [deep]
    plain: tuple[Any, ...] = (None, True, False, [], {}, [[]], {"": None}, deep)
    return dice.choice((*plain, *TEXTS, *NUMBERS, *_WILD))


def dumped(value: Any) -> bytes:
    """The value as JSON; infinities and lone surrogates as other programs would write them."""
    return json.dumps(value).encode()


def mutated_json(
    seed: bytes, dice: Random, others: Sequence[bytes], *, kinds: bool = True
) -> bytes:
    """A JSON document changed in its values, or now and then in its bytes."""
    if dice.random() < (0.2 if kinds else 0.0):
        return mutated(seed, dice, others)
    return dumped(mutated_value(json.loads(seed), dice, kinds=kinds))
