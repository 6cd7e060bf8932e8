"""The OpenAPI document: valid, complete, and true."""

import json
from collections.abc import AsyncIterator
from importlib import resources
from typing import Any

import aiohttp
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it has no types
from openapi_spec_validator import validate

from bot.adapters.web import WebOptions
from bot.adapters.web.problems import KINDS
from tests.support.scripted_worker import jpeg
from tests.support.web_server import WebServer, form, web_server

DOCUMENT: dict[str, Any] = json.loads(
    (resources.files("bot.adapters.web") / "openapi.json").read_text(encoding="utf-8")
)


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def documented(path: str, method: str, status: int) -> dict[str, Any]:
    response: dict[str, Any] = DOCUMENT["paths"][path][method]["responses"][str(status)]
    return response


async def check(path: str, response: aiohttp.ClientResponse) -> Any:
    """The answer's body, after holding it against the document."""
    method = response.method.lower()
    said = documented(path, method, response.status)
    assert response.content_type in said["content"]
    for name, header in said.get("headers", {}).items():
        key = header["$ref"].rpartition("/")[2]
        schema = DOCUMENT["components"]["headers"][key]["schema"]
        Draft202012Validator(schema).validate(int(response.headers[name]))
    if not response.content_type.endswith("json"):
        return await response.read()
    body = await response.json()
    schema = said["content"][response.content_type]["schema"]
    Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(body)
    if response.status >= 400:
        assert f"`{body['code']}`" in said["description"]
    return body


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


async def test_it_is_served_as_it_is(client: aiohttp.ClientSession) -> None:
    async with (
        web_server(working=False) as server,
        client.get(f"{server.url}/api/openapi.json") as response,
    ):
        assert response.content_type == "application/json"
        assert await response.json() == DOCUMENT


async def test_each_documented_route_is_served(client: aiohttp.ClientSession) -> None:
    async with web_server(working=False) as server:
        for path, operations in DOCUMENT["paths"].items():
            for method in operations.keys() & {"get", "post"}:
                url = server.url + path.replace("{id}", "nobodys")
                async with client.request(method, url) as response:
                    if response.status == 404:
                        assert (await response.json())["code"] == "forgotten"
                    else:
                        assert response.status != 405


def test_each_refusal_is_documented() -> None:
    text = json.dumps(DOCUMENT["paths"])
    # What no documented address answers: an unknown address, or a method that it does not have.
    missing = {code for code in KINDS if f"`{code}`" not in text}
    assert missing == {"not_found", "method_not_allowed"}
    for code, (status, _) in KINDS.items():
        if code in missing:
            continue
        responses = [
            operation["responses"].get(str(status), {}).get("description", "")
            for operations in DOCUMENT["paths"].values()
            for operation in (operations.get("get"), operations.get("post"))
            if operation
        ]
        assert any(f"`{code}`" in description for description in responses), (code, status)


async def test_what_is_answered_is_what_is_documented(client: aiohttp.ClientSession) -> None:
    async with web_server() as server:
        async with client.post(f"{server.url}/api/captions", data=form(jpeg())) as response:
            said = await check("/api/captions", response)
        for link in ("attention.gif", "attention.png", "photo.jpg"):
            async with client.get(f"{server.url}/api/captions/{said['id']}/{link}") as response:
                assert response.status == 200
                assert await check(f"/api/captions/{{id}}/{link}", response)
            async with client.get(f"{server.url}/api/captions/nobodys/{link}") as response:
                assert response.status == 404
                await check(f"/api/captions/{{id}}/{link}", response)
        for path in ("/health", "/ready", "/metrics", "/api/openapi.json"):
            async with client.get(server.url + path) as response:
                assert response.status == 200
                assert await check(path, response)


@pytest.mark.parametrize(
    ("photo", "status"),
    [
        (b"", 400),
        (b"text", 400),
        (b"%PDF-1.7\n", 415),
        (jpeg()[:200], 422),
        (bytes(3_000_000), 413),
    ],
    ids=["empty", "text", "pdf", "damaged", "too large"],
)
async def test_refusals_are_as_documented(
    client: aiohttp.ClientSession, photo: bytes, status: int
) -> None:
    async with web_server() as server, post(client, server, photo) as response:
        assert response.status == status
        await check("/api/captions", response)


@pytest.mark.parametrize(
    ("server", "status"),
    [
        ({"worker_ready": lambda: False}, 503),
        ({"options": WebOptions(uploads=0)}, 503),
        ({"options": WebOptions(uploads_per_person=0)}, 429),
        ({"options": WebOptions(answer_seconds=0.1), "working": False}, 504),
    ],
    ids=["not ready", "uploads full", "person busy", "no answer"],
)
async def test_what_cannot_be_done_now_is_as_documented(
    client: aiohttp.ClientSession, server: dict[str, Any], status: int
) -> None:
    async with web_server(**server) as running, post(client, running, jpeg()) as response:
        assert response.status == status
        await check("/api/captions", response)


async def test_the_answer_in_steps_is_as_documented(client: aiohttp.ClientSession) -> None:
    steps = documented("/api/captions", "post", 200)["content"]
    assert "application/x-ndjson" in steps
    schema = {"$ref": "#/components/schemas/Event", "components": DOCUMENT["components"]}
    cases: list[tuple[dict[str, Any], str]] = [({}, "caption"), ({"working": False}, "problem")]
    for server, last in cases:
        options = WebOptions(answer_seconds=60 if last == "caption" else 0.1)
        async with (
            web_server(**server, options=options) as running,
            client.post(
                f"{running.url}/api/captions",
                data=form(jpeg()),
                headers={"Accept": "application/x-ndjson"},
            ) as response,
        ):
            lines = [json.loads(line) for line in (await response.text()).splitlines()]
        assert [line["event"] for line in lines] == ["waiting", last]
        for line in lines:
            Draft202012Validator(schema).validate(line)


async def test_too_many_in_a_minute_is_as_documented(client: aiohttp.ClientSession) -> None:
    async with web_server(options=WebOptions(per_minute=1)) as server:
        for status in (200, 429):
            async with post(client, server, jpeg()) as response:
                assert response.status == status
                await check("/api/captions", response)


def post(
    client: aiohttp.ClientSession, server: WebServer, photo: bytes
) -> "aiohttp.client._RequestContextManager":
    return client.post(f"{server.url}/api/captions", data=form(photo))
