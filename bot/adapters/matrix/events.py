"""Events of a room → what they mean to the bot; nothing raises, whatever their senders wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.dialogue import ASK
from bot.chat.media import Link, mime

Json = Mapping[str, Any]

_COMMAND = re.compile(r"!([a-z]{2,12})(?:[ \t]+([^\n]*))?\s*", re.IGNORECASE)
_MXC = re.compile(r"mxc://[A-Za-z0-9.:\[\]-]{1,255}/[A-Za-z0-9_-]{1,255}")
_PICTURES = frozenset(("m.image", "m.video", "m.file"))
SPOILERS = ("m.spoiler", "page.codeberg.everypizza.msc4193.spoiler")
# Not what programs and homeservers tell each other: verification requests, server notices.
_KINDS = frozenset(("m.text", "m.emote", "m.audio", "m.notice", *_PICTURES))
_LONGEST_COMMAND = 200  # characters of a text that can be a command


ENCRYPTED = Link("")  # a picture that the bot cannot read


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMessage:
    """A message or a sticker, as far as it matters here."""

    event: str
    sender: str
    text: str = ""  # what somebody wrote, also below a picture
    picture: Link | None = None  # at an mxc:// address; what its sender claims of it
    by_program: bool = False
    edit: bool = False
    reply_to: str = ""
    thread: str = ""
    mentioned: frozenset[str] = frozenset()

    def command(self, *, anywhere: bool) -> tuple[str, str]:
        """A command's name and argument; `anywhere`: also behind the name of whom it is for.

        Only the argument of `ask` may be long, or have several lines.
        """
        find = _COMMAND.search if anywhere else _COMMAND.match
        found = find(self.text[:_LONGEST_COMMAND])
        if found is None:
            return "", ""
        name, argument = found[1].lower(), found[2] or ""
        if name == ASK:
            argument = self.text[found.end(1) :]
        elif len(self.text) > _LONGEST_COMMAND:
            return "", ""
        return name, argument.strip()


def read(source: Json) -> RoomMessage | None:
    """The message in an event; None where it is none."""
    kind, content = _text(source, "type"), _object(source, "content")
    event, sender = _text(source, "event_id"), _text(source, "sender")
    if kind not in {"m.room.message", "m.sticker"} or not event or not sender:
        return None
    message_kind = "m.image" if kind == "m.sticker" else _text(content, "msgtype")
    if message_kind not in _KINDS:
        return None
    relation = _object(content, "m.relates_to")
    thread = _text(relation, "event_id") if relation.get("rel_type") == "m.thread" else ""
    replied = "" if relation.get("is_falling_back") is True else _replied(relation)
    shows = message_kind in _PICTURES
    body = _text(content, "body")
    filename = _text(content, "filename")
    return RoomMessage(
        event=event,
        sender=sender,
        text=_said(body if not shows or (filename and filename != body) else "", replied=replied),
        picture=_picture(content) if shows else None,
        by_program=message_kind == "m.notice",
        edit=relation.get("rel_type") == "m.replace",
        reply_to=replied,
        thread=thread,
        mentioned=_mentioned(content, body),
    )


def age(source: Json) -> float:
    """Seconds since an event reached the homeserver, by its clock; 0 where it does not say."""
    value = _object(source, "unsigned").get("age")
    return max(0.0, value / 1000) if isinstance(value, int | float) else 0.0


def redacted(source: Json) -> str:
    """The event that a redaction takes away."""
    return _text(source, "redacts") or _text(_object(source, "content"), "redacts")


def reaction(source: Json) -> tuple[str, str]:
    """The event that somebody reacts to, and how."""
    relation = _object(_object(source, "content"), "m.relates_to")
    if relation.get("rel_type") != "m.annotation":
        return "", ""
    return _text(relation, "event_id"), _text(relation, "key")


def _picture(content: Json) -> Link | None:
    url = _text(content, "url")
    if not _MXC.fullmatch(url):
        return ENCRYPTED if "file" in content else None
    info = _object(content, "info")
    size = info.get("size")
    return Link(
        url,
        kind=mime(_text(info, "mimetype")),
        size=size if type(size) is int else 0,
        spoiler=any(content.get(name) is True for name in SPOILERS),
    )


def _said(body: str, *, replied: str) -> str:
    """What somebody wrote, without the lines of another that older programs quote before it."""
    lines = body.splitlines()
    if replied and lines and lines[0].startswith("> "):
        while lines and lines[0].startswith(">"):
            del lines[0]
    return "\n".join(lines).strip()


def _replied(relation: Json) -> str:
    return _text(_object(relation, "m.in_reply_to"), "event_id")


def _mentioned(content: Json, body: str) -> frozenset[str]:
    """Who is addressed: by the list of mentions, or else by an id at the beginning of the text."""
    mentions = content.get("m.mentions")
    if not isinstance(mentions, Mapping):
        return frozenset(one.rstrip(":,") for one in body.split(maxsplit=1)[:1])
    users = mentions.get("user_ids")
    return frozenset(filter(_is_text, users)) if isinstance(users, list) else frozenset()


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _object(source: Json, name: str) -> Json:
    value = source.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(source: Json, name: str) -> str:
    value = source.get(name)
    return value if isinstance(value, str) else ""
