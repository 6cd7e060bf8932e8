"""One decoding process for the tests of a module."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.media.sanitizer import Intake


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def intake() -> AsyncIterator[Intake]:
    async with Intake(seconds=60.0) as intake:
        yield intake
