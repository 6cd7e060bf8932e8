"""How sure the model is of each word and of the whole, from what the search yields at no cost.

Both are logistic regressions that `captionbot weights calibrate` fits on photos not trained on.
The certainty of a content word is the estimated probability that one of the people who described
the photo used that word too. The confidence of a caption is estimated from its words' certainties
and probabilities; see `captioner.checkpoint.confidence` for what it means.
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
