"""Updates brought to a bot by webhook, as Telegram does it: until each call is answered well."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable

import aiohttp

from tests.support.telegram_server.world import Json, Refusal, World

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_PAUSE = 0.1  # seconds after a call that went wrong; Telegram waits longer
_PATIENCE = 30.0


class Caller:
    """Calls the webhook that is set, if one is; several updates at a time."""

    def __init__(self, world: World, changed: Callable[[], None]) -> None:
        self.info: Json | None = None  # as setWebhook had it
        self.targets: list[str] = []  # where a proxy would pass the calls on to; else the URL
        self.answers: list[int] = []  # HTTP status of each call; 0: no answer
        self._world = world
        self._changed = changed
        self._turn = itertools.count()
        self._open: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def set(self, params: Json) -> bool:
        """The method setWebhook."""
        if not params["url"].startswith(("http://127.", "https://")):
            why = "bad webhook: An HTTPS URL must be provided for webhook"
            raise Refusal(400, f"Bad Request: {why}")
        self.info = params
        self._world.webhook["url"] = params["url"]
        self.look()
        return True

    def delete(self, _params: Json) -> bool:
        """The method deleteWebhook."""
        self.info = None
        self._world.webhook["url"] = ""
        return True

    def look(self) -> None:
        """Bring what there is to bring."""
        if self.info is None:
            return
        allowed = self.info.get("allowed_updates") or ["message", "callback_query"]
        for update in self._world.updates:
            ident = update["update_id"]
            if ident not in self._open and set(update) & set(allowed):
                self._open[ident] = asyncio.get_running_loop().create_task(self._bring(update))

    async def stop(self) -> None:
        self.info = None
        tasks = list(self._open.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _bring(self, update: Json) -> None:
        try:
            while self.info is not None:
                status = await self._call(self.info, update)
                self.answers.append(status)
                if 200 <= status < 300:
                    self._world.updates = [u for u in self._world.updates if u is not update]
                    return
                self._changed()
                await asyncio.sleep(_PAUSE)
        finally:
            self._open.pop(update["update_id"], None)
            self._changed()

    async def _call(self, info: Json, update: Json) -> int:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        targets = self.targets or [info["url"]]
        headers = {_HEADER: info["secret_token"]} if "secret_token" in info else {}
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                url = targets[next(self._turn) % len(targets)]
                async with self._session.post(url, json=update, headers=headers) as response:
                    return response.status
        return 0
