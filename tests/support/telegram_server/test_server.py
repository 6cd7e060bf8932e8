"""The loopback Bot API refuses and answers as the real one does."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

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


async def test_own_messages_alone_are_edited_and_deleted(client: Client) -> None:
    person = client.server.person()
    theirs = person.says("hello")["message_id"]
    chat: dict[str, Any] = {"chat_id": person.chat_id}
    _, sent = await client.call("sendMessage", **chat, text="hi")
    ours = sent["message_id"]
    calls: list[tuple[str, Any]] = [("editMessageText", {"text": "ho"}), ("deleteMessage", {})]
    for method, more in calls:
        for number in (theirs, 5):
            assert (await client.call(method, **chat, message_id=number, **more))[0] == 400
        assert (await client.call(method, **chat, message_id=ours, **more))[0] == 200
        assert (await client.call(method, **chat, message_id=ours, **more))[0] == 400


async def test_members(client: Client) -> None:
    group = client.server.group()
    member, admin = client.server.member(group), client.server.member(group)
    client.server.make_admin(group, admin.user["id"])
    told = [
        (await client.call("getChatMember", chat_id=group["id"], user_id=person.user["id"]))[1]
        for person in (member, admin)
    ]
    assert [one["status"] for one in told] == ["member", "administrator"]
    _, admins = await client.call("getChatAdministrators", chat_id=group["id"])
    assert admins == told[1:]


async def test_voice_is_ogg(client: Client) -> None:
    chat = client.server.person().chat_id
    for data, status in ((b"OggS...", 200), (b"RIFF...", 400)):
        form = aiohttp.FormData({"chat_id": str(chat), "duration": "1"})
        form.add_field("voice", data, filename="a.ogg", content_type="audio/ogg")
        url = f"{client.server.url}/bot{client.server.token}/sendVoice"
        async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
            assert response.status == status


async def test_commands_by_scope_and_language(client: Client) -> None:
    commands = '[{"command": "help", "description": "Hilfe"}]'
    scope = '{"type": "all_group_chats"}'
    place = {"scope": scope, "language_code": "de"}
    assert (await client.call("setMyCommands", commands=commands, **place))[0] == 200
    assert (await client.call("getMyCommands", **place))[1][0]["description"] == "Hilfe"
    assert (await client.call("getMyCommands"))[1] == []
    assert (await client.call("setMyDescription", description="x" * 513))[0] == 400
    client.server.violations.clear()


async def test_webhook_is_called_until_it_answers_well(client: Client) -> None:
    statuses = [500, 403, 200]
    seen: list[str | None] = []

    async def receive(request: web.Request) -> web.Response:
        seen.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response(status=statuses[len(seen) - 1])

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    assert (await client.call("setWebhook", url="ftp://x"))[0] == 400
    assert (await client.call("setWebhook", url=url, secret_token="s"))[0] == 200
    assert (await client.call("getUpdates"))[0] == 409
    assert (await client.call("getWebhookInfo"))[1]["url"] == url
    client.server.person().says("hello")
    await client.server.until(lambda: client.server.webhook.answers == [500, 403, 200])
    assert seen == ["s"] * 3
    await client.server.until(lambda: not client.server.world.updates)
    assert (await client.call("deleteWebhook"))[0] == 200
    assert (await client.call("getUpdates"))[0] == 200
    await runner.cleanup()
