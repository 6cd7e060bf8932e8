"""Buttons that work for ever: all that they need to know is written in their own ids."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

import discord

from bot.texts import ENGLISH, say
from captioner.jobs import Output

if TYPE_CHECKING:
    Button = discord.ui.Button[discord.ui.View]
else:
    Button = discord.ui.Button

_LABELS = {Output.ATTENTION_GIF: "button-attention", Output.ATTENTION_SHEET: "button-sheet"}
_MAX_LABEL = 80  # characters


class Looks(Protocol):
    """What a button's client can do."""

    def look(
        self, interaction: discord.Interaction[Any], output: Output, message: int
    ) -> Awaitable[None]:
        """Answer a press: `message` holds the photo."""


class LookButton(
    discord.ui.DynamicItem[Button],
    template=r"captionbot:(?P<output>attention_gif|attention_sheet):(?P<message>[0-9]{1,20})",
):
    """Asks for a picture of where the model looked in a message's photo.

    Discord brings the id back with each press, so a bot that was started anew knows what to do.
    """

    def __init__(self, output: Output, message: int, lang: str = ENGLISH) -> None:
        super().__init__(
            discord.ui.Button(
                label=say(_LABELS[output], lang)[:_MAX_LABEL],
                style=discord.ButtonStyle.secondary,
                custom_id=f"captionbot:{output.value}:{message}",
            )
        )
        self._output = output
        self._message = message

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py gives it
        item: discord.ui.Item[Any],  # noqa: ARG003 - discord.py gives it
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(Output(match["output"]), int(match["message"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client = cast("Looks", interaction.client)
        await client.look(interaction, self._output, self._message)


def look_buttons(message: int, lang: str) -> discord.ui.View:
    """The buttons for an answer about the photo in a message."""
    # Without a time-out discord.py keeps nothing in memory for a view of such buttons.
    view = discord.ui.View(timeout=None)
    for output in _LABELS:
        view.add_item(LookButton(output, message, lang))
    return view
