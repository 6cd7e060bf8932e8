"""Words that hardly end a finished sentence: "a man in a", "a girl in a yellow"."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

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
    """What a word means for a sentence that would end with it."""

    FINE = 0
    NEVER = 1
    ARTICLE = 2  # never; and it makes the next word wait for a noun, if that is a MODIFIER
    MODIFIER = 3


def ending(word: str) -> Ending:
    """What a word means for a sentence that would end with it."""
    if word in _ARTICLES:
        return Ending.ARTICLE
    if word in BAD_ENDINGS:
        return Ending.NEVER
    return Ending.MODIFIER if word in _MODIFIERS else Ending.FINE


def breaks_off(words: Sequence[str]) -> bool:
    """Whether a sentence says nothing or ends before it is finished."""
    kinds = [ending(word) for word in words[-2:]] or [Ending.NEVER]
    if kinds[-1] is Ending.MODIFIER:
        return kinds[0] is Ending.ARTICLE
    return kinds[-1] is not Ending.FINE
