"""First embeddings for words that a decoder does not have yet: mixtures of those that it has.

*Words of another language* begin as the English words for the same photos. People described the
same photos in both languages, so a word and its translation occur with the same photos. Dice's
coefficient of these photos finds translations well enough to begin with.

*Further words of the same language* begin as the words that stand in the same places in captions,
"urinals" as "toilets" and "sinks": the two words before and after each are compared by their
positive pointwise mutual information (Bullinaria & Levy 2007). Such words are of the same class and
mostly of similar things, so the decoder says the new ones where their turn of phrase and their
photos make sense. (Words of the same captions would be of other classes: "pepperoni" would begin as
"pizza", and be said twice.)
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from captioner.checkpoint.vocabulary import SPECIALS, Vocabulary
from captioner.model.decoder import Decoder
from captioner.model.factory import with_vocabulary

CaptionWords = Sequence[Sequence[str]]  # the words of each caption of a photo

_MIXED = 3  # the most similar words, whose embeddings are mixed
_SHARPNESS = 4  # the power of the similarity that weighs them
_LEAST = 0.1  # Dice's coefficient of a translation
_REACH = 2  # words before and after a word that are its context
_CONTEXTS = 1000  # words, the commonest, that count as context
_OFTEN = 10  # times that a word must occur for others to begin as it


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
    weights = _mixture(dice)
    count = len(SPECIALS)
    weights[:count] = 0
    weights[:count, :count] = torch.eye(count)
    return weights


def _mixture(similarity: Tensor) -> Tensor:
    """The shares of the most similar words: each row sums to 1, or to 0 where none is similar."""
    best, which = similarity.topk(min(_MIXED, similarity.shape[1]), dim=1)
    weights = torch.zeros_like(similarity).scatter_(1, which, best**_SHARPNESS)
    return weights / weights.sum(1, keepdim=True).clamp_min(1e-12)


@torch.no_grad()
def extended_decoder(
    decoder: Decoder, vocabulary: Vocabulary, captions: Sequence[Sequence[str]]
) -> Decoder:
    """The decoder with the further words at the end of `vocabulary`, which shares its modules.

    The words that it had score as before, to the last bit. Each new one begins as those that stand
    in the same places in `captions`, and as `<unk>` if there are none; its bias is lower as it is
    rarer than they are.
    """
    old = decoder.config.vocabulary_size
    extended = with_vocabulary(decoder, len(vocabulary))
    ids, counts = _token_ids(captions, vocabulary)
    weights = torch.zeros(len(vocabulary), old)
    weights[old:] = _mixture(_in_the_same_places(ids, counts, old))
    weights[old:, vocabulary.unknown] = (weights[old:].sum(1) == 0).float()
    initialise(extended.embedding, extended.output, weights, (decoder.embedding, decoder.output))
    if extended.output.bias is not None:
        rarer = counts.clamp_min(1) / (weights @ counts[:old]).clamp_min(1)
        extended.output.bias[old:] += rarer[old:].log().clamp_max(0)
    own, before = extended.state_dict(), decoder.state_dict()
    for name in ("embedding.weight", "output.weight", "output.bias"):
        if name in own:
            own[name][:old] = before[name]
    return extended


def _token_ids(captions: Sequence[Sequence[str]], vocabulary: Vocabulary) -> tuple[Tensor, Tensor]:
    """The words of all captions in a row, with gaps of `<pad>`, and how often each occurs."""
    gap = [vocabulary.pad] * _REACH
    ids = [number for caption in captions for number in (*gap, *vocabulary.encode(caption))]
    found = torch.tensor([*ids, *gap])
    counts = torch.bincount(found, minlength=len(vocabulary)).float()
    counts[: len(SPECIALS)] = 0
    return found, counts


def _in_the_same_places(ids: Tensor, counts: Tensor, old: int) -> Tensor:
    """How similar the contexts of each new word and of each old one are, 0 … 1: (V - old, old)."""
    size = len(counts)
    common = counts.topk(min(_CONTEXTS, int((counts > 0).sum()))).indices
    column = torch.full((size,), len(common))
    column[common] = torch.arange(len(common))
    width = len(common) + 1  # the last one is of all other words
    tables = []
    for reach in range(1, _REACH + 1):
        for word, beside in ((ids[:-reach], ids[reach:]), (ids[reach:], ids[:-reach])):
            pairs = torch.bincount(word * width + column[beside], minlength=size * width)
            tables.append(pairs.view(size, width)[:, :-1].float())
    together = torch.cat(tables, 1)
    together[: len(SPECIALS)] = 0
    share = together / together.sum(1, keepdim=True).clamp_min(1)
    usual = together.sum(0) / together.sum().clamp_min(1)
    information = (share / usual.clamp_min(1e-12)).clamp_min(1).log()  # positive, pointwise
    information = nn.functional.normalize(information, dim=1)
    similar = information[old:] @ information[:old].T
    similar[:, counts[:old] < _OFTEN] = 0
    return similar


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
