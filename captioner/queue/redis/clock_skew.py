"""A server's clock that is set back.

Redis tells how long somebody has held something by its own clock. What was delivered at a time that
then is yet to come counts as held until it has come, whoever holds it and however dead they are.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from captioner.queue.redis import scripts
from captioner.queue.redis.entries import milliseconds
from captioner.queue.redis.keys import GROUP, Keys
from captioner.queue.redis.server import Server

_REMEMBERED = 86_400.0


class ClockSkew:
    """Looks now and then whether the clock went back; what is held counts from then anew."""

    def __init__(self, server: Server, keys: Keys, *, visibility: float) -> None:
        self._server, self._keys = server, keys
        self._every = visibility / 3
        self._looked: dict[str, float] = {}  # by the monotonic clock of this process

    async def look(self, what: str, streams: Sequence[str]) -> None:
        """Look after streams; `what` is a name for them all."""
        if time.monotonic() - self._looked.get(what, -self._every) < self._every:
            return
        self._looked[what] = time.monotonic()
        keys = [self._keys.clock(what), *streams]
        await self._server.script(scripts.CLOCK, keys, [GROUP, milliseconds(_REMEMBERED)])
