"""Updates, however they come: each is handled before it is confirmed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import Update

from bot.asyncio_utils import finish

log = logging.getLogger(__name__)

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
)
PATIENCE = 20.0  # seconds after which an update counts as slow


class Dispatcher:
    """Hands updates on; an error is logged, because handling the update again would repeat it."""

    def __init__(
        self, handle: Callable[[Update], Awaitable[None]], *, patience: float = PATIENCE
    ) -> None:
        self._handle = handle
        self.patience = patience  # seconds; for how long whoever brings an update waits
        self._in_hand: set[asyncio.Task[None]] = set()

    def start(self, update: Update) -> asyncio.Task[None]:
        """Have an update handled; it may be confirmed when this is done, and not cancelled."""
        task = asyncio.create_task(self._one(update), name=f"update {update.update_id}")
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        return task

    async def finish(self, grace: float) -> None:
        """Give what is in hand `grace` seconds, then cancel it."""
        await finish(self._in_hand, grace)

    async def _one(self, update: Update) -> None:
        try:
            await self._handle(update)
        except Exception:
            log.exception("an update could not be handled")
