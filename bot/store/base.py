"""What a store promises, whatever it is made of; all processes of a bot share one.

Nobody is named in it: `who` is a keyed hash of a person or a chat (CaptionService.hashed), and
notes are sealed before they are left there.
"""

from __future__ import annotations

import binascii
import logging
import re
from abc import ABC, abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

log = logging.getLogger(__name__)


class StoreUnavailable(Exception):
    """The store's server cannot be reached now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a person or a chat has chosen; the defaults are what is so for everybody else."""

    language: str | None = None  # None: what the platform says
    captions: str | None = None  # the language of captions; None: the one the bot speaks
    told: str | None = None  # of which language they were told that captions are not in it
    length: str | None = None  # of captions; None: short
    voice: bool = False  # captions also as a voice message
    auto: bool = False  # a group where every photo is answered without being asked for


class Store(ABC):
    """Every method raises StoreUnavailable when the server cannot be reached."""

    lasting: ClassVar[bool]  # whether what is kept outlives the process

    @abstractmethod
    async def preferences(self, who: str) -> Preferences:
        """What somebody has chosen; the defaults where they never did."""

    @abstractmethod
    async def set_preferences(self, who: str, preferences: Preferences) -> None:
        """Remember it, for a year from the last time it was set or looked at."""

    @abstractmethod
    async def forget(self, who: str) -> None:
        """Remove everything that is kept under a name: choices and limits."""

    @abstractmethod
    async def wait_for_turn(self, who: str, *, limit: int, seconds: float) -> float:
        """Take one of `limit` turns that there are in any `seconds`.

        0.0 if there was one; otherwise the seconds after which there will be, none being taken.
        """

    @abstractmethod
    async def once(self, key: str, *, seconds: float) -> bool:
        """True for the first who asks with a key, of all processes, within `seconds`."""

    @abstractmethod
    async def seen(self, key: str) -> bool:
        """Whether `once` was asked with a key and its time is not over; this takes nothing."""

    @abstractmethod
    async def leave(self, key: str, note: str, *, seconds: float) -> None:
        """Leave a short note for whichever process collects those under a key.

        The same note twice is one. All under a key are gone `seconds` after the last.
        """

    @abstractmethod
    async def collect(self, key: str) -> list[str]:
        """The notes under a key, in no order; to one caller only, for they are gone then."""

    @abstractmethod
    async def notes(self, key: str, *, keep: bool = False) -> list[str]:
        """The notes under a key, in no order; they stay there, and with `keep` for a year more."""

    @abstractmethod
    async def take_back(self, key: str, note: str) -> None:
        """Remove a note that was left, if it is there."""

    @abstractmethod
    async def count(self, name: str, by: int = 1) -> None:
        """Add to today's count of something ("telegram.caption", "discord.refused.too_large")."""

    @abstractmethod
    async def counts(self, days: int = 7) -> dict[str, int]:
        """The sums of the last days' counts, today's included, by name."""

    @abstractmethod
    async def secret(self) -> bytes:
        """32 random bytes, the same for all processes of this store: the key of hashes where
        the operator sets none.
        """

    @abstractmethod
    async def close(self) -> None:
        """Release connections."""


PREFERENCES_FOR = 365 * 86_400.0  # seconds from the last time they were set or looked at
COUNTS_FOR = 90  # days
SECRET_BYTES = 32
_COUNT = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,99}")


def today() -> date:
    """The day that is counted on: everybody's, for it is UTC's."""
    return datetime.now(UTC).date()


def last_days(end: date, days: int) -> list[date]:
    """So many days that end with one, as far as counts are kept; raises ValueError below one."""
    if days < 1:
        raise ValueError("counts are of one day at least")
    return [end - timedelta(days=n) for n in range(min(days, COUNTS_FOR))]


def check_turn(limit: int, seconds: float) -> None:
    """Raises ValueError for a limit that nobody could ever keep, or that is none."""
    if limit < 1 or not 0 < seconds <= PREFERENCES_FOR:
        raise ValueError(f"{limit} turns in {seconds} s is no limit")


def check_period(seconds: float) -> None:
    """Raises ValueError for a time that is none."""
    if not 0 < seconds <= PREFERENCES_FOR:
        raise ValueError(f"{seconds} s is no time to remember something for")


def check_count(name: str) -> None:
    """Raises ValueError for what is no name of ours: nothing of a person's may be counted by."""
    if not _COUNT.fullmatch(name):
        raise ValueError("a count's name is short and plain, like telegram.caption")


class Seal:
    """Encrypts short notes: whoever reads the store alone learns nothing from them.

    The same note becomes the same text, so that a store knows it again.
    """

    def __init__(self, key: bytes) -> None:
        """`key` has 64 bytes."""
        self._cipher = AESSIV(key)

    def closed(self, note: str) -> str:
        """A note as it is stored."""
        return b64encode(self._cipher.encrypt(note.encode(), None)).decode()

    def opened(self, stored: Iterable[str]) -> list[str]:
        """The notes; those of another key or version are passed over."""
        notes = []
        for text in stored:
            try:
                notes.append(self._cipher.decrypt(b64decode(text, validate=True), None).decode())
            except (InvalidTag, binascii.Error, ValueError):
                log.warning("a note was made under another key, and is passed over")
        return notes
