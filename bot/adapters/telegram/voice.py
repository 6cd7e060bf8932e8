"""Captions as voice messages."""

from __future__ import annotations

import asyncio
import logging

from bot.adapters.telegram.idempotent_replies import Talking
from bot.adapters.telegram.sender import Courier, Place, Undeliverable
from bot.chat.speech import SpeechUnavailable, speak
from bot.locales import ENGLISH, languages, say

log = logging.getLogger(__name__)

_AT_ONCE = 2  # each is a process, for a moment


class Speaking:
    """Reads aloud in English, as captions are, and says so where that cannot be."""

    def __init__(self, courier: Courier, talking: Talking) -> None:
        self._courier = courier
        self._talking = talking
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def read(self, place: Place, text: str) -> bool:
        """Send a text as a voice message. False if that cannot be, which was said, once a day.

        Raises Undeliverable where the chat takes no messages at all.
        """
        try:
            async with self._turns:
                speech = await speak(text)
            await self._courier.voice(place, speech)
        except SpeechUnavailable as error:
            log.warning("telegram: nothing can be read aloud: %s", error)
            code = "speech-unavailable"
        except Undeliverable as error:
            if not error.for_lack_of_rights:
                raise
            code = "voice-not-welcome"
        else:
            return True
        await self._talking.say(place, say(code, place.lang), key=f"{place.chat}:{code}")
        return False


def in_english(answer: str) -> str:
    """An answer of ours with what is said around its captions turned into English."""
    return "\n".join(map(_line_in_english, answer.splitlines()))


def _line_in_english(line: str) -> str:
    mark = "\n"
    for lang in languages():
        before, _, after = say("unsure", lang, caption=mark).partition(mark)
        at = line.find(before)
        if before + after and at >= 0 and line[at + len(before) :].endswith(after):
            caption = line[at + len(before) : len(line) - len(after)]
            return line[:at] + say("unsure", ENGLISH, caption=caption)
    return line
