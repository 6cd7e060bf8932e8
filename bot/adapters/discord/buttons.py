"""Buttons that work for ever: all that they need to know is written in their own ids."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, cast

import discord

from bot.chat.models import Action
from bot.locales import ENGLISH, say

if TYPE_CHECKING:
    Button = discord.ui.Button[discord.ui.View]
else:
    Button = discord.ui.Button

_LABELS = {
    Action.ATTENTION_GIF: "button-attention",
    Action.ATTENTION_SHEET: "button-sheet",
    Action.OTHERS: "button-alternatives",
    Action.SPEECH: "button-speech",
}
DELETE, YES, NO = "delete", "yes", "no"
_MAX_LABEL = 80  # characters
_OF_AN_ANSWER = re.compile(r"captionbot:[a-z_]+:([0-9]{1,20}):")
_ABOUT_PHOTOS = re.compile(
    r"(?P<message>[0-9]{1,20})(?::(?P<slot>[0-9]{1,2}(?:\.[0-9]{1,2})?))?"
    r"(?::(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?"
)
_A_ROW = 5  # buttons


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The buttons for an answer about the photos in a message."""

    message: int
    # Slots, and what tells them from each other. A slot is the place of an attachment in its
    # message, with a dot and a number behind it for a moment of a video.
    looks: tuple[tuple[str, str], ...] = (("0", ""),)
    deletable_by: int = 0  # the person who asked; 0: no button
    lang: str = ENGLISH
    attention: bool = True  # whether the model can show where it looked
    others: bool = True  # whether there are other captions
    language: str = ENGLISH  # of the captions

    def view(self) -> discord.ui.View:
        """The buttons as discord.py takes them."""
        # Without a time-out discord.py keeps nothing in memory for a view of such buttons.
        view = discord.ui.View(timeout=None)
        looks = self.looks[: 2 * _A_ROW]

        def add(action: Action, slot: str, row: int, which: str = "") -> None:
            label = say(_LABELS[action], self.lang)
            if which:
                label = say("button-attention-of", self.lang, which=which)
            named = self.language if action is Action.SPEECH and self.language != ENGLISH else ""
            about = ":".join(filter(None, (str(self.message), slot, named)))
            view.add_item(CaptionButton(action, about, label, row=row))

        if self.attention:
            for n, (slot, label) in enumerate(looks):
                add(Action.ATTENTION_GIF, slot, n // _A_ROW, label)
        last = 0 if len(looks) == 1 or not self.attention else 2
        if len(looks) == 1 and self.attention:
            add(Action.ATTENTION_SHEET, looks[0][0], last)
        if self.others:
            add(Action.OTHERS, "0", last)
        add(Action.SPEECH, "0", last)
        if self.deletable_by:
            label, person = say("button-delete", self.lang), str(self.deletable_by)
            view.add_item(CaptionButton(DELETE, person, label, danger=True, row=last))
        return view


def confirmation(question: str, lang: str | None) -> discord.ui.View:
    """Yes and no, for what an owner is asked."""
    view = discord.ui.View(timeout=None)
    for word in (YES, NO):
        label = say(f"button-{word}", lang)
        view.add_item(CaptionButton(word, question, label, danger=word == YES))
    return view


class CaptionButton(
    discord.ui.DynamicItem[Button],
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
        if match is None or action not in set(_LABELS):
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
