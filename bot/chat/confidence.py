"""How sure the model must be for a caption, or a word of it, to be said without a warning."""

from __future__ import annotations

import math

from captioner.queue.messages import Word

# Of the confidence, the probability that the caption fits the photo: see
# captioner/checkpoint/confidence.py.
UNSURE_BELOW = 0.5  # it is likelier that it does not
FAIRLY_SURE_FROM = 0.7

# Of a word's probability: below it, the model gave all other words together the greater share.
SURE_WORD_FROM = 0.5


def is_sure(word: Word) -> bool:
    """Whether a word may be called sure, and said of a person or a thing as a fact."""
    return math.exp(min(word.log_prob, 0.0)) >= SURE_WORD_FROM
