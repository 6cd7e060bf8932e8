"""The loopback Discord puts down what the real one would refuse."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.support.discord_server import TOKEN, DiscordServer, discord_server

HEADERS = {"Authorization": f"Bot {TOKEN}"}


async def post(server: DiscordServer, path: str, body: Any, **changes: Any) -> tuple[int, Any]:
    async with (
        aiohttp.ClientSession(headers=changes.pop("headers", HEADERS)) as session,
        session.post(server.api_url + path, json=body, **changes) as response,
    ):
        assert response.headers["Content-Type"] == "application/json"
        return response.status, await response.json()


async def test_refused_call_fails_the_test_that_made_it() -> None:
    with pytest.raises(AssertionError, match="unknown field"):  # noqa: PT012 - it is the end that fails
        async with discord_server() as server:
            path = f"/channels/{server.world.text_channel.id}/messages"
            status, body = await post(server, path, {"content": "hello", "colour": "red"})
            assert (status, body["code"]) == (400, 50035)


async def test_call_that_the_loopback_server_does_not_know_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="no such call"):  # noqa: PT012 - it is the end that fails
        async with discord_server() as server:
            status, _ = await post(server, f"/channels/{server.world.text_channel.id}/invites", {})
            assert status == 404


async def test_wrong_token_and_unknown_channel() -> None:
    async with discord_server() as server:
        path = f"/channels/{server.world.text_channel.id}/messages"
        wrong = {"Authorization": "Bot wrong"}
        assert (await post(server, path, {"content": "x"}, headers=wrong))[0] == 401
        assert (await post(server, "/channels/1/messages", {"content": "x"}))[1]["code"] == 10003
        assert (await post(server, path, {"content": ""}))[1]["code"] == 50006


async def test_same_nonce_is_the_same_message() -> None:
    async with discord_server() as server:
        path = f"/channels/{server.world.text_channel.id}/messages"
        body = {"content": "x", "nonce": "1", "enforce_nonce": True}
        first, again = await post(server, path, body), await post(server, path, body)
        other = await post(server, path, {**body, "nonce": "2"})
        assert first[1]["id"] == again[1]["id"] != other[1]["id"]
        assert len(server.said(server.world.text_channel)) == 2
