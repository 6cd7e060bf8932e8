"""What the loopback Discord knows: people, channels, messages, interactions and files."""

from __future__ import annotations

import itertools
import mimetypes
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

_EPOCH = 1_420_070_400_000  # Discord's first millisecond
_TOKEN_LIFE = 15 * 60.0  # seconds for which an interaction can be answered
_MENTION = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EPHEMERAL = 64

# Bits of permissions.
VIEW_CHANNEL, SEND_MESSAGES, MANAGE_MESSAGES, MANAGE_CHANNELS = 1 << 10, 1 << 11, 1 << 13, 1 << 4
ATTACH_FILES, READ_HISTORY, SEND_IN_THREADS = 1 << 15, 1 << 16, 1 << 38
USUAL = VIEW_CHANNEL | SEND_MESSAGES | ATTACH_FILES | READ_HISTORY | SEND_IN_THREADS


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
    """A text channel or thread of a guild, or a direct message channel with a person."""

    id: int
    guild: int | None
    name: str
    person: Person | None = None  # whose direct messages these are
    parent: int | None = None  # the channel that a thread belongs to

    def payload(self) -> Json:
        if self.guild is None:
            recipients = [self.person.payload()] if self.person else []
            return {
                "id": str(self.id), "type": 1, "last_message_id": None, "recipients": recipients,
            }  # fmt: skip
        if self.parent is not None:
            return {
                "id": str(self.id), "type": 11, "guild_id": str(self.guild), "name": self.name,
                "parent_id": str(self.parent), "owner_id": "1", "last_message_id": None,
                "message_count": 0, "member_count": 1, "rate_limit_per_user": 0, "flags": 0,
                "thread_metadata": {
                    "archived": False, "auto_archive_duration": 60, "locked": False,
                    "archive_timestamp": "2026-01-01T00:00:00+00:00",
                },
            }  # fmt: skip
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
    edited: str | None = None  # when its author changed it
    deleted: bool = False
    extra: Json = field(default_factory=dict)  # embeds, stickers and the like

    def mentioned(self) -> set[int]:
        found = {int(number) for number in _MENTION.findall(self.content)}
        return found | ({self.reference.author.id} if self.reference else set())

    @property
    def buttons(self) -> list[Json]:
        return [item for row in self.components for item in row.get("components", [])]

    @property
    def custom_ids(self) -> list[str]:
        return [button["custom_id"] for button in self.buttons]

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & _EPHEMERAL)


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
    pressed: Message | None = None  # what the button is under
    form: Json | None = None  # that the bot wants to have filled in

    def usable(self) -> bool:
        return not self.expired and time.monotonic() - self.started < _TOKEN_LIFE


class World:
    """All of it; the bot's own account is `bot`, and `token` is what it must show."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._count = itertools.count(1)
        self.people: dict[int, Person] = {}
        self.bot = self.person("captionbot", bot=True)
        self.application = self.bot.id
        self.own_role = self.snowflake()  # that Discord makes for a bot
        self.guild = self.snowflake()
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[Json] = []
        self.application_says: Json = {}  # of itself, beside what every application says
        self.files: dict[str, bytes] = {}  # what the CDN serves, by path
        self.cdn = ""  # address of the CDN, without a slash at the end
        self.hides_what_is_replied_to = False
        # Whether the application has the message content intent; None: it must not even ask.
        self.message_content: bool | None = None
        self.shows_everything = False  # the bot was granted it
        self.allowed = USUAL  # what the bot may do in its guild
        self.closed: set[int] = set()  # people who take no direct messages
        self.text_channel = Channel(self.snowflake(), self.guild, "photos")
        self.channels: dict[int, Channel] = {self.text_channel.id: self.text_channel}

    def snowflake(self, *, age: float = 0.0) -> int:
        """A new id, of a thing made `age` seconds ago."""
        stamp = int((time.time() - age) * 1000) - _EPOCH
        return (stamp << 22) | (next(self._count) & 0x3FFFFF)

    def person(self, name: str, *, bot: bool = False) -> Person:
        person = Person(self.snowflake(), name, bot)
        self.people[person.id] = person
        return person

    def dm(self, person: Person | None = None) -> Channel:
        """Somebody's direct messages with the bot."""
        for channel in self.channels.values():
            if person is not None and channel.person == person:
                return channel
        return self._added(Channel(self.snowflake(), None, "", person))

    def thread(self, name: str = "a thread") -> Channel:
        """A thread in the text channel."""
        return self._added(Channel(self.snowflake(), self.guild, name, parent=self.text_channel.id))

    def elsewhere(self) -> Channel:
        """A channel of a guild that the bot is no member of: people take it along."""
        return self._added(Channel(self.snowflake(), self.snowflake(), "elsewhere"))

    def _added(self, channel: Channel) -> Channel:
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
        spoiler: bool = False,
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
        if spoiler:
            payload["flags"] = 1 << 3
        if description is not None:
            payload["description"] = description
        return payload

    def add(self, message: Message) -> Message:
        self.messages[message.id] = message
        return message

    def find(self, channel: int, message: int) -> Message | None:
        found = self.messages.get(message)
        return found if found and found.channel.id == channel and not found.deleted else None

    def last_message(self) -> str | None:
        """The id of the newest message in the text channel."""
        ids = [m.id for m in self.messages.values() if m.channel is self.text_channel]
        return str(max(ids)) if ids else None

    def role(self) -> Json:
        """The role that everybody in the guild has."""
        return {
            "id": str(self.guild), "name": "@everyone", "color": 0, "hoist": False, "position": 0,
            "permissions": str(self.allowed), "managed": False, "mentionable": False, "flags": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        }  # fmt: skip

    def roles(self) -> list[Json]:
        """All roles of the guild: everybody's, and the bot's own."""
        own = {
            "id": str(self.own_role), "name": "captionbot", "managed": True, "permissions": "0",
            "tags": {"bot_id": str(self.bot.id)},
        }  # fmt: skip
        return [self.role(), self.role() | own]

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
            "timestamp": _time(message.id), "edited_timestamp": message.edited,
            **(message.extra if everything else {}),
        }  # fmt: skip
        payload["mention_roles"] = _ROLE.findall(message.content)
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
            self.shows_everything
            or message.author.id == self.bot.id
            or message.channel.guild is None
            or self.bot.id in message.mentioned()
        )


def _time(snowflake: int) -> str:
    """When something was made, by its id."""
    made = datetime.fromtimestamp(((snowflake >> 22) + _EPOCH) / 1000, UTC)
    return made.isoformat(timespec="microseconds")


def member() -> Json:
    """Somebody of no distinction in a guild."""
    return {
        "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False,
        "flags": 0, "nick": None, "avatar": None,
    }  # fmt: skip
