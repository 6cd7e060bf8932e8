"""The commands about photos that people find in Discord's menus."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.adapters.discord.attachments import of_attachment, pictures_in
from bot.adapters.discord.command_sync import named
from bot.adapters.discord.questions import Questions
from bot.chat.models import Action

Interaction = discord.Interaction[discord.Client]

# In servers that have the bot, in direct messages, and wherever people take it along themselves.
everywhere = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
for_people_too = app_commands.allowed_installs(guilds=True, users=True)


def add_commands(tree: app_commands.CommandTree[Any], questions: Questions) -> None:
    """Put the commands about photos into a client's tree."""
    _add_caption(tree, questions)

    @tree.command(name=named("name-alt"), description=named("command-alt"))
    @app_commands.describe(image=named("command-caption-image"))
    @everywhere
    @for_people_too
    async def alt(interaction: Interaction, image: discord.Attachment) -> None:
        await questions.by_command(interaction, [of_attachment(image)], Action.ALT)

    @tree.context_menu(name=named("menu-caption"))
    @everywhere
    @for_people_too
    async def caption_this(interaction: Interaction, message: discord.Message) -> None:
        await questions.by_command(interaction, pictures_in(message))

    @tree.context_menu(name=named("menu-attention"))
    @everywhere
    @for_people_too
    async def attention(interaction: Interaction, message: discord.Message) -> None:
        await questions.by_command(interaction, pictures_in(message), Action.ATTENTION_GIF)

    @tree.context_menu(name=named("menu-alt"))
    @everywhere
    @for_people_too
    async def alt_text(interaction: Interaction, message: discord.Message) -> None:
        await questions.by_command(interaction, pictures_in(message), Action.ALT)


def _add_caption(tree: app_commands.CommandTree[Any], questions: Questions) -> None:
    @tree.command(name=named("name-caption"), description=named("command-caption"))
    @app_commands.describe(
        image=named("command-caption-image"),
        image2=named("command-caption-more"),
        image3=named("command-caption-more"),
        image4=named("command-caption-more"),
        image5=named("command-caption-more"),
        private=named("command-caption-private"),
    )
    @everywhere
    @for_people_too
    async def caption(
        interaction: Interaction,
        image: discord.Attachment,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        image5: discord.Attachment | None = None,
        private: bool = False,
    ) -> None:
        given = [one for one in (image, image2, image3, image4, image5) if one is not None]
        await questions.by_command(interaction, list(map(of_attachment, given)), private=private)
