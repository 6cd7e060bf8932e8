"""Discord, by discord.py: commands, menus, mentions and direct messages in, captions out."""

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.downloads import CDN

__all__ = ["CDN", "DiscordAdapter"]
