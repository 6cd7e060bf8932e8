"""Pictures in messages: files, galleries, stickers and previews of links; and replies to ours."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Iterator, Sequence

import discord

from bot.adapters.discord import CDN
from bot.adapters.discord.replies import photo_holder
from bot.chat.media import Link, is_picture, shown_in

_MENTION = re.compile(r"<@[!&]?[0-9]{1,20}>")
_COVERED = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)
_Shown = discord.Message | discord.MessageSnapshot


def pictures_in(message: discord.Message) -> list[Link]:
    """The pictures of a message."""
    return [one for one in shown_by(message) if is_picture(one.kind)]


def shown_by(message: discord.Message) -> list[Link]:
    """The pictures of a message, or else what it has instead of them.

    Its own files, gallery, stickers or previews, else those that it forwards, else those of the
    message that it replies to.
    """
    above = replied_to(message)
    return shown_in([*_sources(message), *(_sources(above) if above is not None else ())])


def has_pictures(message: discord.Message) -> bool:
    """Whether somebody put pictures into this very message: files or a gallery."""
    own = [*map(of_attachment, message.attachments), *_galleries(message.components)]
    return any(is_picture(one.kind) for one in own)


def of_attachment(attachment: discord.Attachment) -> Link:
    """A file that somebody uploaded."""
    kind = _kind(attachment.content_type or mimetypes.guess_type(attachment.filename)[0])
    return Link(attachment.url, kind, attachment.size, attachment.is_spoiler())


def _sources(message: discord.Message) -> Iterator[Sequence[Link]]:
    shown: Iterable[_Shown] = (message, *message.message_snapshots)
    for one in shown:
        yield [of_attachment(attachment) for attachment in one.attachments]
        yield list(_galleries(one.components))
        yield [Link(sticker.url, _kind_of_sticker(sticker.format)) for sticker in one.stickers]
        yield list(_previews(one))


def _galleries(components: Iterable[object], *, spoiler: bool = False) -> Iterator[Link]:
    """The media among a message's components, wherever they are nested."""
    for one in components:
        hidden = spoiler or bool(getattr(one, "spoiler", False))
        if isinstance(one, discord.MediaGalleryComponent):
            yield from _galleries(one.items, spoiler=hidden)
        elif isinstance(one, discord.Container):
            yield from _galleries(one.children, spoiler=hidden)
        elif isinstance(one, discord.SectionComponent):
            yield from _galleries([*one.children, one.accessory], spoiler=hidden)
        elif isinstance(
            one, discord.MediaGalleryItem | discord.ThumbnailComponent | discord.FileComponent
        ) and (address := _at_discord(one.media.url, one.media.proxy_url)):
            yield Link(address, _kind(one.media.content_type), spoiler=hidden)


def _previews(message: _Shown) -> Iterator[Link]:
    """The pictures of links that Discord keeps copies of; other addresses are never fetched."""
    # Discord covers the preview of a link that is written between bars.
    spoiler = any("http" in text for text in _COVERED.findall(message.content))
    for embed in message.embeds:
        for media in (embed.image, embed.thumbnail):
            if address := _at_discord(media.url, media.proxy_url):
                yield Link(address, spoiler=spoiler)
                break


def _at_discord(address: str | None, copy: str | None) -> str | None:
    """Where Discord has a file: at its address, or as a copy. Whoever fetches it looks closer."""
    if address and address.startswith(tuple(f"{origin}/" for origin in CDN)):
        return address
    return copy


def _kind_of_sticker(kind: discord.StickerFormatType) -> str:
    drawn = kind is discord.StickerFormatType.lottie
    return "application/lottie" if drawn else f"image/{kind.file_extension}"


def _kind(said: str | None) -> str:
    """A MIME type without its parameters."""
    return (said or "").split(";")[0].strip().lower()


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
