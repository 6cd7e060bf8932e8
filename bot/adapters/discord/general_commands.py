"""The commands about the bot itself: help, privacy, what is kept of whom, and counts."""

from __future__ import annotations

from typing import Any

from discord import app_commands

from bot.adapters.discord.commands import Interaction, everywhere, for_people_too
from bot.adapters.discord.localization import named
from bot.adapters.discord.message_payload import MAX_CONTENT, cut
from bot.adapters.discord.preferences import Choices
from bot.chat.access_control import Admission
from bot.chat.service import Sorry
from bot.locales import say


async def tell(interaction: Interaction, said: str) -> None:
    """Say something to the person who used a command, and to nobody else."""
    await interaction.response.send_message(cut(said, MAX_CONTENT), ephemeral=True)


def add_house_commands(
    tree: app_commands.CommandTree[Any], choices: Choices, admission: Admission | None
) -> None:
    """Put the commands into a client's tree."""

    async def lang_of(interaction: Interaction) -> str:
        return await choices.language(interaction.user.id, interaction.locale.value)

    @tree.command(name=named("name-help"), description=named("command-help"))
    @everywhere
    @for_people_too
    async def help_me(interaction: Interaction) -> None:
        await tell(interaction, say("help-discord", await lang_of(interaction)))

    @tree.command(name=named("name-privacy"), description=named("command-privacy"))
    @everywhere
    @for_people_too
    async def privacy(interaction: Interaction) -> None:
        # as the program of this person lists it, whatever language was chosen for answers
        command = "/" + say("name-delete", interaction.locale.value)
        await tell(interaction, say("privacy", await lang_of(interaction), delete=command))

    @tree.command(name=named("name-delete"), description=named("command-delete"))
    @everywhere
    @for_people_too
    async def delete(interaction: Interaction) -> None:
        lang = await lang_of(interaction)  # for it is forgotten, too
        try:
            await choices.forget(interaction.user.id)
        except Sorry as refused:
            await tell(interaction, say(refused.code, lang))
            return
        await tell(interaction, say("deleted", lang))

    @tree.command(name=named("name-stats"), description=named("command-stats"))
    @everywhere
    @for_people_too
    async def stats(interaction: Interaction) -> None:
        lang = await lang_of(interaction)
        if admission is None or not admission.is_owner("discord", interaction.user.id):
            await tell(interaction, say("owners-only", lang))
            return
        try:
            counts = await choices.counts()
        except Sorry as refused:
            await tell(interaction, say(refused.code, lang))
            return
        lines = [f"{name}: {number}" for name, number in sorted(counts.items())]
        table = "```\n" + "\n".join(lines) + "\n```" if lines else "–"
        await tell(interaction, f"{say('stats', lang)}\n{table}")
