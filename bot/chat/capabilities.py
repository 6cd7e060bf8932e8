"""What the workers can do, as far as a bot knows: every door asks here, and nowhere else.

Nothing asks for the name of an engine. A door offers what at least one live worker can do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from bot.locales import ENGLISH, known
from captioner.capabilities import UNDECLARED, Capabilities
from captioner.queue.base import JobQueue, QueueUnavailable
from captioner.queue.messages import Length

_FOR = 5.0  # seconds
_PATIENCE, _PAUSE = 15.0, 0.1  # seconds to wait for the first worker, and between two looks
_EVERY = 30.0  # seconds after which changes are looked for


class WorkerCapabilities:
    """Asks the queue's registry of workers at most every few seconds."""

    def __init__(self, queue: JobQueue, *, now: Callable[[], float] = time.monotonic) -> None:
        self._queue, self._now = queue, now
        self._last: Capabilities | None = None
        self._until = 0.0  # by `now`

    async def current(self) -> Capabilities:
        """What at least one worker that is ready can do.

        While none is, what was known last; where none was ever heard of, what workers can do that
        do not declare it.
        """
        return await self.known() or UNDECLARED

    async def known(self) -> Capabilities | None:
        """As `current`; None where no worker was ever heard of."""
        if self._now() < self._until:
            return self._last
        try:
            declared = (await self._queue.workers()).capabilities
        except QueueUnavailable:
            return self._last
        if declared:  # a worker that has just become ready is not overlooked for a while
            self._last = Capabilities.of_all(declared)
            self._until = self._now() + _FOR
        return self._last

    async def changes(self) -> AsyncIterator[Capabilities | None]:
        """What workers can do: once that is known, and again whenever it has become something else.

        Where no worker is heard of for a while, first None.
        """
        begun, last = False, None
        until = self._now() + _PATIENCE
        while True:
            declared = await self.known()
            if declared is None and self._now() < until:
                await asyncio.sleep(_PAUSE)
                continue
            if not begun or declared != last:
                begun, last = True, declared
                yield declared
            await asyncio.sleep(_EVERY)

    async def language(self, wanted: str) -> str:
        """The language to ask for if somebody wants captions in one; English if it is not offered.

        As long as nobody knows what is offered, any language that the bot speaks is asked for: the
        reply says what became of it.
        """
        declared = await self.known()
        if declared is None:
            return known(wanted) or ENGLISH
        languages = declared.languages
        return offered(wanted, languages) or offered(ENGLISH, languages) or declared.language


def commands_lacking(declared: Capabilities) -> frozenset[str]:
    """The commands that nobody is offered, because no model does what they ask for."""
    lacking = {"ask": not declared.questions, "detail": len(lengths_of(declared)) < 2}
    return frozenset(name for name, lacks in lacking.items() if lacks)


def lengths_of(declared: Capabilities) -> tuple[Length, ...]:
    """How long captions can be, the shortest first."""
    return tuple(one for one in Length if one in declared.lengths)


def offered(wanted: str, languages: tuple[str, ...]) -> str | None:
    """Which of some languages is meant by a tag: "pt" by "pt-BR" and the reverse; None for none."""
    tags = {code.lower(): code for code in languages}
    tag = wanted.replace("_", "-").lower()
    while tag:
        if tag in tags:
            return tags[tag]
        tag = tag.rpartition("-")[0]
    primary = wanted.replace("_", "-").lower().partition("-")[0]
    return next((code for code in languages if code.lower().partition("-")[0] == primary), None)
