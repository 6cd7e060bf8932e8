"""The checker takes what Telegram takes and catches what it would refuse."""

import json
from typing import Any

import pytest

from tests.support.specs.distil_telegram import distil
from tests.support.specs.telegram_check import TelegramSpec, Upload

SPEC = TelegramSpec.load()
GIF = Upload("a.gif", b"GIF89a", "image/gif")


def message(**changes: object) -> dict[str, object]:
    """A good sendMessage as a form has it; None removes a parameter."""
    params: dict[str, object] = {
        "chat_id": "-1001234",
        "text": "a dog on a beach",
        "link_preview_options": json.dumps({"is_disabled": True}),
        "reply_parameters": json.dumps({"message_id": 7, "allow_sending_without_reply": True}),
        "reply_markup": keyboard({"text": "Where?", "callback_data": "show:gif"}),
        **changes,
    }
    return {name: value for name, value in params.items() if value is not None}


def keyboard(*row: dict[str, object]) -> str:
    return json.dumps({"inline_keyboard": [row]})


def test_takes_a_good_call() -> None:
    assert SPEC.refusals("sendMessage", message(), {}) == []


@pytest.mark.parametrize(
    ("method", "params", "files"),
    [
        ("getMe", {}, {}),
        ("sendMessage", {"chat_id": 5, "text": "x"}, {}),  # a JSON body
        ("sendMessage", message(chat_id="@somewhere"), {}),
        ("sendMessage", message(text="😀" * 2048), {}),
        ("sendMessage", message(reply_markup=json.dumps({"remove_keyboard": True})), {}),
        ("sendAnimation", {"chat_id": "5", "caption": ""}, {"animation": GIF}),
        ("sendAnimation", {"chat_id": "5", "animation": "FILE-ID"}, {}),
        ("sendAnimation", {"chat_id": "5", "animation": "attach://x"}, {"x": GIF}),
        ("sendChatAction", {"chat_id": "5", "action": "upload_photo"}, {}),
        ("getUpdates", {"offset": "-1", "timeout": "30", "allowed_updates": '["message"]'}, {}),
        ("answerCallbackQuery", {"callback_query_id": "1", "show_alert": "true"}, {}),
        ("setMyCommands", {"commands": '[{"command": "start", "description": "Begin"}]'}, {}),
        (
            "sendMediaGroup",
            {
                "chat_id": "5",
                "media": '[{"type":"photo","media":"A"},{"type":"photo","media":"B"}]',
            },
            {},
        ),
    ],
)
def test_takes(method: str, params: dict[str, object], files: dict[str, Upload]) -> None:
    assert SPEC.refusals(method, params, files) == []


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        (message(text=None), "text: required and missing"),
        (message(chat_id=None), "chat_id: required and missing"),
        (message(chat_id="alice"), "chat_id: must be a number"),
        (message(text=""), "length 0, must be 1-4096"),
        (message(text="  \n "), "nothing but white space"),
        (message(text="x" * 4097), "length 4097, must be 1-4096"),
        (message(text="😀" * 2049), "length 4098"),
        (message(photo="FILE"), "photo: no such parameter"),
        (message(disable_web_page_preview="true"), "no such parameter"),  # of an older Bot API
        (message(disable_notification="yes"), "must be true or false"),
        (message(message_thread_id="general"), "message_thread_id: "),
        (message(message_thread_id="1.5"), "message_thread_id: "),
        (message(reply_parameters="7"), "must be ReplyParameters, is int"),
        (message(reply_parameters="{"), "reply_parameters: "),
        (message(reply_parameters='{"message_id": "7"}'), "message_id: must be Integer, is str"),
        (message(reply_parameters='{"message_id": true}'), "must be Integer, is bool"),
        (message(reply_parameters="{}"), "reply_parameters.message_id: required and missing"),
        (message(reply_parameters='{"message_id": 7, "quiet": 1}'), "has no such field"),
        (message(reply_markup='{"inline_keyboard": [{"text": "x"}]}'), "must be an array"),
        (message(reply_markup=keyboard({"callback_data": "a"})), "text: required and missing"),
        (message(reply_markup=keyboard({"text": "x"})), "exactly one thing"),
        (
            message(reply_markup=keyboard({"text": "x", "callback_data": "a", "url": "http://x"})),
            "exactly one thing",
        ),
        (
            message(reply_markup=keyboard({"text": "x", "callback_data": "ä" * 33})),
            "66 bytes, must be 1-64",
        ),
        (message(reply_markup=keyboard({"text": "x", "callback_data": ""})), "0 bytes"),
    ],
)
def test_catches_a_wrong_message(params: dict[str, object], complaint: str) -> None:
    assert complaint in "; ".join(SPEC.refusals("sendMessage", params, {}))


@pytest.mark.parametrize(
    ("method", "params", "files", "complaint"),
    [
        ("sendPicture", {}, {}, "no such method"),
        ("getme", {}, {}, "no such method"),
        ("sendAnimation", {"chat_id": "5"}, {}, "animation: required and missing"),
        ("sendAnimation", {"chat_id": "5"}, {"gif": GIF}, "gif: a file that nothing asks for"),
        ("sendAnimation", {"chat_id": "5", "animation": "attach://x"}, {}, "no such part"),
        ("sendAnimation", {"chat_id": "5"}, {"animation": Upload("a.gif", b"")}, "is empty"),
        ("sendAnimation", {"chat_id": "5"}, {"animation": Upload("", b"GIF")}, "has no name"),
        (
            "sendAnimation",
            {"chat_id": "5", "caption": "x" * 1025},
            {"animation": GIF},
            "length 1025, must be 0-1024",
        ),
        (
            "sendPhoto",
            {"chat_id": "5"},
            {"photo": Upload("a.png", bytes(10_000_001))},
            "at most 10 MB",
        ),
        ("sendChatAction", {"chat_id": "5", "action": "thinking"}, {}, "is none of typing"),
        ("getUpdates", {"limit": "101"}, {}, "must be 1-100"),
        ("getUpdates", {"timeout": "soon"}, {}, "timeout: "),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, {}, "length 201"),
        (
            "setMyCommands",
            {"commands": '[{"command": "Start!", "description": "Begin"}]'},
            {},
            "not allowed",
        ),
        ("setMyCommands", {"commands": '[{"command": "start"}]'}, {}, "description: required"),
        ("sendMediaGroup", {"chat_id": "5", "media": "[]"}, {}, "must be 2-10"),
    ],
)
def test_catches(
    method: str, params: dict[str, object], files: dict[str, Upload], complaint: str
) -> None:
    assert complaint in "; ".join(SPEC.refusals(method, params, files))


def test_flaws_of_objects() -> None:
    chat = {"id": 5, "type": "private"}
    good: dict[str, Any] = {"message_id": 1, "date": 1, "chat": chat, "text": "hello"}
    assert SPEC.flaws(good, "Message") == []
    assert SPEC.flaws([{"update_id": 1, "message": good}], "Array of Update") == []
    assert SPEC.flaws(good | {"date": "today"}, "Message") == [
        "Message.date: must be Integer, is str"
    ]
    assert SPEC.flaws({"update_id": 1, "message": {}}, "Update")


def test_distilled_facts_have_no_descriptions() -> None:
    document = {
        "version": "Bot API 0.1",
        "methods": {
            "sendThing": {
                "description": ["Use this method to send things of up to 50 MB in size."],
                "returns": ["Message"],
                "fields": [
                    {
                        "name": "thing",
                        "types": ["InputFile", "String"],
                        "required": True,
                        "description": "The thing itself",
                    },
                    {
                        "name": "caption",
                        "types": ["String"],
                        "required": False,
                        "description": "Thing caption, 0-1024 characters after entities parsing",
                    },
                    {
                        "name": "limit",
                        "types": ["Integer"],
                        "required": False,
                        "description": "Values between 1-100 are accepted. Defaults to 100.",
                    },
                ],
            }
        },
        "types": {"Either": {"subtypes": ["This", "That"]}, "This": {"description": ["A"]}},
    }
    assert distil(document) == {
        "version": "Bot API 0.1",
        "methods": {
            "sendThing": {
                "returns": ["Message"],
                "fields": {
                    "thing": {"types": ["InputFile", "String"], "required": True, "max_mb": 50},
                    "caption": {"types": ["String"], "length": [0, 1024]},
                    "limit": {"types": ["Integer"], "range": [1, 100]},
                },
            }
        },
        "types": {"Either": {"any_of": ["This", "That"]}, "This": {"fields": {}}},
    }
