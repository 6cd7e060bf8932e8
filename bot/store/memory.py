"""MemoryStore: the store's contract within one process, gone when that ends."""

from __future__ import annotations

import secrets
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bot.store.base import (
    COUNTS_FOR,
    PREFERENCES_FOR,
    SECRET_BYTES,
    Preferences,
    Store,
    check_count,
    check_period,
    check_turn,
    last_days,
    today,
)

_SWEEP = 1000  # names kept, at the least, before those that are over are looked for


@dataclass(slots=True)
class _Turns:
    """When somebody took turns, oldest first, and when the last of them is over."""

    taken: deque[float] = field(default_factory=deque)
    until: float = 0.0


class MemoryStore(Store):
    """A Store for a single process.

    `now` counts seconds and never goes back; `today` is the day that is counted on.
    """

    lasting = False

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = today,
    ) -> None:
        self._now, self._today = now, today
        self._preferences: dict[str, tuple[float, Preferences]] = {}  # when they are forgotten
        self._turns: dict[str, _Turns] = {}
        self._once: dict[str, float] = {}  # when a key is free again
        self._notes: dict[str, tuple[float, set[str]]] = {}  # when they are forgotten
        self._counts: dict[date, Counter[str]] = {}
        self._secret = secrets.token_bytes(SECRET_BYTES)
        self._sweep_at = _SWEEP

    async def preferences(self, who: str) -> Preferences:
        until, preferences = self._preferences.get(who, (0.0, Preferences()))
        if until <= self._now():
            self._preferences.pop(who, None)
            return Preferences()
        self._preferences[who] = (self._now() + PREFERENCES_FOR, preferences)
        return preferences

    async def set_preferences(self, who: str, preferences: Preferences) -> None:
        self._sweep()
        self._preferences.pop(who, None)
        if preferences != Preferences():  # the defaults need no remembering
            self._preferences[who] = (self._now() + PREFERENCES_FOR, preferences)

    async def forget(self, who: str) -> None:
        self._preferences.pop(who, None)
        self._turns.pop(who, None)

    async def wait_for_turn(self, who: str, *, limit: int, seconds: float) -> float:
        check_turn(limit, seconds)
        self._sweep()
        now = self._now()
        turns = self._turns.setdefault(who, _Turns())
        while turns.taken and turns.taken[0] <= now - seconds:
            turns.taken.popleft()
        if len(turns.taken) >= limit:
            return turns.taken[-limit] + seconds - now
        turns.taken.append(now)
        turns.until = now + seconds
        return 0.0

    async def once(self, key: str, *, seconds: float) -> bool:
        check_period(seconds)
        self._sweep()
        now = self._now()
        if self._once.get(key, now) > now:
            return False
        self._once[key] = now + seconds
        return True

    async def seen(self, key: str) -> bool:
        return self._once.get(key, 0.0) > self._now()

    async def leave(self, key: str, note: str, *, seconds: float) -> None:
        check_period(seconds)
        self._sweep()
        now = self._now()
        until, notes = self._notes.get(key, (now, set()))
        self._notes[key] = (now + seconds, {note} | (notes if until > now else set()))

    async def collect(self, key: str) -> list[str]:
        until, notes = self._notes.pop(key, (0.0, set()))
        return list(notes) if until > self._now() else []

    async def notes(self, key: str, *, keep: bool = False) -> list[str]:
        until, notes = self._notes.get(key, (0.0, set()))
        if until <= self._now():
            return []
        if keep:
            self._notes[key] = (self._now() + PREFERENCES_FOR, notes)
        return list(notes)

    async def take_back(self, key: str, note: str) -> None:
        _, notes = self._notes.get(key, (0.0, set()))
        notes.discard(note)
        if not notes:
            self._notes.pop(key, None)

    async def count(self, name: str, by: int = 1) -> None:
        check_count(name)
        today = self._today()
        if today not in self._counts:
            kept = last_days(today, COUNTS_FOR)
            self._counts = {day: self._counts.get(day, Counter()) for day in kept}
        self._counts[today][name] += by

    async def counts(self, days: int = 7) -> dict[str, int]:
        total: Counter[str] = Counter()
        for day in last_days(self._today(), days):
            total.update(self._counts.get(day, Counter()))
        return dict(total)

    async def secret(self) -> bytes:
        return self._secret

    async def close(self) -> None:
        """Nothing to release."""

    def _sweep(self) -> None:
        """Forget what is over, once there is much: so sweeps are rare, and memory has a bound."""
        if self._kept() < self._sweep_at:
            return
        now = self._now()
        self._once = {key: until for key, until in self._once.items() if until > now}
        self._turns = {who: turns for who, turns in self._turns.items() if turns.until > now}
        self._preferences = {who: kept for who, kept in self._preferences.items() if kept[0] > now}
        self._notes = {key: notes for key, notes in self._notes.items() if notes[0] > now}
        self._sweep_at = max(_SWEEP, 2 * self._kept())

    def _kept(self) -> int:
        return len(self._once) + len(self._turns) + len(self._preferences) + len(self._notes)
