"""What the doctor says of where photos go."""

from __future__ import annotations

from dataclasses import replace

from bot.doctor import examine
from captioner.queue.base import Limits
from captioner.queue.redis import RedisQueue
from tests.bot.doctor.helpers import NOTE, OK, settings
from tests.support.redis_server import RedisServer
from tests.support.scripted_worker import speaks


async def test_nothing_is_said_where_nobody_can_be_asked() -> None:
    assert await examine(settings(), ("photos",)) == []
    assert await examine(settings(REDIS_URL="redis://127.0.0.1:1"), ("photos",)) == []


async def test_where_photos_go_is_what_the_workers_say(redis_server: RedisServer) -> None:
    given = settings(REDIS_URL=redis_server.url)
    here = speaks("en")
    away = replace(here, sends_photos_to=("api.example",))
    async with RedisQueue(redis_server.url, Limits()) as queue:
        (found,) = await examine(given, ("photos",))
        assert found.level is NOTE
        assert "no worker has said yet" in found.text
        await queue.announce("loading", ready=False)
        (found,) = await examine(given, ("photos",))
        assert "no worker has said yet" in found.text, "its model may be one that is elsewhere"
        await queue.announce("here", ready=True, capabilities=here)
        (found,) = await examine(given, ("photos",))
        assert (found.level, "nowhere else" in found.text) == (OK, True)
        await queue.announce("away", ready=True, capabilities=away)
        (found,) = await examine(given, ("photos",))
        assert (found.level, "sent to api.example" in found.text) == (NOTE, True)
        for name in ("loading", "here", "away"):
            await queue.leave(name)
