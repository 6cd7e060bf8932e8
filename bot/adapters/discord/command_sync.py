"""Registering the commands with Discord in all languages, where it knows others than these."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Where
from discord.app_commands import TranslationContextTypes, locale_str
from discord.http import Route

from bot.chat.capabilities import commands_lacking
from bot.locales import ENGLISH, say
from captioner.capabilities import UNDECLARED, Capabilities

log = logging.getLogger(__name__)

# What Discord allows: a slash command's name has no spaces and no capital letters.
_NAME = re.compile(r"[-_'\w\u0900-\u097f]{1,32}")
_MAX_MENU, _MAX_DESCRIPTION = 32, 100  # characters
_NAMES = {Where.command_name, Where.group_name, Where.parameter_name}
# The commands that only some models can carry out, by the names that they are registered under.
_SHOWN = {
    "ask": (say("name-ask"), say("menu-ask")),
    "attention": (say("menu-attention"),),
    "detail": (say("name-detail"),),
}
# What people see of a command, an option or a choice, and who may use it.
_SEEN = (
    "name", "name_localizations", "type", "description", "description_localizations", "required",
    "max_length", "value", "options", "choices", "contexts", "integration_types",
    "default_member_permissions",
)  # fmt: skip


def named(text_id: str) -> locale_str:
    """A text of ours for a command, which Discord shows in each person's language."""
    return locale_str(say(text_id), text=text_id)


class Translator(app_commands.Translator):
    """Finds the texts; what Discord would not accept stays English, and that is logged."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        text_id = string.extras.get("text")
        if not text_id:
            return None
        translated = say(text_id, locale.value)
        if translated == say(text_id, ENGLISH):
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


async def sync(tree: app_commands.CommandTree[Any], declared: Capabilities | None) -> None:
    """Register the commands if anything of them changed, a translation included.

    Of those that only some models can carry out, the ones that are `declared`; while nobody knows
    what models can do, the ones that were registered before. A failure is logged: what was
    registered before goes on working.
    """
    try:
        application, translator = tree.client.application_id, tree.translator
        assert application is not None  # it is logged in
        assert translator is not None
        # discord.py has no way to ask for translations.
        route = Route("GET", "/applications/{id}/commands", id=application)
        asked = {"with_localizations": "true"}
        known: list[dict[str, Any]] = await tree.client.http.request(route, params=asked)
        there = {one["name"] for one in known}
        lacking = {
            shown
            for name in commands_lacking(declared or UNDECLARED)
            for shown in _SHOWN[name]
            if declared is not None or shown not in there
        }
        ours = [
            await command.get_translated_payload(tree, translator)
            for command in tree.get_commands()
            if command.name not in lacking
        ]
        if _by_name(known) != _by_name(ours):
            await tree.client.http.bulk_upsert_global_commands(application, payload=ours)
            log.info("discord: registered %d commands", len(ours))
    except (discord.HTTPException, discord.RateLimited, app_commands.AppCommandError) as error:
        why = f"HTTP {error.status}" if isinstance(error, discord.HTTPException) else ""
        log.warning("discord: commands could not be registered: %s", why or type(error).__name__)


def _by_name(commands: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    return {(one["name"], one.get("type", 1)): _seen(one) for one in commands}


def _seen(one: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be seen of a command, with all that is inside it, in a form to be compared."""
    seen = {key: one[key] for key in _SEEN if one.get(key)}
    for inside in ("options", "choices"):
        if inside in seen:
            seen[inside] = [_seen(each) for each in seen[inside]]
    for several in ("contexts", "integration_types"):
        if several in seen:
            seen[several] = sorted(seen[several])
    if "default_member_permissions" in seen:
        seen["default_member_permissions"] = str(seen["default_member_permissions"])
    return seen
