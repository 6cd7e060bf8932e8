"""Pictures in messages: which of the files that people attach are any."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.chat.media import check_kind, is_video
from bot.chat.refusals import Refusal, too_large
from bot.media.downloads import Downloads


@dataclass(frozen=True, slots=True)
class DiscordFile:
    """An attachment of a message; `videos` says whether those are captioned."""

    attachment: discord.Attachment
    downloads: Downloads
    videos: bool

    def check(self) -> None:
        """Refuse what can be refused without fetching it. Raises Refusal."""
        check_kind(_kind(self.attachment), videos=self.videos)
        if self.attachment.size > self.downloads.max_bytes:
            raise too_large(self.downloads.max_bytes)

    async def fetch(self) -> bytes:
        """The file's bytes. Raises Refusal."""
        return await self.downloads.fetch(self.attachment.url)


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


def pictures_in(message: discord.Message) -> list[discord.Attachment]:
    """The pictures of a message, or else what it has instead of them."""
    found = attached(message)
    # A file beside a picture is none of our business.
    return [one for one in found if is_picture(one)] or found[:1]


def is_picture(attachment: discord.Attachment) -> bool:
    """Whether it says that it is a picture, moving or not; what it is shows only later."""
    kind = _kind(attachment)
    if is_video(kind):
        return True
    try:
        check_kind(kind, videos=False)
    except Refusal:
        return False
    return True


def _kind(attachment: discord.Attachment) -> str:
    kind = attachment.content_type or mimetypes.guess_type(attachment.filename)[0] or ""
    return kind.split(";")[0].strip().lower()
