"""What the methods of the Bot API do to the world, for those that the bot calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.specs.telegram_check import Upload
from tests.support.telegram_server.world import DOWNLOAD_LIMIT, Json, Refusal, World

Params = Mapping[str, Any]
Files = Mapping[str, Upload]


class Methods:
    """One function a method; `getUpdates` is the server's own, for it waits."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.commands: list[Json] = []
        self.table: dict[str, Callable[[Params, Files], object]] = {
            "getMe": lambda _params, _files: world.bot,
            "getFile": self._get_file,
            "sendMessage": lambda params, _files: self._send(params, {"text": params["text"]}),
            "sendPhoto": self._send_photo,
            "sendAnimation": self._send_animation,
            "sendDocument": self._send_document,
            "sendChatAction": self._send_chat_action,
            "answerCallbackQuery": self._answer_callback_query,
            "setMyCommands": self._set_my_commands,
            "deleteWebhook": lambda _params, _files: True,
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
        reply_to = None
        if reply := params.get("reply_parameters"):
            reply_to = self._world.messages.get((chat["id"], reply["message_id"]))
            if reply_to is None and not reply.get("allow_sending_without_reply"):
                raise Refusal(400, "Bad Request: message to be replied not found")
        if markup := params.get("reply_markup"):
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
        self._chat(params)
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

    def _set_my_commands(self, params: Params, _files: Files) -> bool:
        self.commands = params["commands"]
        return True


def _caption(params: Params) -> Json:
    return {"caption": params["caption"]} if params.get("caption") else {}
