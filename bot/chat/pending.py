"""Events that were taken and are not answered yet, written down for the next process.

What is written down is encrypted and lies under keyed hashes, so that whoever reads the store
alone learns neither who asked nor what. The key comes from CAPTIONBOT_HASH_KEY; without one it
comes from a secret in the store itself, and then only access to the whole store gives it away.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from bot.asyncio_utils import finish
from bot.chat.media import Link
from bot.chat.models import Place
from bot.chat.service import CaptionService
from bot.store import Store, StoreUnavailable
from bot.store.base import Seal
from captioner.queue.messages import Context

P = TypeVar("P", bound=Place)
T = TypeVar("T")

log = logging.getLogger(__name__)

_SECONDS = 2.0  # that the store may take
_PAUSE = 1.0  # seconds between two tries to read a journal
_POSITION_KEPT = 7 * 86_400.0  # seconds
_POSITION_AGAIN = 86_400.0  # seconds after which one is written down again, so that it is kept
_OUT_OF_REACH = (StoreUnavailable, TimeoutError)


class Notes:
    """Short texts that processes leave for each other, under names; without a store there are none.

    The same text twice under a name is one note: the encryption gives the same for the same.
    """

    def __init__(self, service: CaptionService, store: Store | None) -> None:
        self._service = service
        self._store = store
        self._seal: Seal | None = None

    async def leave(self, name: str, text: str, *, seconds: float) -> bool:
        """Leave a note that is gone after `seconds`; False where that cannot be now."""
        if self._store is None:
            return True  # there is no other process to leave it for
        try:
            async with asyncio.timeout(_SECONDS):
                key, seal = await self._where(name)
                await self._store.leave(key, seal.closed(text), seconds=seconds)
        except _OUT_OF_REACH as error:
            platform, why = self._service.platform, type(error).__name__
            log.info("%s: a note could not be left: %s", platform, why)
            return False
        return True

    async def read(self, name: str) -> list[str]:
        """The notes under a name, which stay there. Raises StoreUnavailable, TimeoutError."""
        if self._store is None:
            return []
        async with asyncio.timeout(_SECONDS):
            key, seal = await self._where(name)
            return seal.opened(await self._store.notes(key))

    async def collect(self, name: str) -> list[str] | None:
        """Take the notes under a name, for one caller only; None where that cannot be now."""
        if self._store is None:
            return None
        try:
            async with asyncio.timeout(_SECONDS):
                key, seal = await self._where(name)
                return seal.opened(await self._store.collect(key))
        except _OUT_OF_REACH:
            return None

    async def take_back(self, name: str, text: str) -> None:
        """Remove a note, if that can be; it goes by itself otherwise."""
        if self._store is None:
            return
        try:
            async with asyncio.timeout(_SECONDS):
                key, seal = await self._where(name)
                await self._store.take_back(key, seal.closed(text))
        except _OUT_OF_REACH as error:
            platform, why = self._service.platform, type(error).__name__
            log.info("%s: a note could not be taken back: %s", platform, why)

    async def _where(self, name: str) -> tuple[str, Seal]:
        """The key that notes of a name lie under, and how they are encrypted."""
        await self._service.prepare()
        if self._seal is None:
            self._seal = Seal(self._service.key_for("notes"))
        return self._service.hashed("notes", name), self._seal


class Journal:
    """What is in hand, for as long as somebody may wait for it.

    Notes lie under a name for each stretch of `seconds`, so that old ones go although new ones
    come; whoever reads looks at this stretch and the one before.
    """

    def __init__(self, notes: Notes, kind: str, *, seconds: float) -> None:
        self._notes, self._kind, self._seconds = notes, kind, seconds
        self._names: dict[str, str] = {}  # text → where this process left or found it
        self._in_hand: set[str] = set()  # what this process wrote down and is not done with
        self._forgetting: set[asyncio.Task[None]] = set()

    async def add(self, text: str) -> bool:
        """Write something down; False where that cannot be now."""
        name = self._stretches()[0]
        if not await self._notes.leave(name, text, seconds=self._seconds):
            return False
        self._names[text] = name
        self._in_hand.add(text)
        return True

    @asynccontextmanager
    async def during(self, text: str) -> AsyncIterator[bool]:
        """What is done inside stands in the journal; whether it could be written down.

        It stays there where the process ends in the midst of it, for another to take it up.
        """
        noted = await self.add(text)
        try:
            yield noted
        except asyncio.CancelledError:
            raise
        except BaseException:
            await self.remove(text)
            raise
        await self.remove(text)

    async def keep(self, text: str) -> None:
        """Write down what is to be known for as long as it happens again; once a stretch."""
        if self._names.get(text) != self._stretches()[0]:
            await self.add(text)

    async def remove(self, text: str) -> None:
        """It is done with."""
        self._in_hand.discard(text)
        if name := self._names.pop(text, ""):
            await self._notes.take_back(name, text)

    def forget_after(self, text: str, task: asyncio.Task[None]) -> None:
        """Remove what was written down once a task is done, and not cancelled."""
        forgetting = asyncio.create_task(self._forget_after(text, task))
        self._forgetting.add(forgetting)
        forgetting.add_done_callback(self._forgetting.discard)

    async def _forget_after(self, text: str, task: asyncio.Task[None]) -> None:
        await asyncio.wait({task})
        if not task.cancelled():
            await self.remove(text)

    async def finish(self) -> None:
        """Returns when all is forgotten that is to be; to be called when the tasks are done."""
        await asyncio.gather(*self._forgetting)

    async def left_behind(self) -> list[str]:
        """What other processes wrote down that may have ended since.

        Raises StoreUnavailable, TimeoutError.
        """
        return [text for text in await self.all() if text not in self._in_hand]

    async def all(self) -> list[str]:
        """What is written down, by whichever process. Raises as `left_behind`."""
        found: dict[str, str] = {}
        for name in self._stretches():
            found |= dict.fromkeys(await self._notes.read(name), name)
        self._names |= found
        return list(found)

    def _stretches(self) -> tuple[str, str]:
        now = int(time.time() // self._seconds)
        return f"{self._kind}:{now}", f"{self._kind}:{now - 1}"


async def in_time(read: Callable[[], Awaitable[T]]) -> T:
    """What is in the store, as soon as the store is there."""
    while True:
        try:
            return await read()
        except _OUT_OF_REACH as error:
            log.info("notes cannot be read yet: %s", type(error).__name__)
            await asyncio.sleep(_PAUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wants to know about pictures, such that another process can ask it."""

    id: int  # of what asked
    found: Sequence[Link]
    chat: str = ""  # as limits have it; "" where it is the person's own
    moment: int = 0  # of a video, where it is about that alone


_NOTE = TypeAdapter(tuple[Context, Question])


class PendingQuestions(Generic[P]):
    """A journal of questions that are in hand, and where their answers go."""

    def __init__(self, notes: Notes, place: type[P], *, seconds: float) -> None:
        self._place = place
        self._journal = Journal(notes, "asked", seconds=seconds)

    def during(self, place: P, question: Question) -> AbstractAsyncContextManager[bool]:
        """As `Journal.during`."""
        return self._journal.during(_written(place, question))

    async def catch_up(self, ask: Callable[[P, Question], Awaitable[None]]) -> None:
        """Have asked what processes had in hand that ended, as soon as the store is there."""

        async def again(note: str) -> None:
            if read := self._read(note):
                await ask(*read)
                await self._journal.remove(note)

        await asyncio.gather(*map(again, await in_time(self._journal.left_behind)))

    def _read(self, note: str) -> tuple[P, Question] | None:
        try:
            context, question = _NOTE.validate_json(note)
            return self._place.from_context(context), question
        except ValueError:
            log.info("a question of another version of this bot is passed over")
            return None


def _written(place: Place, question: Question) -> str:
    return _NOTE.dump_json((place.to_context(), question)).decode()


class Position:
    """How far a bot has read: the token of the last news of which everything was dealt with.

    A process that ends in between reads some news twice: the queue knows what it was asked, and
    the store what was said.
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._note = ""
        self._saved = (0.0, "")  # when, and which token
        self._open: deque[tuple[str, set[asyncio.Task[None]]]] = deque()

    async def load(self) -> str | None:
        """Where to go on, if that is known. Raises StoreUnavailable, TimeoutError."""
        notes = await self._notes.read("sync")
        newest = max(map(_position_in, notes), default=(0.0, ""))
        for note in notes:
            if _position_in(note) != newest:
                await self._notes.take_back("sync", note)
            else:
                self._note = note
        return newest[1] or None

    @property
    def busy(self) -> bool:
        """Whether something is being dealt with."""
        return bool(self._open)

    def add(self, token: str, tasks: set[asyncio.Task[None]]) -> None:
        """Deal with the events up to a token: these tasks do."""
        self._open.append((token, tasks))

    async def save(self) -> None:
        """Write down how far everything is dealt with, if that is further than before."""
        token = ""
        while self._open and all(task.done() for task in self._open[0][1]):
            if any(task.cancelled() for task in self._open[0][1]):
                break  # the next process is to take it up
            token = self._open.popleft()[0]
        now = time.time()
        if not token or (token == self._saved[1] and now < self._saved[0] + _POSITION_AGAIN):
            return
        note = json.dumps([now, token])
        if await self._notes.leave("sync", note, seconds=_POSITION_KEPT):
            if self._note:
                await self._notes.take_back("sync", self._note)
            self._note, self._saved = note, (now, token)

    async def finish(self, grace: float) -> None:
        """Give what is in hand `grace` seconds, then cancel it, and write down how far it went."""
        await finish((task for _, tasks in self._open for task in tasks), grace)
        await self.save()


def _position_in(note: str) -> tuple[float, str]:
    try:
        when, token = json.loads(note)
        return float(when), str(token)
    except (ValueError, TypeError):  # of another version
        return 0.0, ""
