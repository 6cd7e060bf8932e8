"""The commands that people find in Discord's menus: about photos, choices, and owners' own."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.adapters.discord.attachments import of_attachment, shown_by
from bot.adapters.discord.command_sync import named
from bot.adapters.discord.interactions import Interaction, Interactions
from bot.adapters.discord.messages import OWNER
from bot.chat.commands import AUTOMATIC, CAPTIONS
from bot.chat.models import Action
from bot.chat.owner_commands import OwnerCommand
from bot.locales import languages, native_name
from captioner.queue.messages import MAX_QUESTION, Length

# In servers that have the bot, in direct messages, and wherever people take it along themselves:
# where nothing else is said, a command is there.
EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
FOR_PEOPLE_TOO = app_commands.AppInstallationType(guild=True, user=True)

# What the menu of a message offers.
_MENUS = {
    "menu-caption": Action.CAPTION,
    "menu-attention": Action.ATTENTION_GIF,
    "menu-alt": Action.ALT,
    "menu-ask": Action.QUESTION,
}
_Tree = app_commands.CommandTree[Any]
_Command = app_commands.Command[Any, ..., None]


def add_commands(tree: _Tree, does: Interactions) -> None:
    """Put all commands into a client's tree."""
    more = dict.fromkeys(("image2", "image3", "image4", "image5"), named("command-caption-more"))

    @tree.command(name=named("name-caption"), description=named("command-caption"))
    @app_commands.describe(
        image=named("command-caption-image"), private=named("command-caption-private"), **more
    )
    async def caption(
        interaction: Interaction,
        image: discord.Attachment,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        image5: discord.Attachment | None = None,
        private: bool = False,
    ) -> None:
        given = [of_attachment(one) for one in (image, image2, image3, image4, image5) if one]
        await does.caption(interaction, given, private=private)

    @tree.command(name=named("name-alt"), description=named("command-alt"))
    @app_commands.describe(image=named("command-caption-image"))
    async def alt(interaction: Interaction, image: discord.Attachment) -> None:
        await does.caption(interaction, [of_attachment(image)], Action.ALT)

    @tree.command(name=named("name-ask"), description=named("command-ask"))
    @app_commands.describe(question=named("command-ask-question"), image=named("command-ask-photo"))
    async def ask(
        interaction: Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        image: discord.Attachment,
    ) -> None:
        await does.ask(interaction, [of_attachment(image)], question)

    for name, wish in _MENUS.items():
        tree.add_command(_menu(name, wish, does))
    for name in ("help", "privacy", "delete", "stats"):
        tree.add_command(_plain(does, name))
    _add_choices(tree, does)
    tree.add_command(_of_owners(does))


def _menu(name: str, wish: Action, does: Interactions) -> app_commands.ContextMenu:
    async def about(interaction: Interaction, message: discord.Message) -> None:
        if wish is Action.QUESTION:
            await does.open_form(interaction, shown_by(message))
        else:
            await does.caption(interaction, shown_by(message), wish)

    return app_commands.ContextMenu(name=named(name), callback=about)


def _plain(does: Interactions, name: str, word: str = "") -> _Command:
    """A command without options; with a word, one of a group."""

    async def run(interaction: Interaction) -> None:
        await does.run(interaction, name, word)

    description = "-".join(filter(None, ("command", name, word)))
    return app_commands.Command(
        name=named(f"name-{word or name}"), description=named(description), callback=run
    )


def _add_choices(tree: _Tree, does: Interactions) -> None:
    """The commands by which somebody chooses something."""
    there = [app_commands.Choice(name=native_name(code), value=code) for code in languages()]
    own, captions = (
        [app_commands.Choice(name=named(f"{what}-auto"), value=AUTOMATIC), *there]
        for what in ("language", "captions")
    )

    @tree.command(name=named("name-language"), description=named("command-language"))
    @app_commands.describe(
        language=named("command-language-which"), captions=named("command-language-captions")
    )
    @app_commands.choices(language=own, captions=captions)
    async def choose(interaction: Interaction, language: str = "", captions: str = "") -> None:
        of_captions = f" {CAPTIONS} {captions}" if captions else ""
        await does.run(interaction, "language", language + of_captions)

    lengths = [app_commands.Choice(name=named(f"length-{one}"), value=one.value) for one in Length]

    @tree.command(name=named("name-detail"), description=named("command-detail"))
    @app_commands.describe(length=named("command-detail-length"))
    @app_commands.choices(length=lengths)
    async def detail(interaction: Interaction, length: str = "") -> None:
        await does.run(interaction, "detail", length)

    voice = app_commands.Group(name=named("name-voice"), description=named("command-voice"))
    auto = app_commands.Group(
        name=named("name-auto"),
        description=named("command-auto"),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(manage_channels=True),
    )
    for group, name in ((voice, "voice"), (auto, "auto")):
        for word in ("on", "off"):
            group.add_command(_plain(does, name, word))
        tree.add_command(group)


def _of_owners(does: Interactions) -> app_commands.Group:
    """What owners decide.

    In servers Discord shows it to those who manage the server; in direct messages to everybody.
    """
    group = app_commands.Group(
        name=OWNER,
        description=named("command-owner"),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=False
        ),
        default_permissions=discord.Permissions(manage_guild=True),
    )
    for command in OwnerCommand:
        group.add_command(_of_owner(does, command))
    return group


def _of_owner(does: Interactions, command: OwnerCommand) -> _Command:
    async def about_all(interaction: Interaction) -> None:
        await does.run(interaction, command)

    @app_commands.describe(person=named("command-owner-person"), ident=named("command-owner-id"))
    @app_commands.rename(ident="id")
    async def about_somebody(
        interaction: Interaction, person: discord.User | None = None, ident: str | None = None
    ) -> None:
        one = "" if person and ident else str(person.id) if person else ident or ""
        await does.run(interaction, command, one)

    run: Any = about_somebody if command.about_somebody else about_all
    return app_commands.Command(
        name=command.value, description=named(f"command-{command}"), callback=run
    )
