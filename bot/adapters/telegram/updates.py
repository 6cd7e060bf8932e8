"""Updates, however they come: understood, handled before they are confirmed, or written down.

Whatever a process had in hand when it ended, Telegram brings again, save what was confirmed. That
is so for updates that take too long: those that follow are shown to nobody before.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, Update
from telegram.request import HTTPXRequest

from bot.asyncio_utils import finish
from bot.chat.pending import Journal, Notes

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
_KEPT = 3600.0  # seconds; who asked before does not wait any more
_HALF = re.compile("[\ud800-\udfff]")


def update_in(values: object, bot: Bot | None = None) -> Update | None:
    """The update that some JSON describes; None where it describes none."""
    if not isinstance(values, dict) or type(values.get("update_id")) is not int:
        return None
    try:
        return Update.de_json(_whole(values), bot)
    except Exception as error:  # noqa: BLE001 - whatever its constructors make of a wrong value
        log.warning("telegram: an update makes no sense to us (%s)", type(error).__name__)
        return None


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    """The same without halves of characters, which the library cannot count in."""
    text = json.dumps(values, ensure_ascii=False)
    if text.isascii() or not _HALF.search(text):
        return values
    whole: dict[str, Any] = json.loads(_HALF.sub("\N{REPLACEMENT CHARACTER}", text))
    return whole


class UpdatesRequest(HTTPXRequest):
    """Fetches updates, those that make no sense emptied.

    To the library one such is an error of the whole call, which it logs with all that people
    wrote; it would come again for ever, as it is never confirmed.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = HTTPXRequest.parse_json_payload(payload)
        updates = answer.get("result")
        if isinstance(updates, list):
            answer["result"] = [
                _whole(values) if update_in(values) else {"update_id": values["update_id"]}
                for values in updates
                if isinstance(values, dict) and type(values.get("update_id")) is int
            ]
        return answer


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


class PendingUpdates:
    """The journal of updates that are confirmed and not done."""

    def __init__(self, notes: Notes, bot: Bot) -> None:
        self._journal, self._bot = Journal(notes, "updates", seconds=_KEPT), bot
        self._written: dict[int, str] = {}  # update → what was written down of it
        self._removing: set[asyncio.Task[None]] = set()

    async def put(self, update: Update, task: asyncio.Task[None]) -> bool:
        """Whether an update is written down for as long as its task goes on."""
        written = update.to_json()
        if not await self._journal.add(written):
            return False
        self._written[update.update_id] = written
        self.watch(update, task)
        return True

    async def left_behind(self) -> list[Update]:
        """What processes wrote down that ended since. Raises StoreUnavailable, TimeoutError."""
        found = []
        for written in await self._journal.left_behind():
            if update := update_in(json.loads(written), self._bot):
                self._written[update.update_id] = written
                found.append(update)
        return sorted(found, key=lambda update: update.update_id)

    def watch(self, update: Update, task: asyncio.Task[None]) -> None:
        """Forget what was written down of an update once its task is done, and not cancelled."""

        def ended(_: asyncio.Task[None]) -> None:
            if not task.cancelled():
                written = self._written.pop(update.update_id)
                removing = asyncio.create_task(self._journal.remove(written))
                self._removing.add(removing)
                removing.add_done_callback(self._removing.discard)

        task.add_done_callback(ended)

    async def finish(self) -> None:
        """Returns when all is forgotten that is to be."""
        await asyncio.sleep(0)  # tasks that are done say so in the loop's next turn
        await asyncio.gather(*self._removing)
