"""First embeddings for the words of another language: those of English words for the same photos.

People described the same photos in both languages, so a word and its translation occur with the
same photos. Dice's coefficient of these photos finds translations well enough to begin with.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from captioner.checkpoint.vocabulary import SPECIALS, Vocabulary

CaptionWords = Sequence[Sequence[str]]  # the words of each caption of a photo

_TRANSLATIONS = 3  # the likeliest ones, whose embeddings are mixed
_SHARPNESS = 4  # the power of Dice's coefficient that weighs them
_LEAST = 0.1  # Dice's coefficient of a translation


def translations(
    own: Sequence[CaptionWords],
    english: Sequence[CaptionWords],
    vocabulary: Vocabulary,
    english_vocabulary: Vocabulary,
) -> Tensor:
    """What English words each word of another language means: (V, V_English), rows sum to 1.

    `own` and `english` are the captions of the same photos, in the same order. Special words
    correspond to each other. A row of zeros means that no translation was found.
    """
    mine, theirs = _occurrences(own, vocabulary), _occurrences(english, english_vocabulary)
    together = mine.T @ theirs  # photos of both words
    dice = 2 * together / (mine.sum(0)[:, None] + theirs.sum(0)[None, :]).clamp_min(1)
    dice[dice < _LEAST] = 0
    best, which = dice.topk(_TRANSLATIONS, dim=1)
    weights = torch.zeros_like(dice).scatter_(1, which, best**_SHARPNESS)
    weights = weights / weights.sum(1, keepdim=True).clamp_min(1e-12)
    count = len(SPECIALS)
    weights[:count] = 0
    weights[:count, :count] = torch.eye(count)
    return weights


def _occurrences(photos: Sequence[CaptionWords], vocabulary: Vocabulary) -> Tensor:
    """(N, V): 1 where a word occurs in a photo's captions."""
    found = torch.zeros(len(photos), len(vocabulary))
    for row, captions in enumerate(photos):
        words = {number for caption in captions for number in vocabulary.encode(caption)}
        found[row, sorted(words - {vocabulary.unknown})] = 1
    return found


@torch.no_grad()
def initialise(
    embedding: nn.Embedding,
    output: nn.Linear,
    weights: Tensor,
    like: tuple[nn.Embedding, nn.Linear],
) -> int:
    """Mix the rows of an embedding and an output layer from those of `like`, by `weights`.

    `weights` are those of `translations`. A mixture is scaled to the length of its parts. Words
    without a translation keep their random values. Returns the number of words that have one.
    """
    found = weights.sum(1) > 0
    for own, other in ((embedding.weight, like[0].weight), (output.weight, like[1].weight)):
        mixed = weights @ other
        length = weights @ other.norm(dim=1)
        mixed *= (length / mixed.norm(dim=1).clamp_min(1e-12))[:, None]
        own[found] = mixed[found]
    if output.bias is not None and like[1].bias is not None:
        output.bias[found] = (weights @ like[1].bias)[found]
    return int(found.sum())
