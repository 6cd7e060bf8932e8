"""What a Telegram server knows: people, chats, messages, files, and updates not yet confirmed.

Everything is kept as the JSON that the Bot API shows, checked against the official types as it
is made, so that a bot is never fed what the real service would not send.
"""

from __future__ import annotations

import copy
import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.specs.telegram_check import TelegramSpec

Json = dict[str, Any]
DOWNLOAD_LIMIT = 20_000_000  # bytes that a bot may download
_COMMAND = re.compile(r"/[a-z0-9_]{1,32}(@\w+)?", re.IGNORECASE)
_MENTION = re.compile(r"(?<!\w)@\w{4,32}")


class Refusal(Exception):
    """An answer with an HTTP error status, as the Bot API words it."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


@dataclass(slots=True)
class StoredFile:
    """A file on the server; `size` may be made up, to pretend that it is large."""

    data: bytes
    path: str
    size: int
    available: bool = True


class World:
    """The state behind the loopback Bot API."""

    def __init__(self, spec: TelegramSpec, bot: Json, on_update: Callable[[], None]) -> None:
        self.bot = bot
        self.chats: dict[int, Json] = {}
        self.topics: dict[int, set[int]] = {}  # message_thread_ids of a forum
        self.blocked: set[int] = set()  # chats that blocked the bot
        self.admins: dict[int, set[int]] = {}  # of a group: ids of people, or the bot's
        self.undeletable: set[int] = set()  # message ids: too old, for example
        self.messages: dict[tuple[int, int], Json] = {}
        self.files: dict[str, StoredFile] = {}
        self.callbacks: set[str] = set()  # queries that may still be answered
        self.updates: list[Json] = []
        self.webhook: Json = {
            "url": "", "has_custom_certificate": False, "pending_update_count": 0,
        }  # fmt: skip
        self._spec = spec
        self._on_update = on_update
        self._ids = itertools.count(1001)
        self._update_ids = itertools.count(500_001)

    def next_id(self) -> int:
        return next(self._ids)

    def checked(self, value: Json, kind: str) -> Json:
        """The value, if it is what the official types say it must be."""
        flaws = self._spec.flaws(value, kind)
        if flaws:
            raise AssertionError(f"the loopback server made a wrong {kind}: {flaws}")
        return value

    def chat(
        self, kind: str, *, forum: bool = False, direct: bool = False, title: str = "Photo club"
    ) -> Json:
        """A new chat: "private", "group", "supergroup", "channel"; or a channel's `direct` one."""
        ident = self.next_id()
        if kind == "private":
            chat: Json = {"id": ident, "type": kind, "first_name": f"Person {ident}"}
        else:
            chat = {"id": -ident, "type": kind, "title": title}
        if forum:
            chat["is_forum"] = True
        if direct:
            chat["is_direct_messages"] = True
        self.chats[chat["id"]] = self.checked(chat, "Chat")
        return chat

    def member(self, chat: Json, ident: int) -> Json:
        """Somebody as a member of a group."""
        user = {"id": ident, "is_bot": False, "first_name": f"Firstname{ident}"}
        if ident == self.bot["id"]:
            user = self.bot
        member: Json = {"status": "member", "user": user}
        if ident in self.admins.get(chat["id"], ()):
            needed = self._spec.needed("ChatMemberAdministrator")
            rights = [name for name in needed if name.startswith(("can_", "is_"))]
            member |= {"status": "administrator"} | dict.fromkeys(rights, False)
        return self.checked(member, "ChatMember")

    def store(self, data: bytes, path: str, *, size: int | None = None) -> Json:
        """Keep a file; what a message says about it."""
        ident = self.next_id()
        file_id = f"FILE-{ident}"
        self.files[file_id] = StoredFile(data, path, len(data) if size is None else size)
        return {
            "file_id": file_id,
            "file_unique_id": f"U{ident}",
            "file_size": self.files[file_id].size,
        }

    def add_message(
        self,
        chat: Json,
        sender: Json | None,
        content: Json,
        *,
        reply_to: Json | None = None,
        thread: int | None = None,
        topic: Json | None = None,
    ) -> Json:
        """Put a message into a chat; it carries the one that it answers, one level deep."""
        message: Json = {
            "message_id": self.next_id(),
            "date": int(time.time()),
            "chat": chat,
            **({"from": sender} if sender else {"sender_chat": chat}),
            **content,
        }
        mark_entities(message)
        if topic is not None:
            message["direct_messages_topic"] = topic
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            message["reply_to_message"] = {
                name: value for name, value in reply_to.items() if name != "reply_to_message"
            }
        self.checked(message, "Message")
        self.messages[chat["id"], message["message_id"]] = message
        return message

    def delete_message(self, message: Json) -> None:
        """Delete a message, and the mention of it in those that answer it."""
        key = (message["chat"]["id"], message["message_id"])
        del self.messages[key]
        for other in self.messages.values():
            quoted = other.get("reply_to_message")
            if quoted and (quoted["chat"]["id"], quoted["message_id"]) == key:
                del other["reply_to_message"]

    def push(self, **content: Json) -> Json:
        """Queue an update for the bot."""
        update = self.checked(
            {"update_id": next(self._update_ids), **copy.deepcopy(content)}, "Update"
        )
        self.updates.append(update)
        self._on_update()
        return update

    def push_again(self, update: Json) -> None:
        """Queue an update that was delivered before, as happens when a confirmation gets lost."""
        self.updates = sorted([*self.updates, update], key=lambda u: int(u["update_id"]))
        self._on_update()

    def confirm(self, offset: int) -> None:
        """Forget the updates below an offset."""
        self.updates = [update for update in self.updates if update["update_id"] >= offset]


def mark_entities(message: Json) -> None:
    """Say which of a message's words are commands and mentions."""
    for name, entities in (("text", "entities"), ("caption", "caption_entities")):
        if found := _entities(message.get(name) or ""):
            message[entities] = found


def _entities(text: str) -> list[Json]:
    """A command at the beginning, and mentions; positions are in UTF-16, as Telegram counts."""
    command = _COMMAND.match(text)
    start = command.end() if command else 0
    kinds = [("bot_command", command)] if command else []
    kinds += [("mention", found) for found in _MENTION.finditer(text, start)]
    return [
        {
            "type": kind,
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": found.end() - found.start(),
        }
        for kind, found in kinds
    ]
