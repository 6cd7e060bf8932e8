"""Intakes whose processes outlive a test: starting one takes longer than most tests.

Their files are opened as any other intake's are; only `close` leaves the processes to later tests.
The processes' event loop has a thread of its own, for every test has another loop.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, ClassVar, TypeVar

from bot.media.sanitizer import CleanPhoto, Intake, Moment, VideoIntake

T = TypeVar("T")
_LASTING = ("-X", "lasting")  # by which tests.support.children passes over them


class SharedIntake(Intake):
    """In place of an Intake where a test is not about the processes."""

    async def opened(self, data: bytes) -> CleanPhoto:
        self.check(data)
        return await _beside(_photos().opened(data))


class SharedVideoIntake(VideoIntake):
    """In place of a VideoIntake likewise."""

    async def opened(self, data: bytes) -> list[Moment]:
        self.check(data)
        return await _beside(_videos().opened(data))


class _Photos(Intake):
    program: ClassVar[tuple[str, ...]] = (*_LASTING, *Intake.program)


class _Videos(VideoIntake):
    program: ClassVar[tuple[str, ...]] = (*_LASTING, *VideoIntake.program)


_photos, _videos = cache(_Photos), cache(_Videos)  # their processes end with this one


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="shared intakes", daemon=True).start()
    return loop


async def _beside(work: Coroutine[Any, Any, T]) -> T:
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, _loop()))
