"""Articles that agree with the noun behind them: "Ein Katze" → "Eine Katze".

Adjectives agree with it by `captioner.language.adjectives`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from captioner.language.adjectives import is_before_noun, with_agreeing_adjectives
from captioner.language.noun_phrases import noun_genders

_DATIVE = {"f": "einer", "m": "einem", "n": "einem"}
_CONSONANT = re.compile(r"[bcdfgjklmnpqrstvwxz]", re.IGNORECASE)  # some stand before "h" too
# An "h" is silent in few of the words that photos bring up; "hockey" and "haut" are not among them.
_SILENT = re.compile(
    r"[aeiouàâéèêëîïôûœ]|h(?:abit|élico|erbe|eure|iver|istoire|omme|ôpital|orizon|ôtel|uile|umain)",
    re.IGNORECASE,
)
_ELIDED = {"de": "d'", "le": "l'", "la": "l'", "que": "qu'", "se": "s'", "ne": "n'"}
_OTHER_CASES = frozenset({"ein", "eine", "einen"})
# Masculine and feminine forms. Portuguese "o" and "a" are left out, for "a" is a preposition too.
_PAIRS = {
    "fr": (("un", "une"), ("le", "la")),
    "pt": (("um", "uma"), ("no", "na"), ("do", "da"), ("ao", "à"), ("num", "numa")),
    "es": (("un", "una"), ("el", "la")),
}
_FORMS = {
    language: {form: {"m": pair[0], "f": pair[1]} for pair in pairs for form in pair}
    for language, pairs in _PAIRS.items()
}


def with_agreement(words: Sequence[str], language: str) -> list[str]:
    """The words, articles and adjectives in the forms that their nouns want."""
    return with_agreeing_adjectives(with_agreeing_articles(words, language), language)


def with_agreeing_articles(words: Sequence[str], language: str) -> list[str]:
    """The words, each article in the form that the noun behind it wants.

    It changes German, French, Portuguese and Spanish articles before nouns whose gender is known,
    German dative articles also before an adjective. French "de eau" is "d'eau", and "d'chiens" is
    "de chiens". Other languages stay as they are.
    """
    nouns = noun_genders(language)
    agreed: list[str] = []
    for place, word in enumerate(words):
        if language == "fr" and (form := _before_sound(word, "".join(words[place + 1 :]))):
            agreed.append(form)
            continue
        behind = _behind(words, place, language)
        gender = next((nouns[noun] for noun in behind if noun in nouns), None)
        agreed.append(_agreeing(word, gender, language, first=not place) if gender else word)
    return agreed


def _before_sound(word: str, rest: str) -> str | None:
    """The form of a French word before how the rest sounds, where it needs another."""
    if word == "d'" and _CONSONANT.match(rest):
        return "de"
    return _ELIDED.get(word) if _SILENT.match(rest) else None


def _behind(words: Sequence[str], place: int, language: str) -> Sequence[str]:
    """The words among which the noun of an article is, the likelier one first."""
    if language in _PAIRS and is_before_noun(words, place + 1, language):
        return words[place + 2 : place + 3]
    return words[place + 1 : place + (3 if words[place] in _DATIVE.values() else 2)]


def _agreeing(article: str, gender: str, language: str, *, first: bool) -> str:
    """The form for a gender. German dative stays dative, and a masculine object an object."""
    if language != "de":
        return _FORMS[language].get(article, {}).get(gender, article)
    if article in _DATIVE.values():
        return _DATIVE[gender]
    if article not in _OTHER_CASES or (gender == "m" and article != "eine"):
        return article
    return {"f": "eine", "n": "ein", "m": "ein" if first else "einen"}[gender]
