"""Settings that the parts are given when `captionbot` puts them together."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.support.command import captionbot
from tests.support.photos import photo
from tests.support.redis_server import free_port, running_redis
from tests.support.web_server import form

pytestmark = pytest.mark.timeout(300)


async def test_the_page_has_its_limits_and_its_frames(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    # A store of its own: the limit counts all who come from this machine's address.
    with running_redis(tmp_path) as redis:
        settings = {
            "CAPTIONBOT_WEB_PORT": str(port), "REDIS_URL": redis.url,
            "CAPTIONBOT_FRAME_ANCESTORS": "https://example.org",
            "CAPTIONBOT_TRUSTED_PROXIES": "127.0.0.0/8", "CAPTIONBOT_WEB_PER_MINUTE": "1",
        }  # fmt: skip
        async with (
            captionbot("web", folder=tmp_path, **settings) as command,
            aiohttp.ClientSession() as client,
        ):
            await command.until("the page is at")
            async with client.get(f"{url}/") as page:
                policy = page.headers["Content-Security-Policy"]
            assert "frame-ancestors https://example.org" in policy
            address = {"X-Forwarded-For": "198.51.100.7"}

            async def post(headers: dict[str, str]) -> int:
                post = client.post(f"{url}/api/captions", data=form(photo()), headers=headers)
                async with post as answer:
                    return answer.status

            # There is no worker: the one that is let in waits, the other is refused at once.
            two = {asyncio.create_task(post(address)) for _ in range(2)}
            done, waiting = await asyncio.wait(two, return_when=asyncio.FIRST_COMPLETED)
            assert [task.result() for task in done] == [429]
            other = asyncio.create_task(post({"X-Forwarded-For": "203.0.113.9"}))
            refused = asyncio.create_task(post(address))
            assert await refused == 429
            assert not other.done(), "somebody else behind the same proxy is let in"
            for task in {*waiting, other}:
                task.cancel()
            await asyncio.gather(*waiting, other, return_exceptions=True)
