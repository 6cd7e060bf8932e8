"""“typing …” in a chat for as long as somebody waits there, and a word on how long that may be."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.adapters.telegram.media import seconds_to_wait
from bot.adapters.telegram.place import TelegramPlace
from bot.adapters.telegram.sender import Sender, Undeliverable

log = logging.getLogger(__name__)

_EVERY = 4.5  # seconds; Telegram shows an action for five
_LONGEST = 180.0  # seconds: by then the answer may have gone out by way of another process
_TELL_AFTER = 1.0  # seconds: whom we answer sooner need not be told that they wait
_NOTE_LONGEST = 3600.0  # seconds
_CLOSE_SECONDS = 5.0


_Spot = tuple[int, int | None, ChatAction]  # chat, thread, what is shown there


class Progress:
    """Who waits for what. A key is in use from `begin` to `end`, or three minutes at most.

    However many wait in a chat, the action is shown there once: Telegram and our own connections
    would have more to do with a burst's actions than with its photos.
    """

    def __init__(self, bot: Bot, sender: Sender) -> None:
        self._bot = bot
        self._courier = sender
        self._spots: dict[str, _Spot] = {}  # by key
        self._keys: dict[_Spot, dict[str, float]] = {}  # and until when each is waited for
        self._tasks: dict[_Spot, asyncio.Task[None]] = {}
        self._notes: dict[str, tuple[asyncio.Event, asyncio.Task[None]]] = {}

    def begin(self, key: str, place: TelegramPlace, action: ChatAction) -> bool:
        """Show that something is coming; False if it was being shown for this key already."""
        if key in self._spots:
            return False
        spot = self._spots[key] = (place.chat, place.thread, action)
        until = asyncio.get_running_loop().time() + _LONGEST
        self._keys.setdefault(spot, {})[key] = until
        if spot not in self._tasks:
            task = asyncio.create_task(self._show(spot), name=f"waiting {spot}")
            self._tasks[spot] = task
            task.add_done_callback(partial(self._forget, spot))
        return True

    def tell(self, key: str, place: TelegramPlace, text: str) -> None:
        """Say something to who waits for a key, unless the answer comes first.

        The message is taken away when the answer is there.
        """
        if key not in self._spots or key in self._notes:
            return
        over = asyncio.Event()
        task = asyncio.create_task(self._note(place, text, over), name=f"note {key}")
        self._notes[key] = (over, task)
        task.add_done_callback(lambda _: self._notes.pop(key, None))

    def end(self, key: str) -> None:
        """The answer is there, or there will be none."""
        if key in self._spots:
            self._drop(key)
        if note := self._notes.get(key):
            note[0].set()

    async def close(self) -> None:
        """Stop showing anything; what was said about waiting is taken away."""
        shown, notes = list(self._tasks.values()), list(self._notes.values())
        for known in (self._tasks, self._keys, self._spots):
            known.clear()
        for over, _ in notes:
            over.set()
        for task in shown:
            task.cancel()
        if notes:
            _, late = await asyncio.wait({task for _, task in notes}, timeout=_CLOSE_SECONDS)
            for task in late:
                task.cancel()
        await asyncio.gather(*shown, *(task for _, task in notes), return_exceptions=True)

    def _drop(self, key: str) -> None:
        """Nobody waits for a key; with the last one of a chat its action ends."""
        spot = self._spots.pop(key)
        del self._keys[spot][key]
        if not self._keys[spot]:
            del self._keys[spot]
            self._tasks.pop(spot).cancel()

    def _forget(self, spot: _Spot, task: asyncio.Task[None]) -> None:
        if self._tasks.get(spot) is task:  # nothing can be shown there
            for key in list(self._keys[spot]):
                self._drop(key)

    async def _show(self, spot: _Spot) -> None:
        chat, thread, action = spot
        clock = asyncio.get_running_loop().time
        while keys := self._keys.get(spot):
            await self._courier.clear(chat)
            try:
                await self._bot.send_chat_action(chat, action, message_thread_id=thread)
            except (Forbidden, BadRequest):
                return
            except TelegramError as error:
                if wait := seconds_to_wait(error):
                    self._courier.hold(chat, wait)
            await asyncio.sleep(_EVERY)
            for key in [key for key, until in keys.items() if until <= clock()]:
                self._drop(key)

    async def _note(self, place: TelegramPlace, text: str, over: asyncio.Event) -> None:
        if await _within(_TELL_AFTER, over):
            return
        try:
            sent = await self._courier.text(place, text)
            await _within(_NOTE_LONGEST, over)
            await self._courier.delete(sent.chat.id, sent.message_id)
        except Undeliverable as error:
            log.info("telegram: a word on the waiting was not taken: %s", error)


async def _within(seconds: float, event: asyncio.Event) -> bool:
    """Whether something happens within a time; returns as soon as it does."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
