"""What the loopback Discord knows: people, channels, messages, interactions and files."""

from __future__ import annotations

import itertools
import mimetypes
import re
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_EPOCH = 1_420_070_400_000  # Discord's first millisecond
_TOKEN_LIFE = 15 * 60.0  # seconds for which an interaction can be answered
_MENTION = re.compile(r"<@!?(\d+)>")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `id` is a snowflake."""

    id: int
    name: str
    bot: bool = False

    def payload(self) -> Json:
        return {
            "id": str(self.id), "username": self.name, "discriminator": "0", "avatar": None,
            "global_name": None, "bot": self.bot, "public_flags": 0,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Channel:
    """A text channel of the one guild, or a direct message channel with a person."""

    id: int
    guild: int | None
    name: str

    def payload(self) -> Json:
        if self.guild is None:
            return {"id": str(self.id), "type": 1, "last_message_id": None}
        return {
            "id": str(self.id), "type": 0, "guild_id": str(self.guild), "name": self.name,
            "position": 0, "permission_overwrites": [], "nsfw": False, "topic": None,
            "parent_id": None, "last_message_id": None, "rate_limit_per_user": 0,
        }  # fmt: skip


@dataclass(slots=True)
class Message:
    """A message as Discord stores it."""

    id: int
    channel: Channel
    author: Person
    content: str = ""
    attachments: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    reference: Message | None = None
    nonce: str | None = None
    loading: bool = False  # an answer that was deferred and has not come yet
    flags: int = 0
    edits: int = 0
    deleted: bool = False

    def mentioned(self) -> set[int]:
        found = {int(number) for number in _MENTION.findall(self.content)}
        return found | ({self.reference.author.id} if self.reference else set())

    @property
    def custom_ids(self) -> list[str]:
        return [item["custom_id"] for row in self.components for item in row.get("components", [])]


@dataclass(slots=True)
class Interaction:
    """Somebody used a command or pressed a button."""

    id: int
    token: str
    channel: Channel
    person: Person
    started: float = field(default_factory=time.monotonic)
    acknowledged: bool = False
    expired: bool = False
    original: Message | None = None  # the bot's answer

    def usable(self) -> bool:
        return not self.expired and time.monotonic() - self.started < _TOKEN_LIFE


class World:
    """All of it; the bot's own account is `bot`, and `token` is what it must show."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._count = itertools.count(1)
        self.bot = self.person("captionbot", bot=True)
        self.application = self.bot.id
        self.guild = self.snowflake()
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[Json] = []
        self.files: dict[str, bytes] = {}  # what the CDN serves, by path
        self.cdn = ""  # address of the CDN, without a slash at the end
        self.hides_what_is_replied_to = False
        self.text_channel = Channel(self.snowflake(), self.guild, "photos")
        self.channels: dict[int, Channel] = {self.text_channel.id: self.text_channel}

    def snowflake(self, *, age: float = 0.0) -> int:
        """A new id, of a thing made `age` seconds ago."""
        stamp = int((time.time() - age) * 1000) - _EPOCH
        return (stamp << 22) | (next(self._count) & 0x3FFFFF)

    def person(self, name: str, *, bot: bool = False) -> Person:
        return Person(self.snowflake(), name, bot)

    def dm(self) -> Channel:
        channel = Channel(self.snowflake(), None, "")
        self.channels[channel.id] = channel
        return channel

    def attachment(
        self,
        name: str,
        data: bytes,
        *,
        description: str | None = None,
        content_type: str | None = None,
        size: int | None = None,
        url: str | None = None,
    ) -> Json:
        """A file that somebody uploaded; `size` and `url` let it lie."""
        number = self.snowflake()
        path = f"/attachments/{self.text_channel.id}/{number}/{name}"
        self.files[path] = data
        address = url or f"{self.cdn}{path}?ex=1&is=2&hm=3"
        payload: Json = {
            "id": str(number), "filename": name, "size": len(data) if size is None else size,
            "url": address, "proxy_url": address,
        }  # fmt: skip
        kind = content_type or mimetypes.guess_type(name)[0]
        if kind:
            payload["content_type"] = kind
        if description is not None:
            payload["description"] = description
        return payload

    def add(self, message: Message) -> Message:
        self.messages[message.id] = message
        return message

    def find(self, channel: int, message: int) -> Message | None:
        found = self.messages.get(message)
        return found if found and found.channel.id == channel and not found.deleted else None

    def payload(self, message: Message, *, interaction: bool = False) -> Json:
        """A message as the bot gets to see it.

        Without the privileged intent, contents are there only for the bot's own messages, those
        that mention it, direct messages, and what an interaction brings along.
        """
        everything = interaction or self._readable(message)
        payload: Json = {
            "id": str(message.id), "channel_id": str(message.channel.id),
            "type": 19 if message.reference else 0,
            "author": message.author.payload(),
            "content": message.content if everything else "",
            "attachments": message.attachments if everything else [],
            "components": message.components if everything else [],
            "embeds": [], "mentions": [], "mention_roles": [], "mention_everyone": False,
            "pinned": False, "tts": False, "flags": message.flags | (128 if message.loading else 0),
            "timestamp": "2026-01-01T00:00:00.000000+00:00", "edited_timestamp": None,
        }  # fmt: skip
        if self.bot.id in message.mentioned():
            payload["mentions"] = [self.bot.payload()]
        if message.nonce is not None:
            payload["nonce"] = message.nonce
        if message.reference:
            target = message.reference
            payload["message_reference"] = {
                "type": 0, "message_id": str(target.id), "channel_id": str(target.channel.id),
            }  # fmt: skip
            seen = not self.hides_what_is_replied_to
            payload["referenced_message"] = (
                None if target.deleted else self.payload(target, interaction=seen)
            )
        return payload

    def _readable(self, message: Message) -> bool:
        return (
            message.author.id == self.bot.id
            or message.channel.guild is None
            or self.bot.id in message.mentioned()
        )
