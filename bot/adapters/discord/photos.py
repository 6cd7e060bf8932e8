"""Pictures in messages: which of the files that people attach are any."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence

import discord

from bot.chat.service import Sorry
from bot.locales import ENGLISH, say


def sorry(text_id: str, **args: str | int) -> Sorry:
    """A refusal of this adapter's own, in the form of the desk's."""
    refused = Sorry(text_id, say(text_id, ENGLISH, **args))
    refused.args_for_text = args
    return refused


def attached(message: discord.Message) -> list[discord.Attachment]:
    """What a message shows, pictures first.

    Its own attachments, else those it forwards, else those of the message that it replies to;
    of these, the first that hold a picture at all.
    """
    sources: list[Sequence[discord.Attachment]] = [message.attachments]
    sources += [snapshot.attachments for snapshot in message.message_snapshots]
    replied_to = message.reference.resolved if message.reference else None
    if isinstance(replied_to, discord.Message):
        sources.append(replied_to.attachments)
        sources += [snapshot.attachments for snapshot in replied_to.message_snapshots]
    sources = [source for source in sources if source]
    with_pictures = [source for source in sources if any(map(is_picture, source))]
    found = next(iter(with_pictures + sources), ())
    return sorted(found, key=lambda attachment: not is_picture(attachment))


def is_picture(attachment: discord.Attachment) -> bool:
    """Whether it says that it is a picture, moving or not; what it is shows only later."""
    return is_film(attachment) or _wrong_kind(_kind(attachment)) is None


def is_film(attachment: discord.Attachment) -> bool:
    """Whether it says that it moves: a video or a GIF."""
    kind = _kind(attachment)
    return kind == "image/gif" or kind.startswith("video/")


def check(attachment: discord.Attachment, max_bytes: int, *, films: bool) -> None:
    """Refuse what can be refused without fetching it. Raises Sorry.

    `films` says whether somebody is there to watch videos.
    """
    if not (films and is_film(attachment)):
        refused = _wrong_kind(_kind(attachment))
        if refused is not None:
            raise refused
    if attachment.size > max_bytes:
        raise too_large(max_bytes)


def too_large(max_bytes: int) -> Sorry:
    """The refusal of a file of more than so many bytes."""
    return sorry("too_large", limit=max(1, max_bytes // 1_000_000))


def _kind(attachment: discord.Attachment) -> str:
    kind = attachment.content_type or mimetypes.guess_type(attachment.filename)[0] or ""
    return kind.split(";")[0].strip().lower()


def _wrong_kind(kind: str) -> Sorry | None:
    """Why a kind of file is no photo."""
    family = kind.partition("/")[0]
    if kind == "image/svg+xml":
        return sorry("unsupported", kind="svg")
    if kind == "application/pdf":
        return sorry("unsupported", kind="pdf")
    if family in {"video", "audio"}:
        return sorry("unsupported", kind=family)
    # Where nothing useful is said, intake looks at the file itself.
    if family == "image" or kind in {"", "application/octet-stream"}:
        return None
    return sorry("not_an_image")
