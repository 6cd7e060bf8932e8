"""How sure the model is of a caption, as a probability that somebody can rely on.

The confidence of a caption is the estimated probability that it *fits* its photo: that its CIDEr-D
against what people wrote about the photo is at least FITS. On Flickr8k's dev split, 81 % of
people's own captions reach that against those of the others, and 2 % of captions that people wrote
about another photo. Of captions with a confidence of 0.7, seven in ten should fit.

It is estimated by a logistic regression whose numbers `captionbot weights calibrate` fits on photos
not trained on, and keeps in the checkpoint: in checkpoints of today from what
`captioner.checkpoint.certainty` says, in older ones from how likely the words were to the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, FiniteFloat
from pydantic.dataclasses import dataclass

from captioner.checkpoint.certainty import LOWEST, Certainty, SaidWord, logistic

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
