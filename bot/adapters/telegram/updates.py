"""Updates, polled or by webhook: handled before they are confirmed, or written down.

Whatever a process had in hand when it ended, Telegram brings again, save what was confirmed. That
is so for updates that take too long: those that follow are shown to nobody before.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.adapters import AdapterError
from bot.adapters.telegram import Webhook
from bot.adapters.telegram.buttons import Buttons
from bot.adapters.telegram.media import seconds_to_wait
from bot.adapters.telegram.messages import Messages
from bot.asyncio_utils import finish, pauses
from bot.chat.pending import Journal, Notes
from bot.store import StoreUnavailable

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
_REMEMBERED = 2000  # updates; Telegram shows at most 100 that are not confirmed
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
    """Has updates handled, each once; an error is logged: handling it again would repeat it."""

    def __init__(self, messages: Messages, buttons: Buttons, *, patience: float = PATIENCE) -> None:
        self._messages, self._buttons = messages, buttons
        self.patience = patience  # seconds; for how long whoever brings an update waits
        self.known: dict[int, asyncio.Task[None]] = {}  # by age
        self._in_hand: set[asyncio.Task[None]] = set()

    def start(self, update: Update) -> asyncio.Task[None]:
        """Have an update handled; it may be confirmed when this is done, and not cancelled."""
        known = self.known.get(update.update_id)
        if known is not None and not known.cancelled():
            return known
        task = asyncio.create_task(self._handle(update), name=f"update {update.update_id}")
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        self.known[update.update_id] = task
        if len(self.known) > _REMEMBERED:
            del self.known[next(iter(self.known))]
        return task

    async def finish(self, grace: float) -> None:
        """Give what is in hand `grace` seconds, then cancel it; returns when all has ended."""
        await finish(self._in_hand, grace)

    async def _handle(self, update: Update) -> None:
        try:
            if update.callback_query is not None:
                await self._buttons.press(update.callback_query)
            elif update.my_chat_member is not None:
                await self._messages.membership(update.my_chat_member)
            elif message := update.message or update.channel_post:
                await self._messages.message(message)
            elif message := update.edited_message or update.edited_channel_post:
                await self._messages.message(message, edited=True)
        except Exception:
            log.exception("telegram: an update could not be handled")


# --- polling

_LONG_POLL = 30  # seconds
# Seconds between looks for new updates while earlier ones are being handled; more, if none come.
_GLANCE, _SLOWEST_GLANCE = 0.25, 2.0
_SECOND = (
    "something else receives this bot's messages (a second bot process with the same token, or a "
    "webhook); stop it"
)
_CROWD = 50  # updates; of more than so many those that are slow are confirmed although not done


class Poller:
    """Has every update handled, many at a time, and confirms those that are.

    The library's own updater confirms an update when it has it in memory, so a process that is
    killed loses what it was about to do. Here the offset stays at the oldest update that is still
    being handled: whatever a killed process had not finished comes again after its restart.

    Telegram shows a hundred at most that are not confirmed. So that a few chats that cannot be
    answered do not hold up all others, slow ones are confirmed before there are so many, and
    written down for the next process: see Journal.
    """

    def __init__(self, bot: Bot, dispatcher: Dispatcher, notes: Notes) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._journal = Journal(notes, "updates", seconds=_KEPT)  # confirmed, and not done
        self._caught_up = False  # with what was written down before this start
        self._open: dict[int, _Open] = {}  # to be confirmed when done, oldest first
        self._glance = _GLANCE
        self._next: int | None = None  # one more than the newest update seen
        self.connected = True  # whether Telegram answered the last time that it was asked

    async def subscribe(self) -> None:
        """Take the bot over from a webhook. Raises TelegramError."""
        await self._bot.delete_webhook()

    async def run(self) -> None:
        """Poll for ever. Raises InvalidToken if the token stops being one."""
        outage: type[TelegramError] | None = None
        waits = pauses()
        while True:
            if not self._caught_up:
                await self._catch_up()
            try:
                updates = await self._bot.get_updates(
                    offset=min(self._open, default=self._next),
                    timeout=0 if self._open else _LONG_POLL,
                    allowed_updates=KINDS,
                )
            except InvalidToken:
                raise
            except TelegramError as error:
                self.connected = False
                if outage is not type(error):
                    why = _SECOND if isinstance(error, Conflict) else f"cannot be reached ({error})"
                    log.warning("telegram: %s; trying on", why)
                outage = type(error)
                await asyncio.sleep(max(next(waits), seconds_to_wait(error)))
                continue
            self.connected = True
            if outage is not None:
                log.info("telegram: connected again")
                outage, waits = None, pauses()
            self._start(updates)
            if self._open:
                tasks = [one.task for one in self._open.values()]
                await asyncio.wait(tasks, timeout=self._glance)
            await self._close()

    async def finish(self, grace: float) -> None:
        """Give what is being handled `grace` seconds, then confirm what is done."""
        await self._dispatcher.finish(grace)
        await self._close()
        await self._journal.finish()
        if self._next is None:
            return
        try:
            async with asyncio.timeout(grace):
                offset = min(self._open, default=self._next)
                await self._bot.get_updates(offset, limit=1, timeout=0)
        except (TelegramError, TimeoutError):
            log.debug("the last updates could not be confirmed: they will come again")

    def _start(self, updates: tuple[Update, ...]) -> None:
        self._glance = min(1.5 * self._glance, _SLOWEST_GLANCE)
        for update in updates:
            self._next = update.update_id + 1
            if update.update_id in self._dispatcher.known:
                continue
            self._glance = _GLANCE
            now = asyncio.get_running_loop().time()
            self._open[update.update_id] = _Open(update, self._dispatcher.start(update), now)

    async def _catch_up(self) -> None:
        """Have done what was written down; later, if the store cannot be reached."""
        try:
            notes = await self._journal.left_behind()
        except (StoreUnavailable, TimeoutError):
            return
        self._caught_up = True
        found = [(update_in(json.loads(note), self._bot), note) for note in notes]
        left = {update.update_id: (update, note) for update, note in found if update}
        for _, (update, note) in sorted(left.items()):
            self._journal.forget_after(note, self._dispatcher.start(update))

    async def _close(self) -> None:
        late = asyncio.get_running_loop().time() - self._dispatcher.patience
        for ident, one in list(self._open.items()):
            if one.task.done():
                if not one.task.cancelled():
                    del self._open[ident]
            elif len(self._open) > _CROWD and one.since < late:
                note = one.update.to_json()
                if not await self._journal.add(note):
                    return  # the store is away: rather nothing new is seen for a while
                self._journal.forget_after(note, one.task)
                log.warning("telegram: update %d takes very long; the next go before it", ident)
                del self._open[ident]


@dataclass(frozen=True, slots=True)
class _Open:
    """An update in hand."""

    update: Update
    task: asyncio.Task[None]
    since: float  # by the loop's clock


# --- by webhook

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST = 1_000_000  # bytes of an update; photos are not in it
_AT_ONCE = 100  # calls that Telegram may make at a time: as many as it can


class Receiver:
    """Listens for updates; each call is answered when its update is handled.

    Telegram calls us, so any number of processes can answer. One that dies has not answered, and
    Telegram calls again: nothing is lost. What comes twice to two processes is one job in the
    queue.
    """

    connected = True  # nobody has to ask

    def __init__(self, webhook: Webhook, bot: Bot, dispatcher: Dispatcher) -> None:
        self._webhook = webhook
        self._bot = bot
        self._dispatcher = dispatcher
        self._runner: web.AppRunner | None = None
        self._stopping = False
        self.port = webhook.port  # the one that it listens on, once it does

    async def subscribe(self) -> None:
        """Listen, and tell Telegram where to call. Raises TelegramError, AdapterError."""
        try:
            if self._runner is None:
                await self._listen()
            await self._bot.set_webhook(
                self._webhook.url,
                secret_token=self._webhook.secret,
                allowed_updates=KINDS,
                max_connections=_AT_ONCE,
            )
        except OSError as error:
            raise AdapterError(
                f"the webhook cannot listen ({error.strerror or error}): set "
                "CAPTIONBOT_WEBHOOK_HOST or CAPTIONBOT_WEBHOOK_PORT"
            ) from None
        except BadRequest as error:
            if "resol" in error.message:  # a name server that is away comes back
                raise
            raise AdapterError(
                f"Telegram does not accept TELEGRAM_WEBHOOK_URL: {error.message}"
            ) from None

    async def _listen(self) -> None:
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_post(urlsplit(self._webhook.url).path or "/", self._receive)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._webhook.host, self._webhook.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def run(self) -> None:
        """Wait for ever: updates come by themselves."""
        await asyncio.get_running_loop().create_future()

    async def finish(self, grace: float) -> None:
        """Finish what is in hand within `grace` seconds; the rest Telegram brings again.

        The webhook stays: what comes while nobody listens waits at Telegram's.
        """
        self._stopping = True
        await self._dispatcher.finish(grace)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._webhook.secret.encode()):
            return web.Response(status=403)
        body = await request.read()
        if self._stopping:
            return web.Response(status=503)
        try:
            update = update_in(json.loads(body), self._bot)
        except (ValueError, RecursionError):
            update = None
        if update is None:
            log.warning("telegram: a call with the right secret brought no update")
            return web.Response(status=400)
        task = self._dispatcher.start(update)
        await asyncio.wait({task}, timeout=self._dispatcher.patience)
        if not task.done() or task.cancelled():
            return web.Response(status=503)  # to be brought again
        return web.Response()
