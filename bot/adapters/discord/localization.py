"""Names and descriptions of commands in the languages that there are texts for."""

from __future__ import annotations

import logging
import re

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Where
from discord.app_commands import TranslationContextTypes, locale_str

from bot.locales import ENGLISH, say

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
