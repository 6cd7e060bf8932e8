"""The loopback Bot API refuses and answers as the real one does."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.support.telegram_server import TelegramServer


class Client:
    def __init__(self, server: TelegramServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self._session = session

    async def call(self, method: str, token: str | None = None, **params: Any) -> tuple[int, Any]:
        url = f"{self.server.url}/bot{token or self.server.token}/{method}"
        async with self._session.post(url, data=params) as response:
            body = await response.json()
            return response.status, body.get("result", body.get("description"))


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with TelegramServer() as server, aiohttp.ClientSession() as session:
        yield Client(server, session)


async def test_wrong_call_is_refused_and_remembered(client: Client) -> None:
    chat = client.server.person().chat_id
    status, why = await client.call("sendMessage", chat_id=chat, text="")
    assert (status, why) == (400, "Bad Request: text: length 0, must be 1-4096")
    assert client.server.violations == ["sendMessage: text: length 0, must be 1-4096"]
    assert client.server.made() == []


async def test_method_that_is_not_there(client: Client) -> None:
    assert (await client.call("sendPicture"))[0] == 400
    assert (await client.call("leaveChat", chat_id=5))[0] == 404
    assert len(client.server.violations) == 2


async def test_wrong_token(client: Client) -> None:
    assert await client.call("getMe", token="1:x") == (401, "Unauthorized")


async def test_updates_come_until_they_are_confirmed(client: Client) -> None:
    person = client.server.person()
    person.says("one")
    person.says("two")
    _, first = await client.call("getUpdates")
    _, again = await client.call("getUpdates", limit=1)
    assert [u["message"]["text"] for u in first] == ["one", "two"]
    assert again == first[:1]
    _, later = await client.call("getUpdates", offset=first[1]["update_id"])
    assert later == first[1:]
    assert await client.call("getUpdates", offset=first[1]["update_id"] + 1) == (200, [])
    assert await client.call("getUpdates") == (200, [])


async def test_long_poll_waits_for_an_update(client: Client) -> None:
    polling = asyncio.create_task(client.call("getUpdates", timeout=30))
    await client.server.until(lambda: client.server.polls)
    client.server.person().says("hello")
    _, updates = await polling
    assert updates[0]["message"]["text"] == "hello"


async def test_second_poll_ends_the_first(client: Client) -> None:
    first = asyncio.create_task(client.call("getUpdates", timeout=30))
    await client.server.until(lambda: client.server.polls == 1)
    second = asyncio.create_task(client.call("getUpdates", timeout=30))
    assert (await first)[0] == 409
    client.server.person().says("hello")
    assert (await second)[0] == 200


async def test_what_a_chat_refuses(client: Client) -> None:
    person = client.server.person()
    reply = '{"message_id": 5}'
    lenient = '{"message_id": 5, "allow_sending_without_reply": true}'
    send: dict[str, Any] = {"chat_id": person.chat_id, "text": "x"}
    assert (await client.call("sendMessage", chat_id=5, text="x"))[0] == 400
    assert (await client.call("sendMessage", **send, message_thread_id=9))[0] == 400
    assert (await client.call("sendMessage", **send, reply_parameters=reply))[0] == 400
    assert (await client.call("sendMessage", **send, reply_parameters=lenient))[0] == 200
    client.server.world.blocked.add(person.chat_id)
    assert (await client.call("sendMessage", **send))[0] == 403
    assert client.server.violations == []


async def test_files(client: Client) -> None:
    person = client.server.person()
    file_id = person.sends_file(b"abc")["document"]["file_id"]
    large = person.sends_file(b"abc", size=20_000_001)["document"]["file_id"]
    assert (await client.call("getFile", file_id=file_id))[1]["file_size"] == 3
    assert await client.call("getFile", file_id=large) == (400, "Bad Request: file is too big")
    assert (await client.call("getFile", file_id="no"))[0] == 400


async def test_world_makes_no_message_that_telegram_would_not(client: Client) -> None:
    with pytest.raises(AssertionError, match="wrong Message"):
        client.server.person().sends({"photo": "not a list"})
