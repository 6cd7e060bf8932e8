"""Fitting and measuring confidence: of captions that are so sure, how many fit?

What fitting means, and what is estimated from what, is `captioner.checkpoint.confidence`'s.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import KFold

from captioner.checkpoint.confidence import FITS, UNCALIBRATED, Calibration, evidence
from captioner.errors import OperatorError
from captioner.queue.messages import Caption
from training.evaluation.certainty import Spoken, WordReliability, fit_certainty

Floats = NDArray[np.float64]
FEWEST = 200  # photos to fit on
_FEWEST_OF_A_KIND = 20  # that fit, and that do not
_FOLDS = 10
_BINS = 10


class CalibrationError(OperatorError, ValueError):
    """Confidence cannot be calibrated on these photos; the text says why."""


@dataclass(frozen=True)
class Bin:
    """Captions of like confidence."""

    confidence: float  # mean
    fitting: float  # share of them that fit
    captions: int


@dataclass(frozen=True)
class Reliability:
    """How well confidence tells what fits; all but `auc` is the better the smaller."""

    captions: int
    fitting: float  # share of all that fit
    ece: float  # expected calibration error: mean distance of confidence and share, over the bins
    brier: float  # mean squared distance of confidence and truth
    auc: float | None  # that one that fits is surer than one that does not; None: all are alike
    bins: tuple[Bin, ...]  # of equally many captions each, least sure first


@dataclass(frozen=True)
class Calibrated:
    """A calibration, and how reliable confidence is without and with it."""

    calibration: Calibration
    before: Reliability  # of the geometric mean of the words' probabilities
    after: Reliability  # each caption's confidence by a calibration fitted on other photos
    words: WordReliability | None = None  # likewise


def calibrate(
    captions: Sequence[Caption], cider_d: Sequence[float], spoken: Sequence[Spoken] = ()
) -> Calibrated:
    """The calibration that explains which captions fit, by their CIDEr-D.

    With what was `spoken`, the certainty of words is fitted too, and that of captions on it.
    Raises CalibrationError where there are too few photos, or too few that fit or do not, and
    where the model's probabilities say nothing about which do.
    """
    fits = np.array(cider_d) >= FITS
    if len(fits) < FEWEST:
        raise CalibrationError(f"{len(fits)} photos are too few; calibrate on {FEWEST} or more")
    if not _FEWEST_OF_A_KIND <= fits.sum() <= len(fits) - _FEWEST_OF_A_KIND:
        raise CalibrationError(
            f"{fits.sum()} of {len(fits)} captions fit their photo; fewer than "
            f"{_FEWEST_OF_A_KIND} {'do' if fits.mean() < 0.5 else 'do not'}, which is too few"
        )
    raw = reliability([_geometric_mean(caption) for caption in captions], cider_d)
    if spoken:
        found = fit_certainty(spoken, fits)
        calibration = replace(_for_older_versions(captions, fits), certainty=found.certainty)
        return Calibrated(calibration, raw, reliability(found.confidences, cider_d), found.words)
    given = np.array([_evidence(caption) for caption in captions])
    held_out = np.empty(len(fits))
    for train, test in KFold(_FOLDS, shuffle=True, random_state=0).split(given):
        fold = _fitted(given[train], fits[train])
        held_out[test] = [_confidence(fold, captions[i]) for i in test]
    return Calibrated(_fitted(given, fits), raw, reliability(held_out.tolist(), cider_d))


def _for_older_versions(captions: Sequence[Caption], fits: NDArray[np.bool_]) -> Calibration:
    """The calibration that versions use which know no certainty, as good as it may be."""
    try:
        return _fitted(np.array([_evidence(caption) for caption in captions]), fits)
    except CalibrationError:
        return UNCALIBRATED


def reliability(confidence: Sequence[float], cider_d: Sequence[float]) -> Reliability:
    """How well confidences tell which captions fit, by their CIDEr-D; at least one caption."""
    sure, fits = np.array(confidence), (np.array(cider_d) >= FITS).astype(float)
    order = np.argsort(sure, kind="stable")
    parts = [part for part in np.array_split(order, min(_BINS, len(order))) if len(part)]
    bins = tuple(
        Bin(float(sure[part].mean()), float(fits[part].mean()), len(part)) for part in parts
    )
    both = 0 < fits.mean() < 1
    return Reliability(
        captions=len(fits),
        fitting=float(fits.mean()),
        ece=sum(b.captions * abs(b.confidence - b.fitting) for b in bins) / len(fits),
        brier=float(brier_score_loss(fits, sure, labels=[0, 1])),
        auc=float(roc_auc_score(fits, sure)) if both else None,
        bins=bins,
    )


def _fitted(given: Floats, fits: NDArray[np.bool_]) -> Calibration:
    """Logistic regression; evidence that would count against a caption is left out."""
    used = [0, 1]
    while used:
        model = LogisticRegression(C=100.0, max_iter=1000).fit(given[:, used], fits)
        slopes = model.coef_[0]
        if (slopes >= 0).all():
            found = dict(zip(used, map(float, slopes), strict=True))
            return Calibration(
                bias=round(float(model.intercept_[0]), 4),
                mean=round(found.get(0, 0.0), 4),
                least=round(found.get(1, 0.0), 4),
            )
        used.pop(int(slopes.argmin()))
    raise CalibrationError(
        "the surer the model is of its words, the less its captions fit: there is nothing to go by"
    )


def _evidence(caption: Caption) -> tuple[float, float]:
    return evidence(caption.log_prob, [word.log_prob for word in caption.words])


def _confidence(calibration: Calibration, caption: Caption) -> float:
    return calibration.confidence(caption.log_prob, [word.log_prob for word in caption.words])


def _geometric_mean(caption: Caption) -> float:
    """Of the probabilities of the words and the end."""
    return math.exp(caption.log_prob / (len(caption.words) + 1))
