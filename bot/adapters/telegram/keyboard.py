"""The buttons under what the bot says. What a button carries is all that a press needs."""

from __future__ import annotations

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.adapters.telegram.actions import Wish
from bot.locales import languages, say

WISHES = {"show:gif": Wish.GIF, "show:sheet": Wish.SHEET, "others": Wish.OTHERS}
SPEECH = "speech"
DELETE = "delete:"  # and the id of who may
LANGUAGE = "language:"  # and which
AUTOMATIC = "auto"  # the language that Telegram says
_COPY_LENGTH = 256  # characters that a button can put into the clipboard


def under_answer(lang: str | None, person: int, *, one_photo: bool) -> InlineKeyboardMarkup:
    """For captions; looking closer works for one photo alone, for that is what it replies to."""
    rows = [
        [(say("button-attention", lang), "show:gif"), (say("button-sheet", lang), "show:sheet")],
        [(say("button-alternatives", lang), "others"), (say("button-speech", lang), SPEECH)],
        [(say("button-delete", lang), f"{DELETE}{person}")],
    ]
    if not one_photo:
        rows = [[rows[1][1], rows[2][0]]]
    return _markup(rows)


def under_alt_text(lang: str | None, text: str) -> InlineKeyboardMarkup | None:
    """A button that copies the text, where it is short enough for one."""
    if len(text.encode("utf-16-le")) // 2 > _COPY_LENGTH:
        return None
    button = InlineKeyboardButton(say("button-copy", lang), copy_text=CopyTextButton(text))
    return InlineKeyboardMarkup([[button]])


def of_languages(lang: str | None) -> InlineKeyboardMarkup:
    """Every language by its own name, and the one that Telegram says."""
    names = [(say("language-name", one), f"{LANGUAGE}{one}") for one in languages()]
    rows = [names[at : at + 3] for at in range(0, len(names), 3)]
    return _markup([*rows, [(say("language-auto", lang), f"{LANGUAGE}{AUTOMATIC}")]])


def _markup(rows: list[list[tuple[str, str]]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )
