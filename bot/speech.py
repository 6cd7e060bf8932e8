"""Text → speech, by espeak-ng, as Ogg/Opus: what Telegram's voice messages are."""

from __future__ import annotations

from dataclasses import dataclass


class SpeechUnavailable(Exception):
    """espeak-ng is not installed or failed; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A sentence, spoken."""

    ogg: bytes
    seconds: float


async def speak(text: str, *, language: str = "en") -> Speech:
    """The text spoken; raises SpeechUnavailable."""
    raise NotImplementedError
