"""Buttons that work for ever: all that they need to know is written in their own ids."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

import discord

from bot.adapters.discord.actions import Wish
from bot.locales import ENGLISH, say

if TYPE_CHECKING:
    Button = discord.ui.Button[discord.ui.View]
else:
    Button = discord.ui.Button

_LABELS = {
    Wish.ATTENTION_GIF: "button-attention",
    Wish.ATTENTION_SHEET: "button-sheet",
    Wish.OTHERS: "button-alternatives",
    Wish.SPEECH: "button-speech",
}
_MAX_LABEL = 80  # characters
_A_ROW = 5  # buttons


@dataclass(frozen=True, slots=True)
class Look:
    """A photo that can be looked at: its slot, and what tells it from the others.

    A slot is the place of an attachment in its message, with a dot and a number behind it for a
    moment of a film.
    """

    slot: str = "0"
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The buttons for an answer about the photos in a message."""

    message: int
    looks: tuple[Look, ...] = (Look(),)
    deletable_by: int = 0  # the person who asked; 0: no button
    lang: str = ENGLISH

    def view(self) -> discord.ui.View:
        """The buttons as discord.py takes them."""
        # Without a time-out discord.py keeps nothing in memory for a view of such buttons.
        view = discord.ui.View(timeout=None)
        looks = self.looks[: 2 * _A_ROW]
        wishes = [Wish.OTHERS, Wish.SPEECH]
        if len(looks) == 1:
            wishes = [Wish.ATTENTION_SHEET, *wishes]
        for n, look in enumerate(looks):
            row = n // _A_ROW
            view.add_item(WishButton(Wish.ATTENTION_GIF, self.message, look, self.lang, row=row))
        last = 0 if len(looks) == 1 else 2
        for wish in wishes:
            slot = looks[0].slot if wish is Wish.ATTENTION_SHEET else "0"
            view.add_item(WishButton(wish, self.message, Look(slot), self.lang, row=last))
        if self.deletable_by:
            view.add_item(DeleteButton(self.deletable_by, self.lang, row=last))
        return view


class Presses(Protocol):
    """What a button's client can do."""

    def press(
        self, interaction: discord.Interaction[Any], wish: Wish, message: int, slot: str
    ) -> Awaitable[None]:
        """Answer a press: `message` holds the photos."""

    def delete(self, interaction: discord.Interaction[Any], person: int) -> Awaitable[None]:
        """Remove the message with the button, where whoever presses may."""


class WishButton(
    discord.ui.DynamicItem[Button],
    template=r"captionbot:(?P<wish>attention_gif|attention_sheet|others|speech)"
    r":(?P<message>[0-9]{1,20})(?::(?P<slot>[0-9]{1,2}(?:\.[0-9]{1,2})?))?",
):
    """Asks for something more about a message's photos.

    Discord brings the id back with each press, so a bot that was started anew knows what to do.
    """

    def __init__(
        self, wish: Wish, message: int, look: Look, lang: str = ENGLISH, *, row: int | None = None
    ) -> None:
        if look.label:
            label = say("button-attention-of", lang, which=look.label)
        else:
            label = say(_LABELS[wish], lang)
        super().__init__(
            discord.ui.Button(
                label=label[:_MAX_LABEL],
                style=discord.ButtonStyle.secondary,
                custom_id=f"captionbot:{wish.value}:{message}:{look.slot}",
                row=row,
            )
        )
        self._wish, self._message, self._slot = wish, message, look.slot

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py gives it
        item: discord.ui.Item[Any],  # noqa: ARG003 - discord.py gives it
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(Wish(match["wish"]), int(match["message"]), Look(match["slot"] or "0"))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client = cast("Presses", interaction.client)
        await client.press(interaction, self._wish, self._message, self._slot)


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
