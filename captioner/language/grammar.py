"""English grammar for captions: "a" or "an", and words that cannot end a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise

_DETERMINERS = "a an the this these those his its their my your our some every no"
_PREPOSITIONS = (  # without those that end good sentences: "a girl jumps up"
    "of in on at with for from to into onto through under near beside between during against "
    "across towards toward upon among"
)
_CONJUNCTIONS = "and or but while as because"
_VERBS = "is are was were has have"
BAD_ENDINGS = frozenset(f"{_DETERMINERS} {_PREPOSITIONS} {_CONJUNCTIONS} {_VERBS}".split())
"""Words that hardly end a finished sentence: 0.6 % of Flickr8k's captions, most of them in `on`."""

_ARTICLES = frozenset({"a", "an"})
_MODIFIER_WORDS = (
    "white black brown blue red yellow green pink orange purple tan grey gray silver gold golden "
    "beige blond blonde dark light bright large small big little young old tall colorful"
)
_MODIFIERS = frozenset(_MODIFIER_WORDS.split())


class Ending(IntEnum):
    """Whether a sentence can end with a word."""

    FINE = 0
    NEVER = 1
    ARTICLE = 2  # never; and it makes the next word wait for a noun, if that is a MODIFIER
    MODIFIER = 3


def ending(word: str) -> Ending:
    """Whether a sentence can end with this word."""
    if word in _ARTICLES:
        return Ending.ARTICLE
    if word in BAD_ENDINGS:
        return Ending.NEVER
    return Ending.MODIFIER if word in _MODIFIERS else Ending.FINE


def breaks_off(words: Sequence[str]) -> bool:
    """Whether a sentence is empty or unfinished: "a man in a", "a girl in a yellow"."""
    kinds = [ending(word) for word in words[-2:]] or [Ending.NEVER]
    if kinds[-1] is Ending.MODIFIER:
        return kinds[0] is Ending.ARTICLE
    return kinds[-1] is not Ending.FINE


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
    """The indefinite article before a word, by its sound: "an" for "hour", "a" for "unicorn"."""
    said = word.lower()
    if said[:1].isdigit():
        return "an" if _NUMBER_WITH_A_VOWEL.match(said) else "a"
    if _SPELT_WITH_A_VOWEL.match(said) or _SPOKEN_VOWEL.match(said):
        return "an"
    if said[:1] in tuple("aeiou") and not _SPOKEN_CONSONANT.match(said):
        return "an"
    return "a"


def with_right_articles(words: Sequence[str]) -> list[str]:
    """The words, with each “a” and “an” corrected for the next word."""
    right = list(words)
    for place, (word, after) in enumerate(pairwise(words)):
        if word in _ARTICLES and after[:1].isalnum():
            right[place] = article_before(after)
    return right
