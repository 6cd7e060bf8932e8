"""A whole conversation on Discord, to be read: `pytest -s` prints it in every language asked for.

What the bot says must be in the person's language, but for the captions themselves.
"""

from __future__ import annotations

from typing import Any

import pytest

from bot.locales import say
from tests.bot.adapters.discord.stage import CAPTION, Stage, labels, stage, stranger
from tests.bot.adapters.discord.test_preferences import access_control
from tests.support.discord_server import DiscordServer, Message
from tests.support.photos import photo
from tests.support.transcript import Transcript

_MANAGE_CHANNELS = 1 << 4


class Reader:
    """Writes down what people do and what the bot answers to it."""

    def __init__(self, bot: Stage, transcript: Transcript) -> None:
        self._bot, self._transcript = bot, transcript

    async def uses(self, command: str, **options: Any) -> Message:
        """Use a command; what it says."""
        answer = await self._bot.told(command, **options)
        given = " ".join(str(getattr(o, "id", o)) for n, o in options.items() if n != "permissions")
        return self.note(f"/{command} {given}".strip(), answer)

    async def asks(self, data: bytes | None = None, **how: Any) -> Message:
        """Use /caption with a photo."""
        answer = await self._bot.answered(await self._bot.use_caption(data, **how))
        await self._bot.emptied()
        return self.note("/caption (a photo)", answer)

    async def presses(self, message: Message, label: str) -> None:
        """Press a button; what comes of it, also in place of the message."""
        edits = message.edits
        custom_id = message.custom_ids[labels(message).index(label)]
        press = await self._bot.server.press(self._bot.person, message, custom_id)
        answer = await self._bot.answered(press)
        await self._bot.server.until(lambda: answer is not message or message.edits > edits)
        await self._bot.emptied()
        self.note(f"[{label}]", answer)

    def note(self, what: str, answer: Message) -> Message:
        """Write it down."""
        self._transcript.person(self._bot.person.name, what)
        files = "".join(f"({file['filename']}) " for file in answer.attachments)
        seen = "(only you see this) " if answer.ephemeral else ""
        self._transcript.bot(f"{seen}{files}{answer.content}", labels(answer))
        return answer


@pytest.mark.parametrize("lang", ["en", "de"])
async def test_a_conversation(server: DiscordServer, lang: str) -> None:
    transcript = Transcript(lang)
    async with stage(server, start=False) as bot:
        server.locale = lang
        owner, ann = bot.person, stranger(server)
        await bot.start(access=access_control(owners=f"discord:{owner.id}"))
        reader = Reader(bot, transcript)
        bot.person = ann
        for command in ("help", "privacy", "stats", "voice off", "owner pause"):
            await reader.uses(command)
        answer = await reader.asks()
        for button in ("button-attention", "button-sheet", "button-alternatives"):
            await reader.presses(answer, say(button, lang))
        bot.script.confidence = 0.1
        await reader.asks(photo(seed=1), private=True)
        await reader.asks(b"no photo")
        await reader.uses("language", language=lang)
        await reader.uses("auto on")
        await reader.uses("auto on", permissions=_MANAGE_CHANNELS)
        await reader.uses("auto off", permissions=_MANAGE_CHANNELS)
        await reader.uses("delete")

        bot.person = owner
        for command in ("help", "owner access", "owner block"):
            await reader.uses(command)
        await reader.uses("owner block", person=owner)
        question = await reader.uses("owner block", person=ann)
        await reader.presses(question, say("button-yes", lang))
        bot.person = ann
        await reader.asks()
        bot.person = owner
        await reader.presses(await reader.uses("owner pause"), say("button-yes", lang))
        await reader.asks()
        for command in ("owner access", "owner resume", "stats"):
            await reader.uses(command)
        await reader.uses("owner lift", id=str(ann.id))
    transcript.check(but=CAPTION)
    assert say("paused", lang) in transcript.text
