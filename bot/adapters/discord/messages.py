"""Messages → photos and questions: in private all is meant for us, elsewhere what names us.

Discord tells a program that starts nothing of what was said before. What mentions the bot is then
found in the channels of its guilds; private channels, which Discord does not list, by the journal
of those in which somebody wrote. Whatever was on the queue already is known there, so that nobody
is answered twice.
"""

from __future__ import annotations

import asyncio
import mimetypes
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import discord

from bot.adapters.discord import CDN
from bot.adapters.discord.messenger import DiscordMessenger, tried
from bot.adapters.discord.replies import DiscordPlace, photo_holder
from bot.chat.conversation import Conversation
from bot.chat.dialogue import MENTION, Above, Asking, Dialogue, Incoming
from bot.chat.media import Link, LinkedFile, is_picture, mime, shown_in
from bot.chat.pending import Journal, in_time
from bot.locales import say
from bot.media.downloads import Downloads

OWNER = "owner"  # the names of owners' commands are the same in all languages: docs say them
_FROM_PEOPLE = {discord.MessageType.default, discord.MessageType.reply}
_PREVIEW_SECONDS = 1.5
_DIRECT_FOR = 86_400.0  # seconds for which a private channel is known
_NOT_READ = "a message cannot be read again"
_AGO = timedelta(hours=1)  # who asked before does not wait any more
_MOST_CHANNELS, _MOST_MESSAGES = 100, 1000

_MENTION = re.compile(r"<@[!&]?[0-9]{1,20}>")
_COVERED = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)
_Channel = discord.TextChannel | discord.VoiceChannel | discord.Thread
_Shown = discord.Message | discord.MessageSnapshot
_Incoming = Incoming[DiscordPlace, discord.Message]


class Messages(Dialogue[DiscordPlace, discord.Message]):
    """Answers what is written in channels; each call returns when the work is queued."""

    picture = Link
    messenger: DiscordMessenger
    syntax = f"/{OWNER} "

    def __init__(
        self,
        client: discord.Client,
        conversation: Conversation[DiscordPlace],
        downloads: Downloads,
    ) -> None:
        super().__init__(conversation, DiscordMessenger(client))
        self._client, self._downloads = client, downloads
        # Where somebody writes to the bot in private: Discord lists no such channels.
        self._direct = Journal(conversation.notes, "direct", seconds=_DIRECT_FOR)

    def read(self, message: discord.Message) -> _Incoming | None:
        """A message that may be for us; None for all others."""
        if message.author.bot or message.type not in _FROM_PEOPLE:
            return None
        guild, us = message.guild, self._client.user
        pictured, words = has_pictures(message), _MENTION.sub(" ", message.content)
        above, mentioned = replied_to(message), us in message.mentions
        # A reply to the bot mentions it, too, without anybody having typed so: most say "thanks".
        meant = guild is None or is_named(message, us) or (mentioned and pictured)
        ordinary = self._client.intents.message_content and pictured
        # What a reply says Discord shows in direct messages, and where it mentions the bot: replies
        # do that unless it is switched off.
        seen = above is not None and above.author == us and (guild is None or mentioned)
        reply = seen and not pictured and any(map(str.isalnum, words))
        if not (meant or ordinary or reply):
            return None
        channel = message.channel
        parent = channel.parent_id if isinstance(channel, discord.Thread) else None
        return Incoming(
            source=message,
            place=DiscordPlace.of_message(message),
            id=message.id,
            here=guild.id if guild else None,
            chat=channel.id if guild else None,
            wish=MENTION if meant else "",
            words=words if reply else "",
            told=meant,
            ordinary=ordinary,
            channels=tuple(filter(None, (channel.id, parent))),
        )

    async def answer(self, message: _Incoming) -> None:
        """Caption what a message shows; of the pictures of links Discord tells only after it."""
        if await self.replied(message) or not (message.told or message.ordinary):
            return
        if not await self.admits(message):
            return
        source = message.source
        if source.guild is None:
            await self._direct.keep(str(source.channel.id))
        found = shown_by(source)
        if not found and "http" in source.content:
            await asyncio.sleep(_PREVIEW_SECONDS)
            again = await tried(source.channel.fetch_message(source.id), _NOT_READ)
            found = shown_by(again) if again else []
        await super().answer(replace(message, pictures=found, words=""))

    # --- what a conversation wants to know of a message

    async def admits(self, message: _Incoming) -> bool:
        return await self.conversation.may_use(message.place.person, message.here)

    def file(self, picture: Any, *, pressed: bool) -> LinkedFile:  # noqa: ANN401, ARG002 - as in Dialogue
        return LinkedFile(picture, self._downloads, self.conversation.service.videos)

    async def spot(self, message: _Incoming, asking: Asking) -> DiscordPlace:
        holder = 0 if asking.shown == message.id else int(asking.shown)
        return replace(message.place, holder=holder)

    async def above(self, message: _Incoming, *, asks: bool) -> Above | None:
        answer = replied_to(message.source)
        holder = photo_holder(answer) if asks else None
        if holder is None:
            return None
        found = await self.held(message.source.channel, holder, answer)
        return Above(pictures=found, shown=holder, ours=True, gone=not found)

    async def why_not(self, message: _Incoming) -> str:
        source, text_id = message.source, "no-picture-discord"
        if source.guild is None:
            text_id = "help-discord"
        elif self._client.user not in source.mentions and not source.content:
            text_id = "mention-me-discord"  # a mention by its role: Discord hides what stands there
        lang = await self.lang(message)
        return say(text_id, lang, **await self.conversation.facts(lang))

    # --- what nobody listened to

    async def backfill(self, answer: Callable[[discord.Message], Awaitable[None]]) -> None:
        """Find what was missed, and have it answered.

        To be called whenever Discord begins to tell what happens.
        """
        since = discord.utils.utcnow() - _AGO
        for channel in await self._talked_in(since):
            missed = await tried(self._missed(channel, since), "a channel cannot be looked into")
            await asyncio.gather(*map(answer, missed or []))

    async def _talked_in(self, since: datetime) -> list[discord.abc.Messageable]:
        """Where something was said since then, as far as that can be known."""
        talked = [
            channel
            for guild in self._client.guilds
            for channel in chain[_Channel](guild.text_channels, guild.voice_channels, guild.threads)
            if discord.utils.snowflake_time(channel.last_message_id or 0) > since
            and guild.me
            and channel.permissions_for(guild.me).read_message_history
        ]
        talked.sort(key=lambda one: one.last_message_id or 0, reverse=True)
        kind = discord.ChannelType.private
        private = {int(channel) for channel in await in_time(self._direct.all)}
        channels: list[discord.abc.Messageable] = [
            self._client.get_partial_messageable(ident, type=kind) for ident in private
        ]
        return [*channels, *talked][:_MOST_CHANNELS]

    async def _missed(
        self, channel: discord.abc.Messageable, since: datetime
    ) -> list[discord.Message]:
        """Messages with photos or questions that nobody replied to, oldest first."""
        newest_first = channel.history(after=since, limit=_MOST_MESSAGES, oldest_first=False)
        said = [message async for message in newest_first]
        replied = {
            message.reference.message_id
            for message in said
            if message.reference and message.author == self._client.user
        }
        return [
            message
            for message in reversed(said)
            if message.id not in replied and (pictures_in(message) or self._asks(message))
        ]

    def _asks(self, message: discord.Message) -> bool:
        """Whether a message is a reply in words to an answer of ours about a photo."""
        said = self.read(message)
        return bool(said and said.words and photo_holder(replied_to(message)))

    @staticmethod
    async def held(
        channel: discord.abc.Messageable, holder: int, known: discord.Message | None
    ) -> list[Link]:
        """The pictures that a message of a channel shows; [] where it cannot be read now."""
        there = known is not None and known.id == holder
        message = known if there else await tried(channel.fetch_message(holder), _NOT_READ)
        return pictures_in(message) if message else []


def is_named(message: discord.Message, us: discord.abc.User | None) -> bool:
    """Whether somebody wrote the bot's name, or that of the role that Discord made for it."""
    role = message.guild.self_role if message.guild else None
    return us is not None and (us.id in message.raw_mentions or role in message.role_mentions)


def replied_to(message: discord.Message) -> discord.Message | None:
    """The message that another replies to, as far as Discord shows it."""
    answer = message.reference.resolved if message.reference else None
    return answer if isinstance(answer, discord.Message) else None


# --- what messages show: files, galleries, stickers and previews of links


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
    kind = mime(attachment.content_type or mimetypes.guess_type(attachment.filename)[0])
    return Link(attachment.url, kind, attachment.size, attachment.is_spoiler())


def _sources(message: discord.Message) -> Iterator[Sequence[Link]]:
    shown: Iterable[_Shown] = (message, *message.message_snapshots)
    for one in shown:
        yield [of_attachment(attachment) for attachment in one.attachments]
        yield list(_galleries(one.components))
        yield list(map(_of_sticker, one.stickers))
        yield list(_previews(one))


def _of_sticker(sticker: discord.StickerItem) -> Link:
    drawn = sticker.format is discord.StickerFormatType.lottie
    kind = "application/lottie" if drawn else f"image/{sticker.format.file_extension}"
    return Link(sticker.url, kind)


def _galleries(components: Iterable[Any], *, spoiler: bool = False) -> Iterator[Link]:
    """The media among a message's components, wherever they are nested."""
    for one in components:
        hidden = spoiler or getattr(one, "spoiler", False)
        # Of a gallery; of a container, a section or a row; and beside a section.
        inside = [*getattr(one, "items", ()), *getattr(one, "children", ())]
        beside = [one.accessory] if hasattr(one, "accessory") else []
        yield from _galleries([*inside, *beside], spoiler=hidden)
        media = getattr(one, "media", None)
        if media and (address := _at_discord(media.url, media.proxy_url)):
            yield Link(address, mime(media.content_type), spoiler=hidden)


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
