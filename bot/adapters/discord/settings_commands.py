"""The commands by which people and channels choose: language, voice, answering every photo."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.adapters.discord.commands import Interaction
from bot.adapters.discord.general_commands import tell
from bot.adapters.discord.localization import named
from bot.adapters.discord.permissions import lacking
from bot.adapters.discord.permissions import named as in_words
from bot.adapters.discord.preferences import Choices
from bot.chat.service import Sorry
from bot.locales import languages, say

_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_ANYBODY = app_commands.AppInstallationType(guild=True, user=True)
_BY_SERVERS = app_commands.AppInstallationType(guild=True, user=False)
_AS_THE_PLATFORM = "auto"  # the choice of no language


class Switches:
    """What the commands do."""

    def __init__(self, choices: Choices, *, message_content: bool) -> None:
        self._choices = choices
        self._message_content = message_content

    async def language(self, interaction: Interaction, lang: str) -> None:
        """Speak a language to a person, or the one that Discord says."""
        chosen = None if lang == _AS_THE_PLATFORM else lang
        try:
            await self._choices.choose(interaction.user.id, language=chosen)
        except Sorry as refused:
            await tell(interaction, say(refused.code, interaction.locale.value))
            return
        await tell(interaction, say("language-chosen", chosen or interaction.locale.value))

    async def voice(self, interaction: Interaction, *, on: bool) -> None:
        """Read captions aloud to a person, or no longer."""
        lang = await self._lang(interaction)
        try:
            await self._choices.choose(interaction.user.id, voice=on)
        except Sorry as refused:
            await tell(interaction, say(refused.code, lang))
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
            await self._choices.choose_for_channel(interaction.channel_id or 0, auto=on)
        except Sorry as refused:
            await tell(interaction, say(refused.code, lang))
            return
        said = say("auto-on-discord" if on else "auto-off-discord", lang)
        lacks = _lacks(interaction) if on else []
        if lacks:
            here, names = f"<#{interaction.channel_id}>", in_words(lacks, lang)
            remark = say("missing-permission-discord", lang, channel=here, permissions=names)
            said = f"{said}\n{remark}"
        await tell(interaction, said)

    async def _lang(self, interaction: Interaction) -> str:
        return await self._choices.language(interaction.user.id, interaction.locale.value)


def _lacks(interaction: Interaction) -> list[str]:
    """What the bot may not do in a channel that it is to answer in by itself."""
    thread = isinstance(interaction.channel, discord.Thread)
    send = "send_messages_in_threads" if thread else "send_messages"
    needed = ["view_channel", send, "attach_files", "read_message_history"]
    return lacking(interaction.app_permissions, needed)


def add_switches(tree: app_commands.CommandTree[Any], switches: Switches) -> None:
    """Put the commands into a client's tree."""
    chosen = [app_commands.Choice(name=named("language-auto"), value=_AS_THE_PLATFORM)]
    chosen += [
        app_commands.Choice(name=say("language-name", code), value=code) for code in languages()
    ]

    @tree.command(name=named("name-language"), description=named("command-language"))
    @app_commands.describe(language=named("command-language-which"))
    @app_commands.choices(language=chosen)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def choose(interaction: Interaction, language: str) -> None:
        await switches.language(interaction, language)

    voice = app_commands.Group(
        name=named("name-voice"), description=named("command-voice"),
        allowed_contexts=_EVERYWHERE, allowed_installs=_ANYBODY,
    )  # fmt: skip

    @voice.command(name=named("name-on"), description=named("command-voice-on"))
    async def voice_on(interaction: Interaction) -> None:
        await switches.voice(interaction, on=True)

    @voice.command(name=named("name-off"), description=named("command-voice-off"))
    async def voice_off(interaction: Interaction) -> None:
        await switches.voice(interaction, on=False)

    auto = app_commands.Group(
        name=named("name-auto"), description=named("command-auto"),
        allowed_contexts=_SERVERS, allowed_installs=_BY_SERVERS,
        default_permissions=discord.Permissions(manage_channels=True),
    )  # fmt: skip

    @auto.command(name=named("name-on"), description=named("command-auto-on"))
    async def auto_on(interaction: Interaction) -> None:
        await switches.auto(interaction, on=True)

    @auto.command(name=named("name-off"), description=named("command-auto-off"))
    async def auto_off(interaction: Interaction) -> None:
        await switches.auto(interaction, on=False)

    tree.add_command(voice)
    tree.add_command(auto)
