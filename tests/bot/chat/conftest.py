"""A service with a real intake and the queue in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.chat import delivery
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake
from captioner.queue.base import Limits
from tests.bot.chat.helpers import KEY, ShakyQueue
from tests.support.children import decoders


@pytest_asyncio.fixture
async def intake() -> AsyncIterator[Intake]:
    async with Intake(seconds=60.0) as intake:
        yield intake
    assert not decoders()


@pytest_asyncio.fixture
async def queue() -> AsyncIterator[ShakyQueue]:
    async with ShakyQueue(Limits()) as queue:
        yield queue


@pytest.fixture
def service(queue: ShakyQueue, intake: Intake) -> CaptionService:
    return CaptionService(queue, intake, adapter="telegram", hash_key=KEY)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_LONGEST_PAUSE", 0.01)
