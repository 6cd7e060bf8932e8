"""The commands that people find in Discord's menus: about photos, choices, and owners' own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.adapters.discord.attachments import of_attachment, pictures_in
from bot.adapters.discord.command_sync import named
from bot.adapters.discord.message_payload import MAX_CONTENT, confirmation, cut
from bot.adapters.discord.place import DiscordPlace, in_words, lacking
from bot.adapters.discord.questions import Questions
from bot.chat.commands import AUTOMATIC, CAPTIONS, Asker, Commands
from bot.chat.conversation import Conversation
from bot.chat.models import Action
from bot.chat.owner_commands import OwnerCommand
from bot.locales import languages, native_name, say
from captioner.queue.messages import MAX_QUESTION, Length

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

    @tree.command(name=named("name-ask"), description=named("command-ask"))
    @app_commands.describe(question=named("command-ask-question"), image=named("command-ask-photo"))
    @everywhere
    @for_people_too
    async def ask(
        interaction: Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        image: discord.Attachment,
    ) -> None:
        await questions.ask(interaction, [of_attachment(image)], question)

    for name, wish in _MENUS.items():
        tree.add_command(_menu(name, wish, questions))


# What the menu of a message offers.
_MENUS = {
    "menu-caption": Action.CAPTION,
    "menu-attention": Action.ATTENTION_GIF,
    "menu-alt": Action.ALT,
    "menu-ask": Action.QUESTION,
}


def _menu(name: str, wish: Action, questions: Questions) -> app_commands.ContextMenu:
    async def about(interaction: Interaction, message: discord.Message) -> None:
        if wish is Action.QUESTION:
            await questions.open_form(interaction, pictures_in(message))
        else:
            await questions.by_command(interaction, pictures_in(message), wish)

    return for_people_too(everywhere(app_commands.ContextMenu(name=named(name), callback=about)))


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


OWNER = "owner"  # the names of owners' commands are the same in all languages: docs say them
_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_ANYBODY = app_commands.AppInstallationType(guild=True, user=True)
_BY_SERVERS = app_commands.AppInstallationType(guild=True, user=False)


async def tell(interaction: Interaction, said: str) -> None:
    """Say something to the person who used a command, and to nobody else."""
    await interaction.response.send_message(cut(said, MAX_CONTENT), ephemeral=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordAsker(Asker):
    """Who used a command."""

    interaction: Interaction
    message_content: bool  # whether Discord shows the bot what is written in channels

    @property
    def here(self) -> int | None:
        return self.interaction.guild_id

    @property
    def alone(self) -> bool:
        return True

    async def decides(self) -> bool:
        # Discord shows the command only to them, but a server's owner can change that.
        return bool(self.interaction.guild_id and self.interaction.permissions.manage_channels)

    async def forgets_chat(self) -> bool:
        return False  # /auto off does that

    async def cannot_see(self) -> str:
        return "" if self.message_content else "auto-needs-intent"

    async def auto_is_on(self, lang: str | None) -> str | None:
        lacks = _lacks(self.interaction)
        if not lacks:
            return None
        here, names = f"<#{self.chat}>", in_words(lacks, lang)
        remark = say("missing-permission-discord", lang, channel=here, permissions=names)
        return f"{say('auto-on-discord', lang)}\n{remark}"


class GeneralCommands:
    """Has commands done; each answers the person alone."""

    def __init__(self, conversation: Conversation[DiscordPlace], *, message_content: bool) -> None:
        self._commands = Commands(conversation, owners_type=f"/{OWNER} ")
        self._preferences = conversation.preferences
        self._message_content = message_content

    async def run(self, interaction: Interaction, name: str, argument: str = "") -> None:
        """Do what a command asks for, and say so."""
        locale = interaction.locale.value
        asker = DiscordAsker(
            interaction=interaction,
            message_content=self._message_content,
            person=interaction.user.id,
            locale=locale,
            chat=interaction.channel_id or 0,
            # as the program of this person lists it, whatever language was chosen for answers
            delete="/" + say("name-delete", locale),
        )
        reply = await self._commands.run(name, asker, argument)
        table = "\n".join(["\n```", *reply.table, "```"]) if reply.table else ""
        # What there is to choose stands in the command's own options.
        text = f"{reply.text}{table}" if table or reply.choices else reply.whole
        if reply.question:
            view = confirmation(reply.question, reply.lang)
            await interaction.response.send_message(text, view=view, ephemeral=True)
        else:
            await tell(interaction, text)

    async def settle(self, interaction: Interaction, question: str, *, yes: bool) -> None:
        """Settle what an owner was asked."""
        locale = interaction.locale.value
        lang = await self._preferences.language(interaction.user.id, locale)
        answer = await self._commands.owners.press(question, interaction.user.id, lang, yes=yes)
        if answer.settled:
            await interaction.response.edit_message(content=answer.text, view=None)
        else:
            await tell(interaction, answer.text)


def _lacks(interaction: Interaction) -> list[str]:
    """What the bot may not do in a channel that it is to answer in by itself."""
    thread = isinstance(interaction.channel, discord.Thread)
    send = "send_messages_in_threads" if thread else "send_messages"
    needed = ["view_channel", send, "attach_files", "read_message_history"]
    return lacking(interaction.app_permissions, needed)


def _plain(
    does: GeneralCommands, name: str, word: str = ""
) -> app_commands.Command[Any, ..., None]:
    """A command without options; with a word, one of a group."""

    async def run(interaction: Interaction) -> None:
        await does.run(interaction, name, word)

    description = "-".join(filter(None, ("command", name, word)))
    return app_commands.Command(
        name=named(f"name-{word or name}"), description=named(description), callback=run
    )


def add_general_commands(tree: app_commands.CommandTree[Any], does: GeneralCommands) -> None:
    """Put the commands into a client's tree."""
    for name in ("help", "privacy", "delete", "stats"):
        tree.add_command(for_people_too(everywhere(_plain(does, name))))

    own = [app_commands.Choice(name=named("language-auto"), value=AUTOMATIC)]
    captions = [app_commands.Choice(name=named("captions-auto"), value=AUTOMATIC)]
    for code in languages():
        choice = app_commands.Choice(name=native_name(code), value=code)
        own.append(choice)
        captions.append(choice)

    @tree.command(name=named("name-language"), description=named("command-language"))
    @app_commands.describe(
        language=named("command-language-which"), captions=named("command-language-captions")
    )
    @app_commands.choices(language=own, captions=captions)
    @everywhere
    @for_people_too
    async def choose(interaction: Interaction, language: str = "", captions: str = "") -> None:
        of_captions = f" {CAPTIONS} {captions}" if captions else ""
        await does.run(interaction, "language", language + of_captions)

    @tree.command(name=named("name-detail"), description=named("command-detail"))
    @app_commands.describe(length=named("command-detail-length"))
    @app_commands.choices(length=[
        app_commands.Choice(name=named(f"length-{one}"), value=one.value) for one in Length
    ])  # fmt: skip
    @everywhere
    @for_people_too
    async def detail(interaction: Interaction, length: str = "") -> None:
        await does.run(interaction, "detail", length)

    add_owner_commands(tree, does)
    voice = app_commands.Group(
        name=named("name-voice"), description=named("command-voice"),
        allowed_contexts=_EVERYWHERE, allowed_installs=_ANYBODY,
    )  # fmt: skip
    auto = app_commands.Group(
        name=named("name-auto"), description=named("command-auto"),
        allowed_contexts=_SERVERS, allowed_installs=_BY_SERVERS,
        default_permissions=discord.Permissions(manage_channels=True),
    )  # fmt: skip
    for group, name in ((voice, "voice"), (auto, "auto")):
        for word in ("on", "off"):
            group.add_command(_plain(does, name, word))
        tree.add_command(group)


def add_owner_commands(tree: app_commands.CommandTree[Any], does: GeneralCommands) -> None:
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
        group.add_command(_of_owners(does, command))
    tree.add_command(group)


def _of_owners(
    does: GeneralCommands, command: OwnerCommand
) -> app_commands.Command[Any, ..., None]:
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
