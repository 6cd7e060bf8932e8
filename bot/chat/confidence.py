"""How sure the model must be for a word of a caption to be said without a warning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

from captioner.queue.messages import UNSURE_BELOW, Word

# Of a word's probability, where nothing is known of its certainty: below it, the model gave all
# other words together the greater share.
SURE_WORD_FROM = 0.5
_LEAST = 1e-4  # as certainties are rounded


class Level(StrEnum):
    """How far to trust a word of a caption."""

    SURE = "sure"  # by itself: nearly all such words were used by somebody who saw the photo
    LIKELY = "likely"  # as far as the caption is
    DOUBTFUL = "doubtful"  # less than the words around it, and not enough


def is_sure(word: Word) -> bool:
    """Whether a word may be called sure, and said of a person or a thing as a fact."""
    if word.sure is not None:
        return word.sure
    return math.exp(min(word.log_prob, 0.0)) >= SURE_WORD_FROM


def levels(words: Sequence[Word], confidence: float | None) -> list[Level | None]:
    """The level of each word of a caption, None where nothing is known of it.

    The confidence of the caption is shared out among its words by their certainty, in log-odds: a
    word as certain as the words are in the mean gets what the caption has, a less certain one less,
    and one that gets less than a caption needs is doubtful. So in a caption that is trusted only
    words that stand out are doubtful. Nor does it matter that all certainties of a language are
    low because a photo has few captions there, in which a word could be found.

    Words without a content of their own have no certainty and no level. In captions of models that
    know no certainty, the words' probabilities decide.
    """
    if confidence is None:
        return [None] * len(words)
    certainties = [word.certainty for word in words if word.certainty is not None]
    if not certainties:
        return [Level.SURE if is_sure(word) else Level.DOUBTFUL for word in words]
    mean = sum(map(_log_odds, certainties)) / len(certainties)
    least = mean + _log_odds(UNSURE_BELOW) - _log_odds(confidence)
    return [_level(word, least) for word in words]


def _level(word: Word, least: float) -> Level | None:
    if word.certainty is None:
        return None
    if word.sure:
        return Level.SURE
    return Level.DOUBTFUL if _log_odds(word.certainty) < least else Level.LIKELY


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))
