"""The buttons under what the bot says. What a button carries is all that a press needs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.adapters.telegram.chats import TelegramPlace
from bot.chat import buttons
from bot.chat.models import Action, Choice, Reply
from bot.chat.spoilers import bare
from bot.locales import ENGLISH, say

ACTIONS = {
    "show:gif": Action.ATTENTION_GIF,
    "show:sheet": Action.ATTENTION_SHEET,
    "others": Action.OTHERS,
}
DELETE = "delete:"  # and the id of who may
COMMAND = re.compile(r"(language|detail):(.*)", re.DOTALL)  # and what is behind it
SPEECH = "speech"  # and, behind a colon, the language of the captions unless it is English
SPEECH_BUTTON = re.compile(rf"{SPEECH}(?::(?P<language>[a-z]{{2,3}}(?:-[A-Za-z0-9]{{2,8}})*))?")
YES, NO = "yes:", "no:"  # and what was asked: see bot.chat.owner_commands
_Button = tuple[str, str]  # the label, and what its press brings back
_COPY_LENGTH = 256  # characters that a button can put into the clipboard


def under_answer(place: TelegramPlace, reply: Reply, text: str) -> InlineKeyboardMarkup | None:
    """What can be asked next; looking closer works for one photo alone, the one replied to."""
    lang = place.lang
    if place.channel:  # what all its readers could press would be posted to all of them
        return None
    if reply.copies:
        return _copying(bare(text), lang)
    codes = {
        **{action.value: data for data, action in ACTIONS.items()},
        Action.SPEECH: SPEECH if reply.language == ENGLISH else f"{SPEECH}:{reply.language}",
        buttons.DELETE: f"{DELETE}{place.person}",
        buttons.ALBUM: buttons.ALBUM,
    }
    below = buttons.buttons_below(reply, place, closer=place.one_photo, album=place.album)
    return _markup(_rows([(one.label, codes[one.does]) for one in below], 2))


def of_choices(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """A button for each choice, three in a row or one."""
    if not choices:
        return None
    names, wide = (
        [(one.label, f"{one.command}:{one.argument}") for one in choices if one.wide is whole]
        for whole in (False, True)
    )
    return _markup([*_rows(names, 3), *_rows(wide, 1)])


def of_question(question: str, lang: str | None) -> InlineKeyboardMarkup | None:
    """Yes and no."""
    yes = (say("button-yes", lang), f"{YES}{question}")
    return _markup([[yes, (say("button-no", lang), f"{NO}{question}")]])


def is_about_photo(answer: Message) -> bool:
    """Whether a message of ours is an answer about a photo: its buttons say so."""
    rows = answer.reply_markup.inline_keyboard if answer.reply_markup else ()
    return any(
        str(button.callback_data or "").startswith((SPEECH, DELETE))
        for row in rows
        for button in row
    )


def _copying(text: str, lang: str | None) -> InlineKeyboardMarkup | None:
    """A button that copies the text, where it is short enough for one."""
    if len(text.encode("utf-16-le")) // 2 > _COPY_LENGTH:
        return None
    button = InlineKeyboardButton(say("button-copy", lang), copy_text=CopyTextButton(text))
    return InlineKeyboardMarkup([[button]])


def _rows(buttons: list[_Button], count: int) -> list[list[_Button]]:
    return [buttons[at : at + count] for at in range(0, len(buttons), count)]


def _markup(rows: list[list[_Button]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )
