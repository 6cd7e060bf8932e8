"""Self-critical sequence training (Rennie et al. 2017, arXiv 1612.00563): optimizes CIDEr-D itself.

The decoder samples captions. Each is made likelier if its reward is above a baseline, and less
likely if it is below. The baseline is the reward of the greedy caption, or the mean reward of the
other samples for the photo (Luo 2020, arXiv 2003.09971). Document frequencies come from the
training captions.

The end of a caption counts as a word, in captions and references. Without it, n-grams do not
punish a caption that breaks off ("a man in a red shirt and a"), and training learns to write such
captions: a known flaw. A caption that was cut at the maximum length has no end.

CIDEr-D (Vedantam et al. 2015, arXiv 1411.5726) and BLEU-4 (Papineni et al. 2002) are our own
implementation of what pycocoevalcap computes, for single captions and fixed document frequencies:
thousands a second. A photo's references are analysed once; after that, a caption costs one look-up
for each n-gram. Captions and references are tuples of token ids, with the end token if it should
count.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.language.english import ANIMAL_WORDS
from captioner.model.decoder import Decoder
from captioner.model.search_types import Specials
from training.data.reader_base import CaptionedPhoto
from training.data.tokenization import says_left_or_right
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.losses.caption_loss import PointingLoss, doubly_stochastic_penalty
from training.losses.sampling import generator_on, log_likelihood, sample_captions
from training.stage_config import SelfCriticalOptions, SelfCriticalStage


class SelfCriticalLoss:
    """The REINFORCE loss of sampled captions.

    The decoder must be in evaluation mode, so that samples and gradients come from the same
    distribution, without dropout.
    """

    def __init__(
        self,
        config: SelfCriticalOptions | SelfCriticalStage,
        photos: Sequence[CaptionedPhoto],
        said: Sequence[Sequence[Sequence[str]]],
        vocabulary: Vocabulary,
        specials: Specials,
        *,
        max_length: int,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        """`said` are the words of each reference caption of each photo."""
        self._pointing = PointingLoss(photos, vocabulary) if config.pointing else None
        self._naming = NamingReward(photos, vocabulary) if config.naming else None
        self._config, self._specials, self._pad = config, specials, vocabulary.pad
        self._longest = max_length + 1  # and the end
        self._processes = processes
        end = vocabulary.end
        self._rewards = CaptionRewards(
            [
                [(*caption, end) for caption in own if caption] or [(end,)]
                for own in encode_captions(said, vocabulary.numbers)
            ]
        )
        # (N,), whether the mirrored photo may keep its captions
        self.flippable = torch.tensor([not any(map(says_left_or_right, own)) for own in said])

    def __call__(
        self,
        decoder: Decoder,
        annotations: Tensor,
        crops: Tensor,
        photos: Tensor,
        generator: torch.Generator,
    ) -> tuple[Tensor, dict[str, float]]:
        """The loss per word of captions sampled for annotations (B, K, D) of crops (B, 4).

        `photos` (B,) are indices into `said`.
        """
        config, pad = self._config, self._pad
        random = generator_on(generator, annotations.device)
        captions = self._draw(decoder, annotations, config.samples, random)
        rewards = self._rewards_of(photos, captions)  # (B, W)
        baseline = self._baseline(decoder, photos, annotations, rewards)
        given = torch.full_like(captions[..., :1], self._specials.start)
        given = torch.cat([given, captions[..., :-1]], 2)
        scores, alpha = decoder(annotations, given)
        log_p = log_likelihood(scores, captions, self._specials)
        mask = captions != pad
        gain = (rewards - baseline).to(log_p.device).unsqueeze(2)
        words = self._processes.mean(mask.sum())  # gives every word the same weight everywhere
        loss = -(gain * log_p * mask).sum() / words
        if config.attention_penalty:
            penalty = doubly_stochastic_penalty(alpha, mask)
            loss = loss + config.attention_penalty / captions.shape[2] * penalty
        numbers = {"reward": float(rewards.mean()), "baseline": float(baseline.mean())}
        if self._pointing:
            pointing = self._pointing(alpha, captions, photos, crops)
            loss = loss + config.pointing * pointing
            numbers["pointing"] = float(pointing.detach())
        return loss, numbers

    def _baseline(
        self, decoder: Decoder, photos: Tensor, annotations: Tensor, rewards: Tensor
    ) -> Tensor:
        if self._config.baseline == "samples":
            others = rewards.sum(1, keepdim=True) - rewards
            return others / (rewards.shape[1] - 1)
        return self._rewards_of(photos, self._draw(decoder, annotations, 1, None))

    def _draw(
        self, decoder: Decoder, annotations: Tensor, width: int, generator: torch.Generator | None
    ) -> Tensor:
        return sample_captions(
            decoder,
            annotations,
            self._specials,
            width=width,
            longest=self._longest,
            pad=self._pad,
            generator=generator,
        )

    def _rewards_of(self, photos: Tensor, captions: Tensor) -> Tensor:
        """(B, W) of captions (B, W, T) of photos (B,), on the CPU."""
        weight, rewards = self._config.bleu_weight, []
        for photo, own in zip(photos.tolist(), captions.tolist(), strict=True):
            said = [tuple(word for word in caption if word != self._pad) for caption in own]
            scores = [self._rewards.cider_d(photo, caption) for caption in said]
            if weight:
                more = [weight * self._rewards.bleu_4(photo, caption) for caption in said]
                scores = [a + b for a, b in zip(scores, more, strict=True)]
            if self._naming:
                named = [self._config.naming * self._naming(photo, caption) for caption in said]
                scores = [a + b for a, b in zip(scores, named, strict=True)]
            rewards.append(scores)
        return torch.tensor(rewards)


Caption = tuple[int, ...]
Ngram = tuple[int, ...]

KEPT = 20_000  # photos whose analysed references are cached, about 50 kB each
LONGEST = 4  # n-grams of 1 to 4 words
SIGMA = 6.0  # of CIDEr-D's penalty on the difference in length
SMALL, TINY = 1e-9, 1e-15  # as in pycocoevalcap, against divisions by zero in BLEU


def ngrams(caption: Caption) -> Counter[Ngram]:
    """The counts of the n-grams of 1 to 4 words."""
    return Counter(
        caption[i : i + n] for n in range(1, LONGEST + 1) for i in range(len(caption) - n + 1)
    )


@dataclass(frozen=True)
class _References:
    """A photo's analysed references."""

    weights: dict[Ngram, list[tuple[int, float]]]  # (reference, tf-idf weight)
    norms: list[tuple[float, ...]]  # a reference's, by n
    bigrams: list[int]  # a reference's length as coco-caption counts it
    most: dict[Ngram, int]  # the maximum count in any reference
    lengths: list[int]


class CaptionRewards:
    """CIDEr-D and BLEU-4 of single captions of photos with references."""

    def __init__(self, references: Sequence[Sequence[Caption]]) -> None:
        """`references`: each photo's captions, at least one; they give the document frequencies."""
        self._references = references
        seen_in: Counter[Ngram] = Counter()
        for own in references:
            seen_in.update({ngram for caption in own for ngram in ngrams(caption)})
        self._unseen = math.log(len(references)) if references else 0.0  # log of the photos
        self._rarity = {ngram: self._unseen - math.log(n) for ngram, n in seen_in.items()}
        self._of = lru_cache(maxsize=KEPT)(self._photo)

    def cider_d(self, photo: int, caption: Caption) -> float:
        """CIDEr-D (0…10) of a caption of a photo, given by its index in `references`."""
        own = self._of(photo)
        counts = ngrams(caption)
        products = [[0.0] * LONGEST for _ in own.norms]
        squares = [0.0] * LONGEST
        for ngram, weight in self._weights(counts):
            n = len(ngram) - 1
            squares[n] += weight * weight
            for reference, other in own.weights.get(ngram, ()):
                products[reference][n] += min(weight, other) * other
        norms = [math.sqrt(s) for s in squares]
        bigrams = max(0, len(caption) - 1)
        total = 0.0
        for product, others, length in zip(products, own.norms, own.bigrams, strict=True):
            like = sum(
                p / (norm * other)
                for p, norm, other in zip(product, norms, others, strict=True)
                if norm and other
            )
            total += like * math.exp(-((bigrams - length) ** 2) / (2 * SIGMA**2))
        return 10 * total / (LONGEST * len(own.norms))

    def bleu_4(self, photo: int, caption: Caption) -> float:
        """BLEU-4 (0…1) of a caption of a photo; the brevity penalty uses the closest reference."""
        own = self._of(photo)
        right = [0] * LONGEST
        for ngram, count in ngrams(caption).items():
            right[len(ngram) - 1] += min(count, own.most.get(ngram, 0))
        score = 1.0
        for n, correct in enumerate(right):
            score *= (correct + TINY) / (max(0, len(caption) - n) + SMALL)
        closest = min((abs(length - len(caption)), length) for length in own.lengths)[1]
        ratio = (len(caption) + TINY) / (closest + SMALL)
        brevity = math.exp(1 - 1 / ratio) if ratio < 1 else 1.0
        return float(score ** (1 / LONGEST) * brevity)

    def _weights(self, counts: Counter[Ngram]) -> Iterator[tuple[Ngram, float]]:
        for ngram, count in counts.items():
            yield ngram, count * self._rarity.get(ngram, self._unseen)

    def _photo(self, photo: int) -> _References:
        captions = self._references[photo]
        weights: defaultdict[Ngram, list[tuple[int, float]]] = defaultdict(list)
        norms: list[tuple[float, ...]] = []
        most: dict[Ngram, int] = {}
        for reference, counts in enumerate(map(ngrams, captions)):
            squares = [0.0] * LONGEST
            for ngram, weight in self._weights(counts):
                weights[ngram].append((reference, weight))
                squares[len(ngram) - 1] += weight * weight
                most[ngram] = max(most.get(ngram, 0), counts[ngram])
            norms.append(tuple(math.sqrt(s) for s in squares))
        lengths = [len(caption) for caption in captions]
        return _References(dict(weights), norms, [max(0, n - 1) for n in lengths], most, lengths)


def encode_captions(
    captions: Iterable[Iterable[Sequence[str]]], known: dict[str, int]
) -> list[list[Caption]]:
    """Captions as token ids; each word outside `known` gets a new id of its own.

    A vocabulary has one id for all unknown words, so different ones would count as equal.
    """
    numbers = dict(known)
    return [
        [tuple(numbers.setdefault(word, len(numbers)) for word in caption) for caption in own]
        for own in captions
    ]


class NamingReward:
    """1 for a caption that names an animal of its photo, -1 for one that names another animal."""

    def __init__(self, photos: Sequence[CaptionedPhoto], vocabulary: Vocabulary) -> None:
        numbers = vocabulary.numbers
        self._animal = {
            numbers[word]: animal
            for animal, words in ANIMAL_WORDS.items()
            for word in words
            if word in numbers
        }
        self._there = [frozenset(region.name for region in photo.regions) for photo in photos]

    def __call__(self, photo: int, caption: Sequence[int]) -> float:
        """The reward of a caption (token ids) of a photo (its index in `photos`).

        A caption that names both gets 0, as does every caption of a photo without known animals.
        """
        there = self._there[photo]
        if not there:
            return 0.0
        named = {self._animal[word] for word in caption if word in self._animal}
        return float(bool(named & there)) - float(bool(named - there))
