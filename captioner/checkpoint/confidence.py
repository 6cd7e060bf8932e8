"""How sure the model is of a caption and of its words, as probabilities to rely on.

The confidence of a caption is the estimated probability that it *fits* its photo: that its CIDEr-D
against what people wrote about the photo is at least FITS. On Flickr8k's dev split, 81 % of
people's own captions reach that against those of the others, and 2 % of captions that people wrote
about another photo. Of captions with a confidence of 0.7, seven in ten should fit.

The certainty of a content word is the estimated probability that one of the people who described
the photo used that word too.

Both are logistic regressions on what the search yields at no cost. `captionbot weights calibrate`
fits them on photos not trained on and keeps their numbers in the checkpoint. In checkpoints of
today a caption's confidence is estimated from its words' certainties and probabilities
(`Certainty`), in older ones from how likely the words were to the model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import Field, FiniteFloat
from pydantic.dataclasses import dataclass

Name = TypeVar("Name", bound=str)

LOWEST = -20.0  # a log-probability below it says no more than this one
_MOST_WORDS = 20_000

Weight = Annotated[FiniteFloat, Field(ge=-1000, le=1000)]
WordEvidence = Literal["log_prob", "mean", "spread", "rarity", "place", "length"]
CaptionEvidence = Literal[
    "mean", "least", "content_mean", "spread", "length", "content", "rarity",
    "certainty_mean", "certainty_least", "certainty_rare", "certainty_log",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A word of a caption and what the search knew when it chose it."""

    family: str  # "dog" for "dogs"; "" for words without a content of their own
    log_prob: float
    spread: float  # entropy of its attention, 0 (one place) … 1 (all alike)
    rarity: float  # 0 for the commonest word of the vocabulary … 1 for the rarest


@dataclass(frozen=True)
class WordCertainty:
    """What turns evidence into the certainty of a word."""

    bias: Weight
    evidence: dict[WordEvidence, Weight]
    families: Annotated[dict[str, Weight], Field(max_length=_MOST_WORDS)]  # what is seldom right
    sure_from: Annotated[float, Field(ge=0, le=2)]  # words at least so certain are called sure


@dataclass(frozen=True)
class CaptionCertainty:
    """What turns evidence into the confidence of a caption."""

    bias: Weight
    evidence: dict[CaptionEvidence, Weight]


@dataclass(frozen=True)
class Certainty:
    """The certainty of words, and the confidence of captions that is estimated from it."""

    words: WordCertainty
    captions: CaptionCertainty

    def of_words(self, said: Sequence[SaidWord], log_prob: float) -> list[float | None]:
        """The certainty of each word of a caption, None for words without a content."""
        model = self.words
        return [
            logistic(
                model.bias
                + model.families.get(word.family, 0.0)
                + _weighted(model.evidence, evidence)
            )
            if word.family
            else None
            for word, evidence in zip(said, word_evidence(said, log_prob), strict=True)
        ]

    def of_caption(self, said: Sequence[SaidWord], log_prob: float) -> float:
        """The confidence of a caption."""
        found = caption_evidence(said, log_prob, self.of_words(said, log_prob))
        return logistic(self.captions.bias + _weighted(self.captions.evidence, found))


def logistic(score: float) -> float:
    """The probability of a score, 0…1."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


def word_evidence(said: Sequence[SaidWord], log_prob: float) -> list[dict[WordEvidence, float]]:
    """What the certainty of each word is estimated from; `log_prob` is the caption's."""
    mean = max(LOWEST, log_prob / (len(said) + 1))
    return [
        {
            "log_prob": max(LOWEST, word.log_prob),
            "mean": mean,
            "spread": word.spread,
            "rarity": word.rarity,
            "place": place / len(said),
            "length": len(said) / 10,
        }
        for place, word in enumerate(said)
    ]


def caption_evidence(
    said: Sequence[SaidWord], log_prob: float, certainties: Sequence[float | None]
) -> dict[CaptionEvidence, float]:
    """What the confidence of a caption is estimated from."""
    content = [word for word in said if word.family]
    sure = [one for one in certainties if one is not None]
    weights = [(0.1 + word.rarity) ** 2 for word in content]
    mean = max(LOWEST, log_prob / (len(said) + 1))
    return {
        "mean": mean,
        "least": max(LOWEST, min((word.log_prob for word in said), default=mean)),
        "content_mean": _mean([max(LOWEST, word.log_prob) for word in content], mean),
        "spread": _mean([word.spread for word in said], 1.0),
        "length": len(said) / 10,
        "content": len(content) / 10,
        "rarity": _mean([word.rarity for word in content], 0.0),
        "certainty_mean": _mean(sure, 0.0),
        "certainty_least": min(sure, default=0.0),
        "certainty_rare": (
            sum(w * s for w, s in zip(weights, sure, strict=True)) / sum(weights) if sure else 0.0
        ),
        "certainty_log": _mean([math.log(one + 1e-3) for one in sure], math.log(1e-3)),
    }


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _weighted(weights: Mapping[Name, float], evidence: Mapping[Name, float]) -> float:
    return sum(weight * evidence[name] for name, weight in weights.items())


FITS = 0.25  # CIDEr-D, on coco-caption's scale

Slope = Annotated[float, Field(ge=0, le=1000)]  # surer of the words is never less sure of the whole


@dataclass(frozen=True)
class Calibration:
    """What turns the log-probabilities of a caption's words into its confidence.

    With `certainty`, that does, and the rest is for older versions that read the checkpoint.
    """

    bias: Annotated[FiniteFloat, Field(ge=-1000, le=1000)]
    mean: Slope  # of the mean log-probability of words and end
    least: Slope  # of the log-probability of the least likely word
    certainty: Certainty | None = None

    def confidence_of(self, log_prob: float, said: Sequence[SaidWord]) -> float:
        """The confidence in a caption of a log-probability, the end included, and of its words."""
        if self.certainty:
            return self.certainty.of_caption(said, log_prob)
        return self.confidence(log_prob, [word.log_prob for word in said])

    def confidence(self, log_prob: float, words: Sequence[float]) -> float:
        """The confidence by the words' log-probabilities alone."""
        mean, least = evidence(log_prob, words)
        return logistic(self.bias + self.mean * mean + self.least * least)


UNCALIBRATED = Calibration(bias=5.93, mean=4.21, least=0.84)
"""For checkpoints that bring no numbers: those of the first bundled one, on 1,000 photos."""


def evidence(log_prob: float, words: Sequence[float]) -> tuple[float, float]:
    """What confidence is estimated from: the mean and the least log-probability, bounded."""
    mean = log_prob / (len(words) + 1)
    return max(LOWEST, mean), max(LOWEST, min(words, default=mean))
