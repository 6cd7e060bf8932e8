"""A conversation as somebody would read it, and whether the bot spoke one language throughout."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from bot.locales import ENGLISH, say
from tests.bot.test_locales import messages


class Transcript:
    """What was said, in order."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._lines: list[str] = [f"\n=== {lang} ==="]
        self._said: list[str] = []

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines)

    def person(self, name: str, what: str) -> None:
        """Somebody does something."""
        self._lines.append(f"{name}: {what}")

    def bot(self, text: str, buttons: Sequence[str] = ()) -> None:
        """The bot answers."""
        self._said += [text, *buttons]
        shown = text.replace("\n", "\n    ")
        labels = "".join(f"  [{button}]" for button in buttons)
        self._lines.append(f"  » {shown}{labels}")

    def check(self, *, but: str) -> None:
        """Print it, and check that nothing was said in English that there is another text for."""
        sys.stdout.write(f"{self.text}\n")
        if self._lang == ENGLISH:
            return
        for text_id, placeholders in messages(ENGLISH).items():
            english = "" if placeholders else say(text_id)
            if re.search(r"\s.*[.?!:]$", english) and english != say(text_id, self._lang):
                for said in self._said:
                    assert english not in said.replace(but, ""), f"{text_id}: {said}"
