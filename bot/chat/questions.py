"""What somebody asks about a photo, as it may travel to a worker."""

from __future__ import annotations

import re
import unicodedata

from bot.chat.refusals import Refusal, RefusalCode
from captioner.queue.messages import MAX_QUESTION

_SPACES = {"Cc", "Zl", "Zp", "Zs"}
# Directions, invisible signs, halves of surrogates and what has no meaning; but letters and emoji
# are joined by two of them.
_NOTHING = {"Cf", "Cn", "Co", "Cs"}
_SAYING = "LNS"  # letters, numbers and symbols, such as emoji; a lone question mark asks nothing
_JOINERS = {"\u200c", "\u200d"}
_TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)[\s,:–-]+(?=\S)")


def clean_question(text: str) -> str:
    """A question in one line, without control characters.

    Raises Refusal: question-empty, question-too-long.
    """
    # What is cut off here is too long in any case, unless it is nothing but spaces.
    signs = (_printable(sign) for sign in text[: 100 * MAX_QUESTION])
    question = " ".join("".join(signs).split())
    if not any(unicodedata.category(sign)[0] in _SAYING for sign in question):
        raise Refusal(RefusalCode.QUESTION_EMPTY)
    if len(question) > MAX_QUESTION:
        raise Refusal(RefusalCode.QUESTION_TOO_LONG, limit=MAX_QUESTION)
    return question


def moment_in(question: str) -> tuple[float | None, str]:
    """The time that a question about a video begins with, in seconds, and the rest of it.

    "0:07 who is that?" is about what there is to see after seven seconds.
    """
    found = _TIME.match(question)
    if found is None:
        return None, question
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return 3600.0 * hours + 60 * minutes + seconds, question[found.end() :]


def _printable(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in _SPACES:
        return " "
    return "" if category in _NOTHING and sign not in _JOINERS else sign
