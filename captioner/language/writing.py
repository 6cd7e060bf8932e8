"""How words become a sentence as people write it, in each language that captions are learned in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from captioner.language.grammar import with_right_articles

ENGLISH = "en"


@dataclass(frozen=True)
class WritingRules:
    """Which words stand against the one before or behind them, and how a sentence ends."""

    name: str  # of the language, in English
    before: re.Pattern[str]  # no space before these
    behind: re.Pattern[str]  # no space behind these
    full_stop: str = "."
    spaces: bool = True  # between words


_MARKS = r"[,.;:!?%)\]…]+"
_OPENING = r"[(\[]"
_USUAL = re.compile(rf"^{_MARKS}$"), re.compile(rf"^{_OPENING}$")
# Tokens that hang on to the word before them: "boy" "'s" → "boy's", "do" "n't" → "don't".
_ENGLISH = re.compile(r"^(n't|'(s|m|d|re|ve|ll)|')$")
# "l'" "homme" → "l'homme". A word that ends so is an elision.
_ELISION = re.compile(rf"^({_OPENING}|.*\w['’])$")
_ARABIC = re.compile(r"^[,.;:!?%)\]…،؛؟]+$")
_CHINESE = re.compile(r"^$")

WRITING = {
    "en": WritingRules("English", _ENGLISH, re.compile(r"^$")),
    "de": WritingRules("German", *_USUAL),
    "pt": WritingRules("Portuguese", *_USUAL),
    "es": WritingRules("Spanish", _USUAL[0], re.compile(r"^[(\[¿¡]$")),
    "fr": WritingRules("French", re.compile(r"^[,.%)\]…]+$"), _ELISION),
    "ar": WritingRules("Arabic", _ARABIC, _USUAL[1]),
    "zh": WritingRules("Chinese", _CHINESE, _CHINESE, "。", spaces=False),
}
_SPANISH_EL = re.compile(r"\b([Dd]e|[Aa]) el\b")  # "del", "al"
_LATIN = re.compile(r"[^\W\d_]|\d", re.ASCII)


def written(words: Sequence[str], language: str = ENGLISH) -> str:
    """A caption's words as a sentence: "a boy 's orange hat" → "A boy's orange hat."

    French has a space before "?", "!", ":" and ";", Chinese none but between Latin words.
    Raises KeyError for a language that is not in `WRITING`.
    """
    rules = WRITING[language]
    text = ""
    last = ""
    for word in with_right_articles(list(words)) if language == ENGLISH else words:
        text += word if _together(last, word, rules) else f" {word}"
        last = word
    if language == "es":
        text = _SPANISH_EL.sub(r"\1l", text)
    if not text:
        return ""
    text = with_capital(text)
    return text if text.endswith((".", "!", "?", "…", "。", "؟")) else text + rules.full_stop


def with_capital(text: str) -> str:
    """A sentence that begins with a capital, be there "¿" or "(" before it."""
    opening = len(text) - len(text.lstrip("¿¡(["))
    return text[:opening] + text[opening : opening + 1].upper() + text[opening + 1 :]


def _together(last: str, word: str, rules: WritingRules) -> bool:
    if not last or rules.before.match(word) or rules.behind.match(last):
        return True
    if rules.spaces:
        return False
    return not (_LATIN.match(last[-1]) and _LATIN.match(word[0]))
