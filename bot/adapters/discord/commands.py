"""The commands that people find in Discord's menus."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol

import discord
from discord import app_commands

from bot.adapters.discord.photos import attached
from bot.texts import say
from captioner.jobs import Output

log = logging.getLogger(__name__)

Interaction = discord.Interaction[discord.Client]


class Asks(Protocol):
    """What a command needs to be answered."""

    async def by_command(
        self,
        interaction: Interaction,
        found: list[discord.Attachment],
        output: Output = Output.CAPTION,
    ) -> None:
        """Answer a command about attachments."""


def add_commands(tree: app_commands.CommandTree[Any], asking: Asks) -> None:
    """Put all commands into a client's tree."""

    @tree.command(name="caption", description=say("command-caption"))
    @app_commands.describe(image=say("command-caption-image"))
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def caption(interaction: Interaction, image: discord.Attachment) -> None:
        await asking.by_command(interaction, [image])

    @tree.context_menu(name=say("menu-caption"))
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def caption_this(interaction: Interaction, message: discord.Message) -> None:
        await asking.by_command(interaction, attached(message))

    @tree.command(name="help", description=say("command-help"))
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help_me(interaction: Interaction) -> None:
        said = say("help-discord", interaction.locale.value)
        await interaction.response.send_message(said, ephemeral=True)


async def sync(tree: app_commands.CommandTree[Any]) -> None:
    """Register the commands with Discord where it knows others than these.

    A failure is logged: what was registered before goes on working.
    """
    try:
        # As Discord says it: discord.py's own objects lose one of a command's contexts.
        known = await tree.client.http.get_global_commands(tree.client.application_id or 0)
        theirs = sorted(map(_shape, known))
        ours = sorted(_shape(command.to_dict(tree)) for command in tree.get_commands())
        if theirs != ours:
            await tree.sync()
            log.info("discord: registered %d commands", len(ours))
    except discord.HTTPException as error:
        log.warning("discord: commands could not be registered: HTTP %d", error.status)


def _shape(command: Mapping[str, Any]) -> str:
    """What people see of a command, in a form that can be compared."""
    options = [
        (o["name"], o["type"], o["description"], bool(o.get("required")))
        for o in command.get("options") or ()
    ]
    contexts = sorted(command.get("contexts") or ())
    return repr((command["name"], command["type"], command.get("description") or "", options,
                 contexts))  # fmt: skip
