"""How sure the model must be for a caption, or a word of it, to be said without a warning."""

from __future__ import annotations

import math

from captioner.queue.messages import UNSURE_BELOW, Word

__all__ = ["SURE_WORD_FROM", "UNSURE_BELOW", "is_sure", "is_unsure"]

# Of a word's probability, where nothing is known of its certainty: below it, the model gave all
# other words together the greater share.
SURE_WORD_FROM = 0.5


def is_unsure(confidence: float | None) -> bool:
    """Whether people are told that a caption may not fit; never where the model does not say."""
    return confidence is not None and confidence < UNSURE_BELOW


def is_sure(word: Word) -> bool:
    """Whether a word may be called sure, and said of a person or a thing as a fact."""
    if word.sure is not None:
        return word.sure
    return math.exp(min(word.log_prob, 0.0)) >= SURE_WORD_FROM
