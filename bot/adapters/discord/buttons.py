"""Buttons that work for ever: all that they need to know is written in their own ids."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

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
_MAX_LABEL = 80  # characters
_OF_AN_ANSWER = re.compile(r"captionbot:[a-z_]+:([0-9]{1,20}):")
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
    others: bool = True  # whether there may be other captions
    language: str = ENGLISH  # of the captions

    def view(self) -> discord.ui.View:
        """The buttons as discord.py takes them."""
        # Without a time-out discord.py keeps nothing in memory for a view of such buttons.
        view = discord.ui.View(timeout=None)
        looks = self.looks[: 2 * _A_ROW]

        def add(action: Action, slot: str, row: int, label: str = "") -> None:
            language = self.language if action is Action.SPEECH else ENGLISH
            view.add_item(
                ActionButton(
                    action, self.message, slot, self.lang, label, row=row, language=language
                )
            )

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
            view.add_item(DeleteButton(self.deletable_by, self.lang, row=last))
        return view


class Presses(Protocol):
    """What a button's client can do."""

    def press(
        self,
        interaction: discord.Interaction[Any],
        action: Action,
        message: int,
        slot: str,
        language: str,
    ) -> Awaitable[None]:
        """Answer a press: `message` holds the photos, and captions are in `language`."""

    def delete(self, interaction: discord.Interaction[Any], person: int) -> Awaitable[None]:
        """Remove the message with the button, where whoever presses may."""


class ActionButton(
    discord.ui.DynamicItem[Button],
    template=r"captionbot:(?P<action>attention_gif|attention_sheet|others|speech)"
    r":(?P<message>[0-9]{1,20})(?::(?P<slot>[0-9]{1,2}(?:\.[0-9]{1,2})?))?"
    r"(?::(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?",
):
    """Asks for something more about a message's photos.

    Discord brings the id back with each press, so a bot that was started anew knows what to do.
    """

    def __init__(
        self,
        action: Action,
        message: int,
        slot: str,
        lang: str = ENGLISH,
        which: str = "",
        *,
        row: int | None = None,
        language: str = ENGLISH,
    ) -> None:
        if which:
            label = say("button-attention-of", lang, which=which)
        else:
            label = say(_LABELS[action], lang)
        named = [] if language == ENGLISH else [language]
        super().__init__(
            discord.ui.Button(
                label=label[:_MAX_LABEL],
                style=discord.ButtonStyle.secondary,
                custom_id=":".join(("captionbot", action.value, str(message), slot, *named)),
                row=row,
            )
        )
        self._action, self._message, self._slot = action, message, slot
        self._language = language

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py gives it
        item: discord.ui.Item[Any],  # noqa: ARG003 - discord.py gives it
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(
            Action(match["action"]),
            int(match["message"]),
            match["slot"] or "0",
            language=match["language"] or ENGLISH,
        )

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client = cast("Presses", interaction.client)
        await client.press(interaction, self._action, self._message, self._slot, self._language)


def photo_holder(message: discord.Message) -> int | None:
    """The message with the photo that an answer of ours is about, as its buttons have it."""
    for row in message.components:
        for item in row.children if isinstance(row, discord.ActionRow) else ():
            if found := _OF_AN_ANSWER.match(str(getattr(item, "custom_id", ""))):
                return int(found[1])
    return None


class DeleteButton(
    discord.ui.DynamicItem[Button],
    template=r"captionbot:delete:(?P<person>[0-9]{1,20})",
):
    """Removes the answer above it: for who asked for it, and for who keeps order there."""

    def __init__(self, person: int, lang: str = ENGLISH, *, row: int | None = None) -> None:
        super().__init__(
            discord.ui.Button(
                label=say("button-delete", lang)[:_MAX_LABEL],
                style=discord.ButtonStyle.danger,
                custom_id=f"captionbot:delete:{person}",
                row=row,
            )
        )
        self._person = person

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py gives it
        item: discord.ui.Item[Any],  # noqa: ARG003 - discord.py gives it
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(int(match["person"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await cast("Presses", interaction.client).delete(interaction, self._person)
