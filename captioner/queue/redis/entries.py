"""Converts stream entries to and from the form that scripts and commands use."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from captioner.capabilities import Capabilities, CapabilitiesError
from captioner.queue.base import Claim
from captioner.queue.messages import Fields

Entry = tuple[bytes, dict[bytes, bytes]]

_WEB_LIFETIME = 3600.0  # seconds; how long the reply stream of a web process outlives it


def claim_name(lane: int, entry: bytes) -> str:
    """A job's name in claims and in the set of a person's jobs: LANE/ENTRY."""
    return f"{lane}/{entry.decode()}"


def lane_and_entry(claim: Claim) -> tuple[int, str]:
    """The lane and the entry of a claim: the reverse of `claim_name`."""
    lane, _, entry = claim.entry.partition("/")
    return int(lane), entry


def milliseconds(seconds: float) -> int:
    """Seconds as whole milliseconds."""
    return round(seconds * 1000)


def reply_lifetime(adapter: str) -> int:
    """How long (ms) an adapter's replies are kept after it was last seen; 0: for ever.

    A web process ("web.INSTANCE") never comes back under the same name; a bot does.
    """
    return milliseconds(_WEB_LIFETIME) if "." in adapter else 0


def flatten(fields: Fields) -> list[bytes]:
    """[field, value, field, value, …]"""
    return [part for field in fields.items() for part in field]


def message_values(fields: Fields) -> list[bytes]:
    """The values of a wire message, in the order that scripts expect."""
    return [fields[b"v"], fields[b"body"], fields[b"blob"]]


def declared_capabilities(raw: bytes) -> Capabilities | None:
    """What a worker says that it can do; None where it says nothing that can be read."""
    try:
        return Capabilities.from_json(raw) if raw else None
    except CapabilitiesError:
        return None


def common_suffix_length(one: bytes, other: bytes) -> int:
    """The length of the common suffix of two byte strings."""
    lengths = range(1, min(len(one), len(other)) + 1)
    return bisect_left(lengths, True, key=lambda length: one[-length:] != other[-length:])


def unflatten(parts: Sequence[bytes] | None) -> dict[bytes, bytes]:
    """The reverse of `flatten`; {} for a deleted entry."""
    each = iter(parts or ())
    return dict(zip(each, each, strict=True))


def entries(answer: Iterable[tuple[bytes, Sequence[bytes] | None, int]]) -> list[tuple[Entry, int]]:
    """The entries in a script's answer, each with its number of deliveries."""
    return [((entry, unflatten(parts)), deliveries) for entry, parts, deliveries in answer]
