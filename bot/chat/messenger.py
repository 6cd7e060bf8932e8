"""What a platform can do for a conversation: show that somebody waits, and send."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from bot.chat.models import Choice, CommandReply, Media, Place, Reply, Ticket
from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.rendering import Style
from bot.chat.speech import Speech, SpeechUnavailable, speak
from bot.locales import ENGLISH, say

if TYPE_CHECKING:
    from bot.chat.preferences import PreferenceService

log = logging.getLogger(__name__)

_SPEAKING_AT_ONCE = 2  # each is a process, for a moment
_MINUTE = 60.0
_LONGEST = 180.0  # seconds: by then the answer may have gone out by way of another process

P = TypeVar("P", bound=Place)
Remove = Callable[[], Awaitable[None]]


class Undeliverable(Exception):
    """The chat will never take this message: the bot was sent away, or may not send it there."""

    @property
    def for_lack_of_rights(self) -> bool:
        """Whether the chat takes messages, only none of this kind."""
        return False


class Messenger(ABC, Generic[P]):
    """Implemented once a platform. Nothing that it sends pings anybody or carries markup."""

    place: type[P]  # as the platform's jobs carry it
    style: ClassVar[Style]
    repeatable: ClassVar[bool] = False  # whether sending the same reply twice shows it once
    every: ClassVar[float]  # seconds for which `show` shows that somebody waits

    def __init__(self) -> None:
        self._speaking = asyncio.Semaphore(_SPEAKING_AT_ONCE)
        self._spots: dict[str, Hashable] = {}  # by key: of those who wait
        self._keys: dict[Hashable, dict[str, float]] = {}  # and until when each is waited for
        self._signs: dict[Hashable, asyncio.Task[None]] = {}

    @abstractmethod
    async def send(self, place: P, reply: Reply, *, key: str) -> bool:
        """Send an answer, trying for as long as that makes sense; whether the chat took it.

        The same `key` is the same answer.
        """

    async def refuse(self, place: P, refusal: Refusal, *, key: str) -> None:
        """Say to the person who asked why there will be no answer."""
        await self.say(place, refusal.text(place.lang), key=key)

    @abstractmethod
    async def say(self, place: P, text: str, *, key: str) -> None:
        """Say a sentence where an answer would stand; the same `key` is the same sentence."""

    async def answer_command(self, place: P, reply: CommandReply, *, key: str) -> None:
        """Say what a command says, once however often the platform tells us of it."""
        await self.say(place, reply.whole, key=key)

    # --- while somebody waits
    #
    # However many wait in a chat, it is shown there once: the platform and our own connections
    # would have more to do with a burst's signs than with its photos.

    @abstractmethod
    def key(self, place: P) -> str:
        """What is not wanted twice at a time."""

    @abstractmethod
    def spot(self, place: P) -> Hashable:
        """Where it shows that somebody waits."""

    @abstractmethod
    async def show(self, place: P) -> bool:
        """Show for a few seconds that somebody waits; False where that can never be."""

    def begin(self, place: P) -> bool:
        """Show that an answer is coming; False where the same is being answered already.

        It is shown until `ended`, or for three minutes at most.
        """
        key, spot = self.key(place), self.spot(place)
        if key in self._spots:
            return False
        self._spots[key] = spot
        until = asyncio.get_running_loop().time() + _LONGEST
        self._keys.setdefault(spot, {})[key] = until
        if spot not in self._signs:
            task = asyncio.create_task(self._show(spot, place), name=f"waiting {spot}")
            self._signs[spot] = task
            task.add_done_callback(partial(self._forget, spot))
        return True

    def turn(self, place: P) -> AbstractAsyncContextManager[object]:  # noqa: ARG002 - for platforms that use it
        """Held while a place is filled in, so that what comes later is also seen later."""
        return nullcontext()

    async def accepted(self, place: P, ticket: Ticket) -> None:
        """Show what there is to see until the answer comes."""

    async def note(self, place: P, text: str) -> Remove | None:  # noqa: ARG002 - for platforms that use it
        """Say something until the answer is there; what takes it away, None if nothing has to.

        Both may raise Undeliverable.
        """
        return None

    def ended(self, place: P) -> None:
        """Stop showing it: the answer is there, or there will be none."""
        self._drop(self.key(place))

    async def close(self) -> None:
        """Show nobody any more that they wait."""
        shown = list(self._signs.values())
        for known in (self._signs, self._keys, self._spots):
            known.clear()
        for task in shown:
            task.cancel()
        await asyncio.gather(*shown, return_exceptions=True)

    def _drop(self, key: str) -> None:
        """Nobody waits for a key any more; with the last one of a spot its sign ends."""
        if key not in self._spots:
            return
        spot = self._spots.pop(key)
        del self._keys[spot][key]
        if not self._keys[spot]:
            del self._keys[spot]
            self._signs.pop(spot).cancel()

    def _forget(self, spot: Hashable, task: asyncio.Task[None]) -> None:
        if self._signs.get(spot) is task:  # nothing can be shown there
            for key in list(self._keys[spot]):
                self._drop(key)

    async def _show(self, spot: Hashable, place: P) -> None:
        clock = asyncio.get_running_loop().time
        while keys := self._keys.get(spot):
            if not await self.show(place):
                return
            await asyncio.sleep(self.every)
            for key in [key for key, until in keys.items() if until <= clock()]:
                self._drop(key)

    # --- sounds

    async def sound(self, sentences: Sequence[str], language: str) -> Media | None:
        """Sentences as a file to hear; None where that cannot be done here."""
        speech = await self.spoken("\n".join(sentences), language)
        return Media("caption.ogg", speech.ogg, " ".join(sentences)) if speech else None

    async def spoken(self, text: str, language: str) -> Speech | None:
        """A text in a language, read aloud; None where that cannot be done here."""
        try:
            async with self._speaking:
                return await speak(text, language=language)
        except SpeechUnavailable as error:
            log.warning("nothing can be read aloud: %s", error)
            return None


class ChatMessenger(Messenger[P]):
    """A messenger for platforms where whatever is said is a message of its own.

    A platform implements `post`, `write` and `play`, which raise Undeliverable. Nothing else raises
    where a chat takes no messages, unless it says so.
    """

    def __init__(self, preferences: PreferenceService) -> None:
        super().__init__()
        self._preferences = preferences

    # --- what a platform does

    @abstractmethod
    async def post(self, place: P, reply: Reply, *, key: str) -> None:
        """Send an answer with all that goes with it."""

    @abstractmethod
    async def write(
        self,
        place: P,
        text: str,
        *,
        key: str,
        choices: Sequence[Choice] = (),
        question: str = "",
    ) -> None:
        """Send a sentence, with `choices` below it.

        With a `question`, offer yes and no, which carry it to `OwnerCommands.press`.
        """

    @abstractmethod
    async def play(self, place: P, speech: Speech, *, key: str) -> None:
        """Send a voice message."""

    # --- a question and its answer

    async def refuse(self, place: P, refusal: Refusal, *, key: str) -> None:
        if refusal.code is RefusalCode.SLOW_DOWN and not await self._preferences.first(
            f"{refusal.code}:{self.spot(place)}:{place.person}",
            seconds=refusal.retry_after or _MINUTE,
        ):
            return
        await super().refuse(place, refusal, key=key)

    async def send(self, place: P, reply: Reply, *, key: str) -> bool:
        try:
            await self.post(place, reply, key=key)
            if place.voice and place.wish.aloud and reply.spoken:
                text = "\n".join(reply.spoken)
                await self.read_aloud(place, text, key=f"{key}:voice", language=reply.language)
        except Undeliverable as error:
            log.info("an answer was not taken: %s", error)
            return False
        return True

    # --- sentences that need no worker

    async def say(
        self,
        place: P,
        text: str,
        *,
        key: str,
        choices: Sequence[Choice] = (),
        question: str = "",
    ) -> None:
        """Say something that is said once a day for a key."""
        # Marked after it is sent: of a process that dies in between, people hear twice, not never.
        if await self._preferences.was(f"said:{key}"):
            return
        try:
            await self.write(place, text, key=key, choices=choices, question=question)
        except Undeliverable as error:
            log.info("a message was not taken: %s", error)
        await self._preferences.first(f"said:{key}")

    async def answer_command(self, place: P, reply: CommandReply, *, key: str) -> None:
        """Say what a command says, once however often the platform tells us of it."""
        await self.say(place, reply.whole, key=key, choices=reply.choices, question=reply.question)
        if reply.aloud:
            with contextlib.suppress(Undeliverable):
                key, language = f"{key}:voice", reply.aloud_language
                await self.read_aloud(place, reply.aloud, key=key, language=language)

    async def read_aloud(self, place: P, text: str, *, key: str, language: str = ENGLISH) -> None:
        """Send a text in a language as a voice message; where that cannot be, say so once a day.

        Raises Undeliverable where the chat takes no messages at all.
        """
        code = "speech-unavailable"
        if speech := await self.spoken(text, language):
            try:
                await self.play(place, speech, key=key)
            except Undeliverable as error:
                if not error.for_lack_of_rights:
                    raise
                code = "voice-not-welcome"
            else:
                return
        await self.say(place, say(code, place.lang), key=f"{self.spot(place)}:{code}")
