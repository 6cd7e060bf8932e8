"""Registering the commands with Discord, where it knows others than these."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.http import Route

log = logging.getLogger(__name__)


async def sync(tree: app_commands.CommandTree[Any]) -> None:
    """Register the commands if anything of them changed, a translation included.

    A failure is logged: what was registered before goes on working.
    """
    try:
        known = await _known(tree.client)
        if sorted(map(shape, known)) != sorted([shape(one) for one in await _ours(tree)]):
            registered = await tree.sync()
            log.info("discord: registered %d commands", len(registered))
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
