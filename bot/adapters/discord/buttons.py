"""Buttons that work for ever: all that they need to know is written in their own ids."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, cast

import discord

from bot.chat.buttons import DELETE, Button
from bot.chat.models import Action
from bot.locales import ENGLISH, say

if TYPE_CHECKING:
    _Button = discord.ui.Button[discord.ui.View]
else:
    _Button = discord.ui.Button

_ABOUT = {Action.ATTENTION_GIF, Action.ATTENTION_SHEET, Action.OTHERS, Action.SPEECH}
YES, NO = "yes", "no"
_MAX_LABEL = 80  # characters
_OF_AN_ANSWER = re.compile(r"captionbot:[a-z_]+:([0-9]{1,20}):")
_ABOUT_PHOTOS = re.compile(
    r"(?P<message>[0-9]{1,20})(?::(?P<slot>[0-9]{1,2}(?:\.[0-9]{1,2})?))?"
    r"(?::(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?"
)
_A_ROW = 5  # buttons
LOOKS = 10  # photos that can be looked at more closely, in two rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The buttons for an answer about the photos in a message."""

    message: int
    buttons: Sequence[Button]
    person: int | str  # who asked
    own: bool = False  # the answer shows its photos itself, one behind the other
    language: str = ENGLISH  # of the captions

    def view(self) -> discord.ui.View:
        """The buttons as discord.py takes them."""
        # Without a time-out discord.py keeps nothing in memory for a view of such buttons.
        view = discord.ui.View(timeout=None)
        looks = sum(button.does == Action.ATTENTION_GIF for button in self.buttons)
        for n, button in enumerate(self.buttons):
            below = 0 if looks < 2 else LOOKS // _A_ROW
            row = n // _A_ROW if n < looks else below
            danger = button.does == DELETE
            about = str(self.person) if danger else self._about(button)
            view.add_item(CaptionButton(button.does, about, button.label, danger=danger, row=row))
        return view

    def _about(self, button: Button) -> str:
        """What a button is about: a message, a photo in it, and a language if it is to be spoken.

        A photo is named by its place in the message, with a dot and a number behind it for a
        moment of a video.
        """
        look = button.look
        slot = str(look.photo if self.own else look.at)
        if look.moment is not None and not self.own:
            slot = f"{slot}.{look.moment}"
        named = button.does == Action.SPEECH and self.language != ENGLISH
        return ":".join(filter(None, (str(self.message), slot, self.language if named else "")))


def confirmation(question: str, lang: str | None) -> discord.ui.View:
    """Yes and no, for what an owner is asked."""
    view = discord.ui.View(timeout=None)
    for word in (YES, NO):
        label = say(f"button-{word}", lang)
        view.add_item(CaptionButton(word, question, label, danger=word == YES))
    return view


class CaptionButton(
    discord.ui.DynamicItem[_Button],
    template=r"captionbot:(?P<action>[a-z_]{1,20}):(?P<about>\S{1,85})",
):
    """A button of ours.

    Discord brings its id back with each press, so a bot that was started anew knows what to do.
    """

    def __init__(
        self,
        action: str,
        about: str,
        label: str = "",
        *,
        danger: bool = False,
        row: int | None = None,
    ) -> None:
        super().__init__(
            discord.ui.Button(
                label=label[:_MAX_LABEL],
                style=discord.ButtonStyle.danger if danger else discord.ButtonStyle.secondary,
                custom_id=f"captionbot:{action}:{about}",
                row=row,
            )
        )
        self._action, self._about = action, about

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py gives it
        item: discord.ui.Item[Any],  # noqa: ARG003 - discord.py gives it
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(match["action"], match["about"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await cast("Presses", interaction.client).press(interaction, self._action, self._about)


class Presses(Protocol):
    """What a button's client can do."""

    def press(
        self, interaction: discord.Interaction[Any], action: str, about: str
    ) -> Awaitable[None]:
        """Do what a button asks for, by what is written in it."""


class Pressed(NamedTuple):
    """What a button asks about photos."""

    wish: Action
    message: int  # that holds them
    slot: str
    language: str  # of the captions

    @classmethod
    def from_button(cls, action: str, about: str) -> Pressed | None:
        """What stands in a button; None for one of another version."""
        match = _ABOUT_PHOTOS.fullmatch(about)
        if match is None or action not in _ABOUT:
            return None
        language = match["language"] or ENGLISH
        return cls(Action(action), int(match["message"]), match["slot"] or "0", language)


def photo_holder(message: discord.Message) -> int | None:
    """The message with the photo that an answer of ours is about, as its buttons have it."""
    for row in message.components:
        for item in row.children if isinstance(row, discord.ActionRow) else ():
            if found := _OF_AN_ANSWER.match(str(getattr(item, "custom_id", ""))):
                return int(found[1])
    return None
