"""“a” or “an”, by the sound that the next word begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_ARTICLES = ("a", "an")
# A vowel is written, a consonant is spoken: “a unicycle”, “a euro”, “a one-way street”.
_SPOKEN_CONSONANT = re.compile(
    r"uni(?!n|mp|mag|d(?!i))|u(?:s[aeiu]|t[aeio]|kr|k[ue]|b[io]|ra[nl]|fo\b|-)|eu|ewe|on(?:e|ce)(?![a-z])"
)
# A consonant is written, a vowel is spoken: “an hour”, “an honest man”.
_SPOKEN_VOWEL = re.compile(r"hour|hono|honest|heir")
# Letters that are spelt out: “an x-ray”, “an SUV”, “an ATM”; “a TV”, “a UFO”.
_SPELT_WITH_A_VOWEL = re.compile(
    r"(?:[aefhilmnorsx](?:-|\d|$)|x-?ray|(?:suv|rv|mp3|mri|nfl|nba|fbi|lcd|led|hd|sms|nyc|ny|lp)s?$)"
)
_NUMBER_WITH_A_VOWEL = re.compile(r"8|(?:11|18)(?!\d)|(?:11|18)(?=\d{3}(?!\d))")


def article_before(word: str) -> str:
    """The indefinite article that people say before a word: "an" for "hour", "a" for "unicorn"."""
    said = word.lower()
    if said[:1].isdigit():
        return "an" if _NUMBER_WITH_A_VOWEL.match(said) else "a"
    if _SPELT_WITH_A_VOWEL.match(said) or _SPOKEN_VOWEL.match(said):
        return "an"
    if said[:1] in tuple("aeiou") and not _SPOKEN_CONSONANT.match(said):
        return "an"
    return "a"


def with_right_articles(words: Sequence[str]) -> list[str]:
    """The words, with each “a” and “an” as the next word wants it."""
    right = list(words)
    for place, (word, after) in enumerate(pairwise(words)):
        if word in _ARTICLES and after[:1].isalnum():
            right[place] = article_before(after)
    return right
