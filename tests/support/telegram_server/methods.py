"""What the methods of the Bot API do to the world, for those that the bot calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.specs.telegram_check import Upload
from tests.support.telegram_server.world import DOWNLOAD_LIMIT, Json, Refusal, World

Params = Mapping[str, Any]
Files = Mapping[str, Upload]
_LONGEST_CALLBACK = 64  # bytes of a button's data


class Methods:
    """One function a method; `getUpdates` is the server's own, for it waits."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.texts: dict[tuple[str, str], str] = {}  # by name and language
        self.table: dict[str, Callable[[Params, Files], object]] = {
            "getMe": lambda _params, _files: world.bot,
            "getFile": self._get_file,
            "sendMessage": lambda params, _files: self._send(params, _text(params)),
            "sendPhoto": self._send_photo,
            "sendAnimation": self._send_animation,
            "sendDocument": self._send_document,
            "sendChatAction": self._send_chat_action,
            "answerCallbackQuery": self._answer_callback_query,
            "setMyCommands": self._set_my_commands,
            "getWebhookInfo": lambda _params, _files: world.checked(world.webhook, "WebhookInfo"),
            "sendVoice": self._send_voice,
            "editMessageText": self._edit_message_text,
            "deleteMessage": self._delete_message,
            "getChatMember": self._get_chat_member,
            "getChatAdministrators": self._get_chat_administrators,
            "getMyCommands": lambda params, _files: self.commands.get(_place(params), []),
            "setMyDescription": self._set_text("description"),
            "setMyShortDescription": self._set_text("short_description"),
        }

    def _chat(self, params: Params) -> Json:
        chat = self._world.chats.get(params["chat_id"])
        if chat is None:
            raise Refusal(400, "Bad Request: chat not found")
        if chat["id"] in self._world.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        thread = params.get("message_thread_id")
        if thread is not None and thread not in self._world.topics.get(chat["id"], ()):
            raise Refusal(400, "Bad Request: message thread not found")
        return chat

    def _send(self, params: Params, content: Json) -> Json:
        chat = self._chat(params)
        topic = params.get("direct_messages_topic_id")
        if chat.get("is_direct_messages") != (True if topic else None):
            raise Refusal(400, "Bad Request: direct messages topic is wrong")
        if topic and topic not in self._world.topics[chat["id"]]:
            raise Refusal(400, "Bad Request: direct messages topic not found")
        reply_to = None
        if reply := params.get("reply_parameters"):
            reply_to = self._world.messages.get((chat["id"], reply["message_id"]))
            if reply_to is None and not reply.get("allow_sending_without_reply"):
                raise Refusal(400, "Bad Request: message to be replied not found")
        if markup := params.get("reply_markup"):
            for button in (one for row in markup["inline_keyboard"] for one in row):
                if len(button.get("callback_data", "").encode()) > _LONGEST_CALLBACK:
                    raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
            content["reply_markup"] = markup
        return self._world.add_message(
            chat, self._world.bot, content, reply_to=reply_to,
            thread=params.get("message_thread_id"),
        )  # fmt: skip

    def _send_photo(self, params: Params, files: Files) -> Json:
        data = files["photo"].data
        size = self._world.store(data, "photos/sent.png") | {"width": 320, "height": 320}
        return self._send(params, {"photo": [size]} | _caption(params))

    def _send_animation(self, params: Params, files: Files) -> Json:
        shape = {"width": 320, "height": 320, "duration": 3}
        animation = self._world.store(files["animation"].data, "animations/sent.mp4") | shape
        document = {k: v for k, v in animation.items() if k not in shape}
        content = {"animation": animation, "document": document} | _caption(params)
        return self._send(params, content)

    def _send_document(self, params: Params, files: Files) -> Json:
        document = self._world.store(files["document"].data, "documents/sent")
        return self._send(params, {"document": document} | _caption(params))

    def _send_chat_action(self, params: Params, _files: Files) -> bool:
        chat = self._chat(params)
        if chat["type"] == "channel" or chat.get("is_direct_messages"):
            raise Refusal(400, "Bad Request: chat is not supported")
        return True

    def _get_file(self, params: Params, _files: Files) -> Json:
        file_id = params["file_id"]
        stored = self._world.files.get(file_id)
        if stored is None or not stored.available:
            wrong = "wrong file_id or the file is temporarily unavailable"
            raise Refusal(400, f"Bad Request: {wrong}")
        if stored.size > DOWNLOAD_LIMIT:
            raise Refusal(400, "Bad Request: file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"U-{file_id}",
            "file_size": stored.size,
            "file_path": f"{file_id}/{stored.path}",
        }

    def _answer_callback_query(self, params: Params, _files: Files) -> bool:
        ident = params["callback_query_id"]
        if ident not in self._world.callbacks:
            raise Refusal(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        self._world.callbacks.remove(ident)
        return True

    def _send_voice(self, params: Params, files: Files) -> Json:
        sound = files["voice"]
        if not sound.data.startswith(b"OggS"):
            raise Refusal(400, "Bad Request: wrong file type")
        voice = self._world.store(sound.data, "voice/sent.oga") | {"duration": params["duration"]}
        return self._send(params, {"voice": voice} | _caption(params))

    def _own_message(self, params: Params, what: str) -> Json:
        chat = self._chat(params)
        message = self._world.messages.get((chat["id"], params["message_id"]))
        if message is None:
            raise Refusal(400, f"Bad Request: message to {what} not found")
        if message["from"]["id"] != self._world.bot["id"]:
            raise Refusal(400, f"Bad Request: message can't be {what}ed")
        return message

    def _edit_message_text(self, params: Params, _files: Files) -> Json:
        message = self._own_message(params, "edit")
        markup = params.get("reply_markup")
        if (message["text"], message.get("reply_markup")) == (params["text"], markup):
            raise Refusal(400, "Bad Request: message is not modified")
        message.pop("reply_markup", None)
        message |= {"text": params["text"], "edit_date": message["date"] + 1}
        return message | ({"reply_markup": markup} if markup else {})

    def _delete_message(self, params: Params, _files: Files) -> bool:
        message = self._own_message(params, "delete")
        if message["message_id"] in self._world.undeletable:
            raise Refusal(400, "Bad Request: message can't be deleted")
        self._world.delete_message(message)
        return True

    def _get_chat_member(self, params: Params, _files: Files) -> Json:
        return self._world.member(self._chat(params), params["user_id"])

    def _get_chat_administrators(self, params: Params, _files: Files) -> list[Json]:
        chat = self._chat(params)
        admins = self._world.admins.get(chat["id"], set())
        return [self._world.member(chat, ident) for ident in sorted(admins)]

    def _set_my_commands(self, params: Params, _files: Files) -> bool:
        self.commands[_place(params)] = params["commands"]
        return True

    def _set_text(self, name: str) -> Callable[[Params, Files], bool]:
        def set_text(params: Params, _files: Files) -> bool:
            self.texts[name, params.get("language_code", "")] = params[name]
            return True

        return set_text


def _place(params: Params) -> tuple[str, str]:
    """Where and in which language a list of commands is shown."""
    scope = params.get("scope") or {"type": "default"}
    return scope["type"], params.get("language_code", "")


def _text(params: Params) -> Json:
    entities = params.get("entities")
    return {"text": params["text"]} | ({"entities": entities} if entities else {})


def _caption(params: Params) -> Json:
    """What stands under a medium, and whether that is covered."""
    said: Json = {"caption": params["caption"]} if params.get("caption") else {}
    if params.get("caption_entities"):
        said["caption_entities"] = params["caption_entities"]
    if params.get("has_spoiler"):
        said["has_media_spoiler"] = True
    return said
