"""The checker refuses what Discord refuses; without that, the other tests would prove little."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.specs.discord_check import Call, facts, violations
from tests.support.specs.distil_discord import distil, dumps

SEND = "/channels/12/messages"
ANSWER = "/webhooks/34/token/messages/@original"
ATTACHMENT = {"id": 0, "filename": "a.gif", "description": "a dog"}


def call(body: Any, path: str = SEND, method: str = "POST", **changes: Any) -> Call:
    fields: dict[str, Any] = {"content_type": "application/json", "authorised": True}
    return Call(method=method, path=path, body=body, **(fields | changes))


def upload(body: Any, *files: str, **changes: Any) -> Call:
    return call(body, content_type="multipart/form-data; boundary=x", files=files, **changes)


def button(**changes: Any) -> dict[str, Any]:
    item = {"type": 2, "style": 2, "label": "Look", "custom_id": "look"} | changes
    return {"content": "a dog", "components": [{"type": 1, "components": [item]}]}


GOOD = [
    call({"content": "a dog", "allowed_mentions": {"parse": []}, "tts": False}),
    call({"content": "a dog", "nonce": "n" * 25, "enforce_nonce": True}),
    call({"message_reference": {"message_id": 5, "channel_id": "6"}, "content": "a dog"}),
    call(button()),
    call({"type": 5}, "/interactions/1/token/callback", query={"with_response": "1"}),
    call({"content": "a dog", "tts": False}, ANSWER, "PATCH", authorised=False),
    call({"content": "a dog"}, ANSWER, "PATCH", query={"with_components": "0"}),
    upload({"content": "a dog", "attachments": [ATTACHMENT]}, "files[0]"),
    call(None, "/users/@me", "GET", content_type=""),
    call([{"name": "caption", "type": 1, "description": "x"}], "/applications/1/commands", "PUT"),
]
BAD = [
    (call({"content": "a dog"}, "/channels/12/mesages"), "no such path"),
    (call({"content": "a dog"}, method="PUT"), "has no PUT"),
    (call({"content": "a dog"}, "/channels/general/messages"), "channel_id"),
    (call({"content": "a dog"}, authorised=False), "no bot token"),
    (call({"content": "x" * 2001}), "2001 characters"),
    (call({"content": 5}), "body.content: int"),
    (call({"contents": "a dog"}), "unknown field"),
    (call({"content": "a dog", "nonce": "n" * 26}), "26 characters"),
    (call({"content": "a dog", "tts": "no"}), "body.tts: str"),
    (call({"content": "a dog", "flags": True}), "body.flags: bool"),
    (call({"content": "a dog", "message_reference": {}}), "message_id: is missing"),
    (call({"content": "a dog", "message_reference": {"message_id": "x"}}), "does not match"),
    (call({"content": "a dog", "message_reference": {"message_id": -1}}), "wanted string"),
    (call({"content": "a dog", "allowed_mentions": {"parse": ["all"]}}), "none of"),
    (call({"content": "a dog", "embeds": [{}] * 11}), "11 items"),
    (call({"content": "a dog", "sticker_ids": ["1"] * 4}), "4 items"),
    (call(button(label="x" * 81)), "81 characters"),
    (call(button(custom_id="x" * 101)), "101 characters"),
    (call(button(style=99)), "99 is none of"),
    (call(button(colour="red")), "unknown field"),
    (call({"components": [{"type": 1, "components": []}]}), "0 items"),
    (call({"type": 99}, "/interactions/1/token/callback"), "99 is none of"),
    (call({"data": {}}, "/interactions/1/token/callback"), "type: is missing"),
    (call(None), "the body is missing"),
    (call({"a": 1}, "/users/@me", "GET"), "takes no body"),
    (call({"content": "a"}, content_type="application/json; charset=utf-8"), "content type"),
    (call({"content": "a"}, content_type="text/plain"), "content type"),
    (call({"content": "a"}, query={"wait": "1"}), "unknown parameter wait"),
    (call({"content": "a"}, ANSWER, "PATCH", query={"thread_id": "x"}), "does not match"),
    (call({"content": "a"}, ANSWER, "PATCH", query={"with_components": "maybe"}), "boolean"),
    (upload({"attachments": [{**ATTACHMENT, "description": "x" * 1025}]}, "files[0]"), "1025"),
    (upload({"attachments": [{**ATTACHMENT, "id": 1}]}, "files[0]"), "files[1], which is not sent"),
    (upload({"content": "a dog"}, "file"), "file field 'file'"),
    (upload({"content": "a dog"}, "files[10]"), "file field"),
    (call({"content": "a dog"}, files=["files[0]"]), "outside multipart"),
    (call([{"type": 1}], "/applications/1/commands", "PUT"), "name: is missing"),
    (call([{"name": "x" * 33}], "/applications/1/commands", "PUT"), "33 characters"),
    (call({"name": "x"}, "/applications/1/commands", "PUT"), "body: dict"),
]


@pytest.mark.parametrize("good", GOOD)
def test_what_discord_takes(good: Call) -> None:
    assert violations(good) == []


@pytest.mark.parametrize(("bad", "why"), BAD, ids=[why for _, why in BAD])
def test_what_discord_refuses(bad: Call, why: str) -> None:
    found = violations(bad)
    assert found
    assert any(why in line for line in found), found


def test_the_most_literal_path_is_meant() -> None:
    wrong_id = call({"content": "a"}, "/webhooks/34/token/messages/latest", "PATCH")
    assert any("message_id" in line for line in violations(wrong_id))


def test_distilled_facts_hold_no_prose_and_every_schema_that_is_named() -> None:
    document = {
        "info": {"version": "10", "description": "prose"},
        "paths": {
            "/things/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True,
                                "schema": {"$ref": "#/components/schemas/Id"}}],
                "post": {
                    "description": "prose", "security": [{"BotToken": []}],
                    "requestBody": {"required": True, "content": {"application/json": {
                        "schema": {"$ref": "#/components/schemas/Thing"}}}},
                    "responses": {"200": {"$ref": "#/components/schemas/Unused"}},
                },
            }
        },
        "components": {"schemas": {
            "Id": {"type": "string", "pattern": "^[0-9]+$", "title": "prose"},
            "Thing": {"type": "object", "description": "prose", "required": ["description"],
                      "properties": {"description": {"type": "string", "description": "prose"},
                                     "kind": {"type": "integer", "oneOf": [
                                         {"title": "prose", "const": 1}, {"const": 2}]}}},
            "Unused": {"type": "object"},
        }},
    }  # fmt: skip
    found = distil(document)
    assert "prose" not in json.dumps(found)
    assert set(found["schemas"]) == {"Id", "Thing"}
    assert found["schemas"]["Thing"]["properties"]["kind"]["enum"] == [1, 2]
    assert found["schemas"]["Thing"]["properties"]["description"] == {"type": "string"}
    assert found["paths"]["/things/{id}"]["post"]["token"]
    assert json.loads(dumps(found)) == found


def test_committed_facts_are_those_of_the_interface_that_the_bot_speaks() -> None:
    assert facts()["api"] == "10"
    assert len(facts()["paths"]) > 100
