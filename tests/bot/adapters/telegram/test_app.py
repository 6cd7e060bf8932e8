"""Starting and stopping."""

import asyncio

import pytest

from bot.adapters import AdapterError
from tests.bot.adapters.telegram.conftest import Bench
from tests.bot.adapters.telegram.steps import ended
from tests.support.photos import photo


async def test_webhook_is_taken_off(bench: Bench) -> None:
    (call,) = bench.server.made("deleteWebhook")
    assert call.params.get("drop_pending_updates") in (None, False)


async def test_what_waited_while_the_bot_was_down_is_answered(idle: Bench) -> None:
    idle.server.person().sends_photo(photo())
    await idle.start()
    await idle.server.until(idle.server.made)


async def test_wrong_token(idle: Bench) -> None:
    adapter = idle.adapter(token="7700112233:AAwrong-token")
    with pytest.raises(AdapterError) as caught:
        await asyncio.wait_for(adapter.run(), 30)
    assert "TELEGRAM_BOT_TOKEN" in str(caught.value)
    assert "wrong-token" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("token", ["", "hello", "123:", "123:abc\n", "123:a/../b", ":abc", "1 2:a"])
async def test_text_that_is_no_token(idle: Bench, token: str) -> None:
    with pytest.raises(AdapterError, match="TELEGRAM_BOT_TOKEN"):
        idle.adapter(token=token)


async def test_server_that_is_no_bot_api(idle: Bench) -> None:
    adapter = idle.adapter(api_url=idle.server.url + "/elsewhere")
    with pytest.raises(AdapterError, match="TELEGRAM_API_URL"):
        await asyncio.wait_for(adapter.run(), 30)


async def test_no_network_at_the_start(idle: Bench, caplog: pytest.LogCaptureFixture) -> None:
    await idle.server.stop()
    adapter = idle.adapter()
    running = asyncio.create_task(adapter.run())
    async with asyncio.timeout(30):
        while "cannot be reached" not in caplog.text:
            await asyncio.sleep(0.02)
    assert not adapter.connected
    await idle.server.start()
    idle.server.person().says("/start")
    await idle.server.until(idle.server.made)
    assert adapter.connected
    await ended(running)
    assert not adapter.connected


@pytest.mark.parametrize("how", [{"status": 500}, {"retry_after": 1}, {"reset": True}])
async def test_stumbling_server_at_the_start(idle: Bench, how: dict[str, int]) -> None:
    idle.server.fail("getMe", **how)
    idle.server.fail("deleteWebhook", **how)
    await idle.start()
    idle.server.person().says("/start")
    await idle.server.until(idle.server.made)


async def test_stop_while_there_is_no_network(idle: Bench) -> None:
    await idle.server.stop()
    adapter = idle.adapter()
    running = asyncio.create_task(adapter.run())
    await asyncio.sleep(0)
    await ended(running)
