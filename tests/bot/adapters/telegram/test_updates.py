"""An update that nobody can understand stops no other, and is repeated nowhere."""

from __future__ import annotations

import json
import logging

import pytest

from bot.adapters.telegram.updates import UpdatesRequest, update_in
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.support.photos import photo
from tests.support.telegram_server.world import Json

BEYOND_TIME = 2**63 - 1


async def test_the_next_message_is_answered(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    person = bench.server.person()
    message: Json = {"message_id": 3, "date": BEYOND_TIME, "chat": person.chat, "text": "private!"}
    bench.server.world.push_again({"update_id": 500_000, "message": message})  # as it comes
    person.sends_photo(photo())
    await bench.server.until(lambda: bench.server.made("sendMessage"))
    assert CAPTION in bench.server.made("sendMessage")[0].params["text"]
    await bench.settled()  # all were confirmed, the senseless one too
    assert not bench.stopped
    assert "an update makes no sense to us" in caplog.text
    assert "private!" not in caplog.text


@pytest.mark.parametrize(
    "values",
    [
        None, [], "update", 7, {}, {"update_id": None}, {"update_id": True}, {"update_id": "7"},
        {"update_id": 7, "message": []}, {"update_id": 7, "message": {"chat": 1}},
        {"update_id": 7, "message": {"message_id": 1, "date": BEYOND_TIME, "chat": {}}},
    ],
)  # fmt: skip
def test_what_is_no_update(values: object) -> None:
    assert update_in(values) is None


def test_half_a_character_is_replaced() -> None:
    chat = {"id": 1, "type": "private"}
    entity = {"type": "bold", "offset": 0, "length": 2}
    message = {"message_id": 1, "date": 0, "chat": chat, "text": "a\ud800b", "entities": [entity]}
    update = update_in({"update_id": 7, "message": message})
    assert update is not None
    assert update.message is not None
    assert update.message.text == "a\N{REPLACEMENT CHARACTER}b"
    assert list(update.message.parse_entities().values()) == ["a\N{REPLACEMENT CHARACTER}"]


def test_an_answer_keeps_its_place_for_what_makes_no_sense() -> None:
    updates = [{"update_id": 1}, {"update_id": 2, "message": []}, "nothing", {"update_id": 3}]
    payload = json.dumps({"ok": True, "result": updates}).encode()
    parsed = UpdatesRequest.parse_json_payload(payload)
    assert parsed["result"] == [{"update_id": n} for n in (1, 2, 3)]
    assert UpdatesRequest.parse_json_payload(b'{"ok": true, "result": true}')["result"] is True
