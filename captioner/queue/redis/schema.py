"""How the queue is laid out in Redis: the names of all keys, and the form of stream entries.

All keys begin with the same hash tag, so that Redis Cluster keeps them on one node and one script
can use several. Persons and chats are hashed, so that key names are short and reveal nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal

from captioner.capabilities import Capabilities, CapabilitiesError
from captioner.queue.base import Claim
from captioner.queue.common import LANES
from captioner.queue.messages import Fields

GROUP = "captionbot"  # the consumer group of every stream

KeyKind = Literal[
    "replies",  # stream, by adapter: its replies until it has sent them
    "person",  # set, by the person's `digest`: their jobs, waiting or held, by `claim_name`
    "seen",  # string, by the `digest` of a dedupe key: the job that it led to
    "cache",  # hash, by the `digest` of a cache key: a reply's wire fields
    "sent",  # string, by the `digest` of a job's id: exists if its reply is being sent or was sent
    "kept",  # hash, by `claim_name`: the wire fields of a job that was given up
    "clock",  # number, by a name for some streams: the server's time (ms) at their last check
]


class Keys:
    """The key names under a prefix; raises ValueError for a prefix that breaks the hash tag."""

    def __init__(self, prefix: str) -> None:
        self._tag = hash_tag(prefix)
        # streams: jobs waiting or held, by lane; their lengths add up to the depth
        self.lanes = tuple(f"{self._tag}:jobs:{lane}" for lane in range(LANES))
        self.turns = f"{self._tag}:turns"  # number: jobs taken, for the share of the places
        self.workers = f"{self._tag}:workers"  # hash: what each worker said of itself, until when
        self.heard = f"{self._tag}:heard"  # hash: when each worker last said so, in ms
        self.capabilities = f"{self._tag}:capabilities"  # hash: what each worker can do, as JSON
        self.registry = [self.workers, self.heard, self.capabilities]  # what is kept of workers
        self.dead = f"{self._tag}:dead"  # stream: what became of jobs that could not be finished

    def of(self, kind: KeyKind, name: str) -> str:
        """The key of a kind for one adapter, person, job, …"""
        return f"{self._tag}:{kind}:{name}"


def hash_tag(prefix: str) -> str:
    """The hash tag that all keys of a prefix begin with; raises ValueError for a bad prefix."""
    if not prefix or {"{", "}"} & set(prefix):
        raise ValueError("a prefix of keys needs a letter and has no braces")
    return f"{{{prefix}}}"


def digest(text: str) -> str:
    """The hash of a text, for the name of a key."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


Entry = tuple[bytes, dict[bytes, bytes]]

_WEB_LIFETIME = 3_600_000  # ms; how long the reply stream of a web process outlives it


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
    return _WEB_LIFETIME if "." in adapter else 0


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
    """Fields that Redis gives as [field, value, field, value, …]; {} for a deleted entry."""
    each = iter(parts or ())
    return dict(zip(each, each, strict=True))
