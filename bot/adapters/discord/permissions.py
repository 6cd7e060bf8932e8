"""What the bot lacks in a channel, by the names that Discord gives its permissions."""

from __future__ import annotations

import discord

from bot.locales import say

_TEXTS = {
    "view_channel": "permission-view-channel",
    "send_messages": "permission-send-messages",
    "send_messages_in_threads": "permission-send-in-threads",
    "attach_files": "permission-attach-files",
    "read_message_history": "permission-read-history",
}


def missing(client: discord.Client, channel: int, *, files: bool) -> list[str]:
    """What the bot may not do in a channel, of what an answer needs.

    Where that cannot be told, as for a channel that it cannot see, it is all of it.
    """
    known = client.get_channel(channel)
    needed = ["view_channel", "send_messages"]
    if isinstance(known, discord.Thread):
        needed[1] = "send_messages_in_threads"
    if files:
        needed.append("attach_files")
    if isinstance(known, discord.abc.GuildChannel | discord.Thread) and known.guild.me:
        granted = known.permissions_for(known.guild.me)
        return lacking(granted, needed) or needed
    return needed


def lacking(granted: discord.Permissions, needed: list[str]) -> list[str]:
    """Those of the needed permissions that are not granted."""
    return [name for name in needed if not getattr(granted, name)]


def named(permissions: list[str], lang: str | None) -> str:
    """Permissions as Discord calls them, in a row."""
    return ", ".join(say(_TEXTS[name], lang) for name in permissions)
