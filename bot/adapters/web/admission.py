"""Who may ask now: the same for a photo, a question and an animation."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.adapters.web.access import asker, is_named
from bot.adapters.web.options import WebOptions
from bot.adapters.web.problems import Problem
from bot.adapters.web.rate_limit import AddressTurns

WAKING = 3  # seconds; when to come back while the model is loading


class Admission:
    """Looks at what is known before anything of a request's body is read."""

    def __init__(
        self, options: WebOptions, turns: AddressTurns, worker_ready: Callable[[], bool]
    ) -> None:
        self._options, self._turns, self._worker_ready = options, turns, worker_ready

    async def admit(self, request: web.Request) -> str:
        """Let something in that was sent; who limits are counted for.

        Raises Problem: cross_site, not_ready, slow_down, queue_unavailable.
        """
        cross_site = request.headers.get("Sec-Fetch-Site") == "cross-site"
        if cross_site and not is_named(request, self._options):
            raise Problem("cross_site")
        self.check_ready()
        return await self.turn(request)

    async def turn(self, request: web.Request) -> str:
        """Take a turn; whose it is. Raises Problem: slow_down, queue_unavailable."""
        person, per_minute = asker(request, self._options)
        await self._turns.take(person, per_minute=per_minute)
        return person

    def check_ready(self) -> None:
        """Raises Problem: not_ready, as far as this process knows of its worker."""
        if not self._worker_ready():
            raise not_ready()


def not_ready() -> Problem:
    """No worker can do anything yet."""
    return Problem("not_ready", retry_after=WAKING)
