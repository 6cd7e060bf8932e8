"""Registering the commands with Discord in all languages, where it knows others than these."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
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


# The commands that only some models can carry out, by the names that they are registered under.
_SHOWN = {
    "ask": (say("name-ask"), say("menu-ask")),
    "attention": (say("menu-attention"),),
    "detail": (say("name-detail"),),
}


async def sync(tree: app_commands.CommandTree[Any], declared: Capabilities | None) -> None:
    """Register the commands if anything of them changed, a translation included.

    Of those that only some models can carry out, the ones that are `declared`; while nobody knows
    what models can do, the ones that were registered before. A failure is logged: what was
    registered before goes on working.
    """
    try:
        known = await _known(tree.client)
        there = {one["name"] for one in known}
        lacking = {
            shown
            for name in commands_lacking(declared or UNDECLARED)
            for shown in _SHOWN[name]
            if declared is not None or shown not in there
        }
        ours = [one for one in await _ours(tree) if one["name"] not in lacking]
        if sorted(map(shape, known)) != sorted(map(shape, ours)):
            await tree.client.http.bulk_upsert_global_commands(_application(tree), payload=ours)
            log.info("discord: registered %d commands", len(ours))
    except (discord.HTTPException, discord.RateLimited, app_commands.AppCommandError) as error:
        log.warning("discord: commands could not be registered: %s", _describe(error))


async def _known(client: discord.Client) -> list[dict[str, Any]]:
    """The commands as Discord says them: discord.py has no way to ask for translations."""
    route = Route(
        "GET", "/applications/{application_id}/commands", application_id=client.application_id
    )
    known: list[dict[str, Any]] = await client.http.request(
        route, params={"with_localizations": "true"}
    )
    return known


def _application(tree: app_commands.CommandTree[Any]) -> int:
    application: int | None = tree.client.application_id
    assert application is not None  # it is logged in
    return application


async def _ours(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """The commands as they would be registered."""
    translator = tree.translator
    return [
        await command.get_translated_payload(tree, translator)
        if translator
        else command.to_dict(tree)
        for command in tree.get_commands()
    ]


def shape(command: Mapping[str, Any]) -> str:
    """What people see of a command and who may use it, in a form that can be compared."""
    allowed = command.get("default_member_permissions")
    seen = _described(command) | {
        "contexts": sorted(command.get("contexts") or ()),
        "installs": sorted(command.get("integration_types") or (0,)),
        "allowed": None if allowed is None else str(allowed),
    }
    return json.dumps(seen, sort_keys=True)


def _described(one: Mapping[str, Any]) -> dict[str, Any]:
    """A command, an option or a choice, with all that is inside it."""
    return {
        "name": one["name"],
        "names": one.get("name_localizations") or {},
        "type": one.get("type", 1),
        "description": one.get("description") or "",
        "descriptions": one.get("description_localizations") or {},
        "required": bool(one.get("required")),
        "longest": one.get("max_length"),
        "value": one.get("value"),
        "options": _all(one.get("options")),
        "choices": _all(one.get("choices")),
    }


def _all(several: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    return [_described(one) for one in several or ()]


def _describe(error: Exception) -> str:
    return (
        f"HTTP {error.status}" if isinstance(error, discord.HTTPException) else type(error).__name__
    )
