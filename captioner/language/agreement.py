"""Articles that agree with the noun behind them: "Ein Katze" → "Eine Katze".

What gender a noun has stands in `genders.json`, which `training.data.genders` made from captions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

_DATIVE = {"f": "einer", "m": "einem", "n": "einem"}
_CONSONANT = re.compile(r"[bcdfgjklmnpqrstvwxz]", re.IGNORECASE)  # some stand before "h" too
_OTHER_CASES = frozenset({"ein", "eine", "einen"})
# Masculine and feminine forms. Portuguese "o" and "a" are left out, for "a" is a preposition too.
_PAIRS = {
    "fr": (("un", "une"), ("le", "la")),
    "pt": (("um", "uma"), ("no", "na"), ("do", "da"), ("ao", "à"), ("num", "numa")),
}
_FORMS = {
    language: {form: {"m": pair[0], "f": pair[1]} for pair in pairs for form in pair}
    for language, pairs in _PAIRS.items()
}


def with_agreeing_articles(words: Sequence[str], language: str) -> list[str]:
    """The words, each article in the form that the noun behind it wants.

    It changes German, French and Portuguese articles before nouns whose gender is known, German
    dative articles also before an adjective, and French "d'" before a consonant. Other languages
    stay as they are.
    """
    nouns = _genders().get(language, {})
    agreed: list[str] = []
    for place, word in enumerate(words):
        if language == "fr" and word == "d'" and _CONSONANT.match("".join(words[place + 1 :])):
            agreed.append("de")
            continue
        behind = words[place + 1 : place + (3 if word in _DATIVE.values() else 2)]
        gender = next((nouns[noun] for noun in behind if noun in nouns), None)
        agreed.append(_agreeing(word, gender, language, first=not place) if gender else word)
    return agreed


def _agreeing(article: str, gender: str, language: str, *, first: bool) -> str:
    """The form for a gender. German dative stays dative, and a masculine object an object."""
    if language != "de":
        return _FORMS[language].get(article, {}).get(gender, article)
    if article in _DATIVE.values():
        return _DATIVE[gender]
    if article not in _OTHER_CASES or (gender == "m" and article != "eine"):
        return article
    return {"f": "eine", "n": "ein", "m": "ein" if first else "einen"}[gender]


@cache
def _genders() -> Mapping[str, Mapping[str, str]]:
    """The gender (f, m or n) of nouns, by language."""
    text = files(__package__).joinpath("genders.json").read_text(encoding="utf-8")
    return {
        language: {noun: gender for gender, nouns in own.items() for noun in nouns}
        for language, own in json.loads(text).items()
    }
