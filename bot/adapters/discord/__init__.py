"""Discord, by discord.py: commands, menus, mentions and direct messages in, captions out."""

from __future__ import annotations

import re

from pydantic import BaseModel, Field, SecretStr

from bot.adapters import HttpAddress

TOKEN = re.compile(r"[A-Za-z0-9_.\-]+")
# Where Discord keeps files, and copies of pictures that links lead to.
CDN = (
    "https://cdn.discordapp.com",
    "https://media.discordapp.net",
    "https://images-ext-1.discordapp.net",
    "https://images-ext-2.discordapp.net",
)


class DiscordSettings(BaseModel):
    """The settings; each is explained in .env.example."""

    discord_bot_token: SecretStr | None = Field(None, alias="DISCORD_BOT_TOKEN")
    discord_api_url: HttpAddress[str] = Field(
        "https://discord.com/api/v10", alias="DISCORD_API_URL"
    )
    discord_gateway_url: str = Field(
        "wss://gateway.discord.gg/",
        pattern=r"^wss?://\S+$",
        description="it must start with wss:// or ws://",
        alias="DISCORD_GATEWAY_URL",
    )
    discord_cdn_url: HttpAddress[str | None] = Field(None, alias="DISCORD_CDN_URL")
    discord_message_content: bool = Field(False, alias="CAPTIONBOT_DISCORD_MESSAGE_CONTENT")
