"""The commands that people find in Discord's menus, in all languages, and their registration."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Where
from discord.app_commands import TranslationContextTypes, locale_str
from discord.http import Route

from bot.adapters.discord.interactions import Interaction, Interactions
from bot.adapters.discord.messages import OWNER, of_attachment, shown_by
from bot.adapters.discord.messenger import OUTAGES, describe
from bot.chat.capabilities import commands_lacking
from bot.chat.commands import AUTOMATIC, CAPTIONS
from bot.chat.dialogue import FOR_EVERYBODY
from bot.chat.models import Action
from bot.chat.owner_commands import OwnerCommand
from bot.locales import languages, native_name, say
from captioner.capabilities import UNDECLARED, Capabilities
from captioner.queue.messages import MAX_QUESTION, Length

log = logging.getLogger(__name__)

_ALREADY_ANSWERED = {10062, 40060}  # too late, or another process was first
_GONE = {10003, 10008}  # the channel, or the message
_NEEDS = "needs"  # in a command's extras: what only some models can do
# What the menu of a message offers.
_MENUS = {
    "menu-caption": (Action.CAPTION, ""),
    "menu-attention": (Action.ATTENTION_GIF, "attention"),
    "menu-alt": (Action.ALT, ""),
    "menu-ask": (Action.QUESTION, "ask"),
}
_Command = app_commands.Command[Any, ..., None]


def named(text_id: str) -> locale_str:
    """A text of ours for a command, which Discord shows in each person's language."""
    return locale_str(say(text_id), text=text_id)


class Tree(app_commands.CommandTree[Any]):
    """All commands; whom they are for is asked first."""

    def __init__(self, client: discord.Client, does: Interactions) -> None:
        """In servers that have the bot, in direct messages, and where people take it along."""
        there = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
        anybody = app_commands.AppInstallationType(guild=True, user=True)
        super().__init__(client, allowed_contexts=there, allowed_installs=anybody)
        self._does = does
        _add_commands(self, does)

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        self.client.remember_task()
        name = interaction.command.name if interaction.command else ""
        return name in FOR_EVERYBODY or await self._does.admits(interaction)

    async def on_error(self, _: Interaction, error: app_commands.AppCommandError, /) -> None:
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            log.info("discord: a command of another version of this bot was used")
        elif not isinstance(error, app_commands.CheckFailure):
            report("a command", getattr(error, "original", error))

    async def follow(self, changes: AsyncIterator[Capabilities | None]) -> None:
        """Offer other commands whenever models come or go that can do other things."""
        async for declared in changes:
            await self.register(declared)

    async def register(self, declared: Capabilities | None) -> None:
        """Register the commands if anything of them changed, a translation included.

        Of those that only some models can carry out, the ones that are `declared`; while nobody
        knows what models can do, the ones that were registered before. A failure is logged: what
        was registered before goes on working.
        """
        http, application = self.client.http, self.client.application_id
        # discord.py has no way to ask for translations.
        route = Route("GET", "/applications/{id}/commands", id=application)
        lacking = commands_lacking(declared or UNDECLARED)
        try:
            known = await http.request(route, params={"with_localizations": "true"})
            there = {one["name"]: _seen(one) for one in known}
            ours = [
                await command.get_translated_payload(self, Translator())
                for command in self.get_commands()
                if command.extras.get(_NEEDS) not in lacking
                or (declared is None and command.name in there)
            ]
            if there != {one["name"]: _seen(one) for one in ours}:
                await http.bulk_upsert_global_commands(application, payload=ours)
                log.info("discord: registered %d commands", len(ours))
        except OUTAGES as error:
            log.warning("discord: commands could not be registered: %s", describe(error))


def report(what: str, error: BaseException) -> None:
    """Log what somebody used and Discord, or we, did not carry out."""
    if isinstance(error, discord.HTTPException) and error.code in _ALREADY_ANSWERED:
        log.info("discord: %s was answered already, or too late", what)
    elif isinstance(error, discord.HTTPException) and error.code in _GONE:
        log.info("discord: %s was about something that is gone", what)
    else:
        log.error("discord: %s failed", what, exc_info=error)


def _add_commands(tree: Tree, does: Interactions) -> None:
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

    @tree.command(name=named("name-ask"), description=named("command-ask"), extras={_NEEDS: "ask"})
    @app_commands.describe(question=named("command-ask-question"), image=named("command-ask-photo"))
    async def ask(
        interaction: Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        image: discord.Attachment,
    ) -> None:
        await does.caption(interaction, [of_attachment(image)], Action.QUESTION, written=question)

    for name, (wish, needs) in _MENUS.items():
        tree.add_command(_menu(name, wish, needs, does))
    for name in ("help", "privacy", "delete", "stats"):
        tree.add_command(_plain(does, name))
    _add_choices(tree, does)
    tree.add_command(_of_owners(does))


def _menu(name: str, wish: Action, needs: str, does: Interactions) -> app_commands.ContextMenu:
    async def about(interaction: Interaction, message: discord.Message) -> None:
        if wish is Action.QUESTION:
            await does.open_form(interaction, shown_by(message))
        else:
            await does.caption(interaction, shown_by(message), wish)

    return app_commands.ContextMenu(name=named(name), callback=about, extras={_NEEDS: needs})


def _plain(does: Interactions, name: str, word: str = "", shown: str = "") -> _Command:
    """A command without options; with a word, one of a group.

    `shown` is its name, where that is the same in all languages.
    """

    async def run(interaction: Interaction) -> None:
        await does.run(interaction, name, word)

    description = "-".join(filter(None, ("command", name, word)))
    return app_commands.Command(
        name=shown or named(f"name-{word or name}"), description=named(description), callback=run
    )


def _add_choices(tree: Tree, does: Interactions) -> None:
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

    @tree.command(
        name=named("name-detail"), description=named("command-detail"), extras={_NEEDS: "detail"}
    )
    @app_commands.describe(length=named("command-detail-length"))
    @app_commands.choices(length=lengths)
    async def detail(interaction: Interaction, length: str = "") -> None:
        await does.run(interaction, "detail", length)

    voice = app_commands.Group(name=named("name-voice"), description=named("command-voice"))
    auto = app_commands.Group(
        name=named("name-auto"),
        description=named("command-auto"),
        allowed_contexts=app_commands.AppCommandContext(dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(user=False),
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
        allowed_contexts=app_commands.AppCommandContext(private_channel=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )
    for command in OwnerCommand:
        group.add_command(_of_owner(does, command))
    return group


def _of_owner(does: Interactions, command: OwnerCommand) -> _Command:
    if not command.about_somebody:
        return _plain(does, command, shown=command.value)

    @app_commands.describe(person=named("command-owner-person"), ident=named("command-owner-id"))
    @app_commands.rename(ident="id")
    async def run(
        interaction: Interaction, person: discord.User | None = None, ident: str | None = None
    ) -> None:
        one = "" if person and ident else str(person.id) if person else ident or ""
        await does.run(interaction, command, one)

    description = named(f"command-{command}")
    return app_commands.Command(name=command.value, description=description, callback=run)


# --- how they are registered

# What Discord allows: a slash command's name has no spaces and no capital letters.
_NAME = re.compile(r"[-_'\w\u0900-\u097f]{1,32}")
_MAX_MENU, _MAX_DESCRIPTION = 32, 100  # characters
_NAMES = {Where.command_name, Where.group_name, Where.parameter_name}
# What people see of a command, an option or a choice, and who may use it.
_SEEN = (
    "name", "name_localizations", "type", "description", "description_localizations", "required",
    "max_length", "value", "options", "choices", "contexts", "integration_types",
    "default_member_permissions",
)  # fmt: skip


class Translator(app_commands.Translator):
    """Finds the texts; what Discord would not accept stays English, and that is logged."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        text_id = string.extras.get("text")
        translated = say(text_id, locale.value) if text_id else string.message
        if translated == string.message:
            return None
        if not _allowed(translated, context):
            log.warning("discord: %s in %s is no name that it takes", text_id, locale.value)
            return None
        return translated


def _allowed(translated: str, context: TranslationContextTypes) -> bool:
    if context.location in _NAMES and not isinstance(context.data, app_commands.ContextMenu):
        return bool(_NAME.fullmatch(translated)) and translated == translated.lower()
    longest = _MAX_MENU if context.location in _NAMES else _MAX_DESCRIPTION
    return len(translated) <= longest


def _seen(one: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be seen of a command, with all that is inside it, in a form to be compared."""
    seen = {key: one[key] for key in _SEEN if one.get(key)}
    for key, value in seen.items():
        if key in {"options", "choices"}:
            seen[key] = [_seen(each) for each in value]
        elif key in {"contexts", "integration_types"}:
            seen[key] = sorted(value)
        elif key == "default_member_permissions":
            seen[key] = str(value)
    return seen
