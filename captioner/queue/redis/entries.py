"""Entries of streams as scripts and commands take and give them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from captioner.queue.base import Claim
from captioner.queue.messages import Fields

Entry = tuple[bytes, dict[bytes, bytes]]

_PASSING = 3600.0  # seconds that the replies stream of a web process outlives it


def claim_name(lane: int, entry: bytes) -> str:
    """A job's entry with its lane: what a claim, and the set of a person's jobs, call it."""
    return f"{lane}/{entry.decode()}"


def lane_and_entry(claim: Claim) -> tuple[int, str]:
    """What `claim_name` put together."""
    lane, _, entry = claim.entry.partition("/")
    return int(lane), entry


def milliseconds(seconds: float) -> int:
    """Seconds as Redis counts them."""
    return round(seconds * 1000)


def lives(adapter: str) -> int:
    """How long an adapter's replies outlive its last sign of life, in ms; 0 for ever.

    A web process ("web.INSTANCE") that is gone never returns under the same name; a bot does.
    """
    return milliseconds(_PASSING) if "." in adapter else 0


def flat(fields: Fields) -> list[bytes]:
    """Field, value, field, value…"""
    return [part for field in fields.items() for part in field]


def message(fields: Fields) -> list[bytes]:
    """The values of a wire message alone, in the order in which scripts take them."""
    return [fields[b"v"], fields[b"body"], fields[b"blob"]]


def shared_end(one: bytes, other: bytes) -> int:
    """How many bytes two have in common at their ends."""
    lengths = range(1, min(len(one), len(other)) + 1)
    return bisect_left(lengths, True, key=lambda length: one[-length:] != other[-length:])


def unflat(parts: Sequence[bytes] | None) -> dict[bytes, bytes]:
    """The reverse of `flat`; {} for an entry that is deleted."""
    each = iter(parts or ())
    return dict(zip(each, each, strict=True))


def entries(answer: Iterable[tuple[bytes, Sequence[bytes] | None, int]]) -> list[tuple[Entry, int]]:
    """Entries as a script gives them, and how often each was delivered."""
    return [((entry, unflat(parts)), deliveries) for entry, parts, deliveries in answer]
