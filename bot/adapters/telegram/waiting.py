"""“typing …” in a chat for as long as somebody waits there."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.adapters.telegram.courier import Courier, Place
from bot.adapters.telegram.pictures import seconds_to_wait

log = logging.getLogger(__name__)

_EVERY = 4.5  # seconds; Telegram shows an action for five
_LONGEST = 180.0  # seconds: by then the answer may have gone out by way of another process


class Waiting:
    """Who waits for what. A key is in use from `begin` to `end`, or three minutes at most."""

    def __init__(self, bot: Bot, courier: Courier) -> None:
        self._bot = bot
        self._courier = courier
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def begin(self, key: str, place: Place, action: ChatAction) -> bool:
        """Show that something is coming; False if it was being shown for this key already."""
        if key in self._tasks:
            return False
        task = asyncio.create_task(self._show(place, action), name=f"waiting {key}")
        self._tasks[key] = task
        task.add_done_callback(partial(self._forget, key))
        return True

    def end(self, key: str) -> None:
        """The answer is there, or there will be none."""
        if task := self._tasks.pop(key, None):
            task.cancel()

    async def close(self) -> None:
        """Stop showing anything."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

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
