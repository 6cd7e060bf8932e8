"""What owners command on Discord, /owner block and the like, with the buttons that confirm it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

import discord
from discord import app_commands

from bot.adapters.discord.commands import Interaction
from bot.adapters.discord.localization import named
from bot.chat.owner_commands import OwnerCommand
from bot.locales import say

if TYPE_CHECKING:
    Button = discord.ui.Button[discord.ui.View]
else:
    Button = discord.ui.Button

# The names are the same in all languages, as on Telegram: docs and texts can say them.
OWNER = "owner"
Run = Callable[[Interaction, str, str], Awaitable[None]]  # with the name and the argument


class Settles(Protocol):
    """What the client of an OwnerButton can do."""

    def settle(
        self, interaction: discord.Interaction[Any], question: str, *, yes: bool
    ) -> Awaitable[None]:
        """Settle what an owner was asked."""


class OwnerButton(
    discord.ui.DynamicItem[Button],
    template=r"captionbot:(?P<word>yes|no):(?P<question>\S{1,85})",
):
    """Yes or no; all that the press needs is in its id."""

    def __init__(self, word: str, question: str, lang: str | None = None) -> None:
        style = discord.ButtonStyle.danger if word == "yes" else discord.ButtonStyle.secondary
        super().__init__(
            discord.ui.Button(
                label=say(f"button-{word}", lang),
                style=style,
                custom_id=f"captionbot:{word}:{question}",
            )
        )
        self._word, self._question = word, question

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py gives it
        item: discord.ui.Item[Any],  # noqa: ARG003 - discord.py gives it
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(match["word"], match["question"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client = cast("Settles", interaction.client)
        await client.settle(interaction, self._question, yes=self._word == "yes")


def asking(question: str, lang: str | None) -> discord.ui.View:
    """Yes and no."""
    view = discord.ui.View(timeout=None)
    for word in ("yes", "no"):
        view.add_item(OwnerButton(word, question, lang))
    return view


def add_owner_commands(tree: app_commands.CommandTree[Any], run: Run) -> None:
    """Put the commands into a client's tree.

    In servers Discord shows them to those who manage the server; in direct messages to everybody.
    """
    group = app_commands.Group(
        name=OWNER, description=named("command-owner"),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        default_permissions=discord.Permissions(manage_guild=True),
    )  # fmt: skip
    for command in OwnerCommand:
        _add(group, command, run)
    tree.add_command(group)


def _add(group: app_commands.Group, command: OwnerCommand, run: Run) -> None:
    description = named(f"command-{command}")
    if not command.about_somebody:

        @group.command(name=command.value, description=description)
        async def about_all(interaction: Interaction) -> None:
            await run(interaction, command, "")

        return

    @group.command(name=command.value, description=description)
    @app_commands.describe(person=named("command-owner-person"), ident=named("command-owner-id"))
    @app_commands.rename(ident="id")
    async def about_somebody(
        interaction: Interaction, person: discord.User | None = None, ident: str | None = None
    ) -> None:
        one = "" if person and ident else str(person.id) if person else ident or ""
        await run(interaction, command, one)
