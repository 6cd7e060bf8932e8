"""The commands that are not about a picture: help, privacy, choices, what is kept, and counts."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.adapters.discord.commands import Interaction, everywhere, for_people_too
from bot.adapters.discord.localization import named
from bot.adapters.discord.message_payload import MAX_CONTENT, cut
from bot.adapters.discord.permissions import lacking
from bot.adapters.discord.permissions import named as in_words
from bot.adapters.discord.place import DiscordPlace
from bot.chat.conversation import Conversation
from bot.chat.refusals import Refusal
from bot.chat.statistics import summary
from bot.locales import languages, say

_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_ANYBODY = app_commands.AppInstallationType(guild=True, user=True)
_BY_SERVERS = app_commands.AppInstallationType(guild=True, user=False)
_AS_THE_PLATFORM = "auto"  # the choice of no language


async def tell(interaction: Interaction, said: str) -> None:
    """Say something to the person who used a command, and to nobody else."""
    await interaction.response.send_message(cut(said, MAX_CONTENT), ephemeral=True)


class GeneralCommands:
    """What the commands do; each answers the person alone."""

    def __init__(self, conversation: Conversation[DiscordPlace], *, message_content: bool) -> None:
        self._conversation = conversation
        self._preferences = conversation.preferences
        self._message_content = message_content

    async def help(self, interaction: Interaction) -> None:
        """Say how to ask."""
        await tell(interaction, say("help-discord", await self._lang(interaction)))

    async def privacy(self, interaction: Interaction) -> None:
        """Say what is kept, and for how long."""
        # as the program of this person lists it, whatever language was chosen for answers
        command = "/" + say("name-delete", interaction.locale.value)
        await tell(interaction, say("privacy", await self._lang(interaction), delete=command))

    async def delete(self, interaction: Interaction) -> None:
        """Forget what is kept of a person."""
        lang = await self._lang(interaction)  # for it is forgotten, too
        try:
            await self._preferences.forget_person(interaction.user.id)
        except Refusal as refused:
            await tell(interaction, refused.text(lang))
            return
        await tell(interaction, say("deleted", lang))

    async def stats(self, interaction: Interaction) -> None:
        """Show an owner what was counted in a week."""
        lang = await self._lang(interaction)
        if not self._conversation.is_owner(interaction.user.id):
            await tell(interaction, say("owners-only", lang))
            return
        try:
            counts = await self._preferences.counts()
        except Refusal as refused:
            await tell(interaction, refused.text(lang))
            return
        lines = summary(counts)
        table = "```\n" + "\n".join(lines) + "\n```" if lines else "–"
        await tell(interaction, f"{say('stats', lang)}\n{table}")

    async def language(self, interaction: Interaction, lang: str) -> None:
        """Speak a language to a person, or the one that Discord says."""
        chosen = None if lang == _AS_THE_PLATFORM else lang
        try:
            await self._preferences.choose(interaction.user.id, language=chosen)
        except Refusal as refused:
            await tell(interaction, refused.text(interaction.locale.value))
            return
        await tell(interaction, say("language-chosen", chosen or interaction.locale.value))

    async def voice(self, interaction: Interaction, *, on: bool) -> None:
        """Read captions aloud to a person, or no longer."""
        lang = await self._lang(interaction)
        try:
            await self._preferences.choose(interaction.user.id, voice=on)
        except Refusal as refused:
            await tell(interaction, refused.text(lang))
            return
        await tell(interaction, say("voice-on" if on else "voice-off", lang))

    async def auto(self, interaction: Interaction, *, on: bool) -> None:
        """Answer every photo in a channel, or no longer; for those who manage it."""
        lang = await self._lang(interaction)
        # Discord shows the command only to them, but a server's owner can change that.
        if interaction.guild_id is None or not interaction.permissions.manage_channels:
            await tell(interaction, say("auto-not-allowed-discord", lang))
            return
        if on and not self._message_content:
            await tell(interaction, say("auto-needs-intent", lang))
            return
        try:
            await self._preferences.choose_for_chat(interaction.channel_id or 0, auto=on)
        except Refusal as refused:
            await tell(interaction, refused.text(lang))
            return
        said = say("auto-on-discord" if on else "auto-off-discord", lang)
        if on and (lacks := _lacks(interaction)):
            here, names = f"<#{interaction.channel_id}>", in_words(lacks, lang)
            remark = say("missing-permission-discord", lang, channel=here, permissions=names)
            said = f"{said}\n{remark}"
        await tell(interaction, said)

    async def _lang(self, interaction: Interaction) -> str:
        locale = interaction.locale.value
        return await self._preferences.language(interaction.user.id, locale) or locale


def _lacks(interaction: Interaction) -> list[str]:
    """What the bot may not do in a channel that it is to answer in by itself."""
    thread = isinstance(interaction.channel, discord.Thread)
    send = "send_messages_in_threads" if thread else "send_messages"
    needed = ["view_channel", send, "attach_files", "read_message_history"]
    return lacking(interaction.app_permissions, needed)


def add_general_commands(tree: app_commands.CommandTree[Any], does: GeneralCommands) -> None:
    """Put the commands into a client's tree."""

    @tree.command(name=named("name-help"), description=named("command-help"))
    @everywhere
    @for_people_too
    async def help_me(interaction: Interaction) -> None:
        await does.help(interaction)

    @tree.command(name=named("name-privacy"), description=named("command-privacy"))
    @everywhere
    @for_people_too
    async def privacy(interaction: Interaction) -> None:
        await does.privacy(interaction)

    @tree.command(name=named("name-delete"), description=named("command-delete"))
    @everywhere
    @for_people_too
    async def delete(interaction: Interaction) -> None:
        await does.delete(interaction)

    @tree.command(name=named("name-stats"), description=named("command-stats"))
    @everywhere
    @for_people_too
    async def stats(interaction: Interaction) -> None:
        await does.stats(interaction)

    chosen = [app_commands.Choice(name=named("language-auto"), value=_AS_THE_PLATFORM)]
    chosen += [
        app_commands.Choice(name=say("language-name", code), value=code) for code in languages()
    ]

    @tree.command(name=named("name-language"), description=named("command-language"))
    @app_commands.describe(language=named("command-language-which"))
    @app_commands.choices(language=chosen)
    @everywhere
    @for_people_too
    async def choose(interaction: Interaction, language: str) -> None:
        await does.language(interaction, language)

    voice = app_commands.Group(
        name=named("name-voice"), description=named("command-voice"),
        allowed_contexts=_EVERYWHERE, allowed_installs=_ANYBODY,
    )  # fmt: skip

    @voice.command(name=named("name-on"), description=named("command-voice-on"))
    async def voice_on(interaction: Interaction) -> None:
        await does.voice(interaction, on=True)

    @voice.command(name=named("name-off"), description=named("command-voice-off"))
    async def voice_off(interaction: Interaction) -> None:
        await does.voice(interaction, on=False)

    auto = app_commands.Group(
        name=named("name-auto"), description=named("command-auto"),
        allowed_contexts=_SERVERS, allowed_installs=_BY_SERVERS,
        default_permissions=discord.Permissions(manage_channels=True),
    )  # fmt: skip

    @auto.command(name=named("name-on"), description=named("command-auto-on"))
    async def auto_on(interaction: Interaction) -> None:
        await does.auto(interaction, on=True)

    @auto.command(name=named("name-off"), description=named("command-auto-off"))
    async def auto_off(interaction: Interaction) -> None:
        await does.auto(interaction, on=False)

    tree.add_command(voice)
    tree.add_command(auto)
