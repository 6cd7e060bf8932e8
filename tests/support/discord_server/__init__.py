"""Discord on loopback, for the real discord.py to talk to."""

from tests.support.discord_server.server import TOKEN, DiscordServer, discord_server
from tests.support.discord_server.world import Channel, Interaction, Message, Person

__all__ = [
    "TOKEN",
    "Channel",
    "DiscordServer",
    "Interaction",
    "Message",
    "Person",
    "discord_server",
]
