"""An intake whose processes outlive a test: starting one takes longer than most tests.

Its photos are opened as any other intake's are; only `close` leaves the processes to later tests.
Their event loop has a thread of its own, for every test has another loop.
"""

from __future__ import annotations

import asyncio
import threading
from functools import cache
from typing import ClassVar

from bot.media.sanitizer import CleanPhoto, Intake


class SharedIntake(Intake):
    """In place of an Intake where a test is not about the processes."""

    def __init__(self, *, max_bytes: int = 20_000_000) -> None:
        super().__init__(max_bytes=max_bytes)

    async def opened(self, data: bytes) -> CleanPhoto:
        self.check(data)
        loop, intake = _running()
        return await asyncio.wrap_future(
            asyncio.run_coroutine_threadsafe(intake.opened(data), loop)
        )


class _Lasting(Intake):
    """Its processes can be told from others, see tests.support.children."""

    program: ClassVar[tuple[str, ...]] = ("-X", "lasting", *Intake.program)


@cache
def _running() -> tuple[asyncio.AbstractEventLoop, Intake]:
    """The loop and the intake of this process; the decoders end with it, as their input does."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="shared intake", daemon=True).start()
    return loop, _Lasting()
