"""“typing …” in a chat for as long as somebody waits there, and a word on how long that may be."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.adapters.telegram.courier import Courier, Place, Undeliverable
from bot.adapters.telegram.pictures import seconds_to_wait

log = logging.getLogger(__name__)

_EVERY = 4.5  # seconds; Telegram shows an action for five
_LONGEST = 180.0  # seconds: by then the answer may have gone out by way of another process
_TELL_AFTER = 1.0  # seconds: whom we answer sooner need not be told that they wait
_NOTE_LONGEST = 3600.0  # seconds
_CLOSE_SECONDS = 5.0


class Waiting:
    """Who waits for what. A key is in use from `begin` to `end`, or three minutes at most."""

    def __init__(self, bot: Bot, courier: Courier) -> None:
        self._bot = bot
        self._courier = courier
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._notes: dict[str, tuple[asyncio.Event, asyncio.Task[None]]] = {}

    def begin(self, key: str, place: Place, action: ChatAction) -> bool:
        """Show that something is coming; False if it was being shown for this key already."""
        if key in self._tasks:
            return False
        task = asyncio.create_task(self._show(place, action), name=f"waiting {key}")
        self._tasks[key] = task
        task.add_done_callback(partial(self._forget, key))
        return True

    def tell(self, key: str, place: Place, text: str) -> None:
        """Say something to who waits for a key, unless the answer comes first.

        The message is taken away when the answer is there.
        """
        if key not in self._tasks or key in self._notes:
            return
        over = asyncio.Event()
        task = asyncio.create_task(self._note(place, text, over), name=f"note {key}")
        self._notes[key] = (over, task)
        task.add_done_callback(lambda _: self._notes.pop(key, None))

    def end(self, key: str) -> None:
        """The answer is there, or there will be none."""
        if task := self._tasks.pop(key, None):
            task.cancel()
        if note := self._notes.get(key):
            note[0].set()

    async def close(self) -> None:
        """Stop showing anything; what was said about waiting is taken away."""
        shown, notes = list(self._tasks.values()), list(self._notes.values())
        self._tasks.clear()
        for over, _ in notes:
            over.set()
        for task in shown:
            task.cancel()
        if notes:
            _, late = await asyncio.wait({task for _, task in notes}, timeout=_CLOSE_SECONDS)
            for task in late:
                task.cancel()
        await asyncio.gather(*shown, *(task for _, task in notes), return_exceptions=True)

    def _forget(self, key: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]

    async def _show(self, place: Place, action: ChatAction) -> None:
        clock = asyncio.get_running_loop().time
        until = clock() + _LONGEST
        while clock() < until:
            await self._courier.clear(place.chat)
            try:
                await self._bot.send_chat_action(place.chat, action, message_thread_id=place.thread)
            except (Forbidden, BadRequest):
                return
            except TelegramError as error:
                if wait := seconds_to_wait(error):
                    self._courier.hold(place.chat, wait)
            await asyncio.sleep(_EVERY)

    async def _note(self, place: Place, text: str, over: asyncio.Event) -> None:
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
