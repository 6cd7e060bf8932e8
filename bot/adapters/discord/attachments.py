"""Pictures in messages: files, galleries, stickers and previews of links; and replies to ours."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import discord

from bot.adapters.discord.message_payload import photo_holder
from bot.adapters.discord.settings import CDN
from bot.chat.media import check_kind, is_video
from bot.chat.refusals import Refusal, RefusalCode, too_large
from bot.media.downloads import Downloads

_DRAWING = "application/lottie"  # a sticker that is no picture but a program to draw one
_STICKERS = {
    discord.StickerFormatType.png: "image/png",
    discord.StickerFormatType.apng: "image/apng",
    discord.StickerFormatType.gif: "image/gif",
    discord.StickerFormatType.lottie: _DRAWING,
}
_MENTION = re.compile(r"<@[!&]?[0-9]{1,20}>")
_COVERED = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)
_Shown = discord.Message | discord.MessageSnapshot


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a message that may be a picture, and lies on Discord's servers."""

    url: str
    kind: str = ""  # MIME type, as far as it is known
    size: int = 0  # bytes; 0 where Discord does not say
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class DiscordFile:
    """What was found, as an attachment; `videos` says whether those are captioned."""

    found: Found
    downloads: Downloads
    videos: bool

    @property
    def spoiler(self) -> bool:
        """Whether whoever posted it covered it."""
        return self.found.spoiler

    def check(self) -> None:
        """Refuse what can be refused without fetching it. Raises Refusal."""
        if self.found.kind == _DRAWING:
            raise Refusal(RefusalCode.MOVING_STICKER)
        check_kind(self.found.kind, videos=self.videos)
        if self.found.size > self.downloads.max_bytes:
            raise too_large(self.downloads.max_bytes)

    async def fetch(self) -> bytes:
        """The file's bytes. Raises Refusal."""
        return await self.downloads.fetch(self.found.url)


def attached(message: discord.Message) -> list[Found]:
    """What a message shows, pictures first.

    Its own files, gallery, stickers or previews, else those that it forwards, else those of the
    message that it replies to; of these, the first that hold a picture at all.
    """
    sources = list(_sources(message))
    if (above := replied_to(message)) is not None:
        sources += _sources(above)
    sources = [source for source in sources if source]
    with_pictures = [source for source in sources if any(map(is_picture, source))]
    found = next(iter(with_pictures + sources), ())
    return sorted(found, key=lambda one: not is_picture(one))


def pictures_in(message: discord.Message) -> list[Found]:
    """The pictures of a message, or else what it has instead of them."""
    found = attached(message)
    # A file beside a picture is none of our business.
    return [one for one in found if is_picture(one)] or found[:1]


def has_pictures(message: discord.Message) -> bool:
    """Whether somebody put pictures into this very message: files or a gallery."""
    own = [*map(of_attachment, message.attachments), *_galleries(message.components)]
    return any(map(is_picture, own))


def is_picture(found: Found) -> bool:
    """Whether it says that it is a picture, moving or not; what it is shows only later."""
    if is_video(found.kind):
        return True
    try:
        check_kind(found.kind, videos=False)
    except Refusal:
        return False
    return True


def of_attachment(attachment: discord.Attachment) -> Found:
    """A file that somebody uploaded."""
    kind = attachment.content_type or mimetypes.guess_type(attachment.filename)[0] or ""
    kind = kind.split(";")[0].strip().lower()
    return Found(attachment.url, kind, attachment.size, attachment.is_spoiler())


def _sources(message: discord.Message) -> Iterator[Sequence[Found]]:
    shown: Iterable[_Shown] = (message, *message.message_snapshots)
    for one in shown:
        yield [of_attachment(attachment) for attachment in one.attachments]
        yield list(_galleries(one.components))
        yield [
            Found(sticker.url, _STICKERS.get(sticker.format, _DRAWING)) for sticker in one.stickers
        ]
        yield list(_previews(one))


def _galleries(components: Iterable[object], *, spoiler: bool = False) -> Iterator[Found]:
    """The media among a message's components, wherever they are nested."""
    for one in components:
        if isinstance(one, discord.MediaGalleryComponent):
            for item in one.items:
                yield from _hosted(item.media, spoiler=spoiler or item.spoiler)
        elif isinstance(one, discord.ThumbnailComponent | discord.FileComponent):
            yield from _hosted(one.media, spoiler=spoiler or bool(one.spoiler))
        elif isinstance(one, discord.Container):
            yield from _galleries(one.children, spoiler=spoiler or one.spoiler)
        elif isinstance(one, discord.SectionComponent):
            yield from _galleries([*one.children, one.accessory], spoiler=spoiler)


def _hosted(media: discord.UnfurledMediaItem, *, spoiler: bool) -> Iterator[Found]:
    if address := _at_discord(media.url, media.proxy_url):
        kind = (media.content_type or "").split(";")[0].strip().lower()
        yield Found(address, kind, spoiler=spoiler)


def _previews(message: _Shown) -> Iterator[Found]:
    """The pictures of links that Discord keeps copies of; other addresses are never fetched."""
    # Discord covers the preview of a link that is written between bars.
    spoiler = any("http" in text for text in _COVERED.findall(message.content))
    for embed in message.embeds:
        for media in (embed.image, embed.thumbnail):
            if address := _at_discord(media.url, media.proxy_url):
                yield Found(address, spoiler=spoiler)
                break


def _at_discord(address: str | None, copy: str | None) -> str | None:
    """Where Discord has a file: at its address, or as a copy. Whoever fetches it looks closer."""
    if address and address.startswith(tuple(f"{origin}/" for origin in CDN)):
        return address
    return copy


# --- what messages reply to


def asks(message: discord.Message, us: discord.abc.User | None) -> bool:
    """Whether a message is a reply to an answer of ours about a photo."""
    answer = replied_to(message)
    return answer is not None and photo_holder(answer) is not None and is_reply(message, us)


def is_reply(message: discord.Message, us: discord.abc.User | None) -> bool:
    """Whether a message says something in reply to one of ours, as far as Discord shows it.

    Without the message content intent it does so where the reply mentions the bot, as replies do
    unless that is switched off, and in direct messages.
    """
    answer = replied_to(message)
    if us is None or answer is None or answer.author.id != us.id:
        return False
    seen = message.guild is None or us in message.mentions
    return seen and not has_pictures(message) and any(map(str.isalnum, words_of(message)))


def words_of(message: discord.Message) -> str:
    """What a message says, without whom it mentions."""
    return _MENTION.sub(" ", message.content)


def replied_to(message: discord.Message) -> discord.Message | None:
    """The message that another replies to, as far as Discord shows it."""
    answer = message.reference.resolved if message.reference else None
    return answer if isinstance(answer, discord.Message) else None
