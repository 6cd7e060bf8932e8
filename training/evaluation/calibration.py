"""Calibrates the confidence of captions, and measures how reliable it is.

`captioner.checkpoint.confidence` defines when a caption fits its photo and computes confidences.
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
from training.evaluation.certainty import CertaintyExample, WordReliability, fit_certainty

Floats = NDArray[np.float64]
FEWEST = 200  # photos to fit on
_FEWEST_OF_A_KIND = 20  # captions that fit, and captions that do not
_FOLDS = 10
_BINS = 10


class CalibrationError(OperatorError, ValueError):
    """Confidence cannot be calibrated on these photos; the message says why."""


@dataclass(frozen=True)
class Bin:
    """Captions of similar confidence."""

    confidence: float  # mean
    fitting: float  # share of them that fit
    captions: int


@dataclass(frozen=True)
class Reliability:
    """How well confidence predicts which captions fit."""

    captions: int
    fitting: float  # share of all that fit
    ece: float  # expected calibration error: mean |confidence - share that fits| over the bins
    brier: float  # mean squared error of the confidence
    auc: float | None  # area under the ROC curve; None if all captions fit, or none does
    bins: tuple[Bin, ...]  # of equally many captions each, lowest confidence first


@dataclass(frozen=True)
class CalibrationResult:
    """A calibration, and the reliability of confidence without and with it."""

    calibration: Calibration
    before: Reliability  # of the geometric mean of the words' probabilities
    after: Reliability  # cross-validated: each confidence is from a fit without its photo
    words: WordReliability | None = None  # cross-validated too


def calibrate(
    captions: Sequence[Caption], cider_d: Sequence[float], examples: Sequence[CertaintyExample] = ()
) -> CalibrationResult:
    """Fit a calibration that predicts which captions fit, as measured by their CIDEr-D.

    With `examples`, the certainty of words is fitted too, and confidence is computed from it.
    Raises CalibrationError if there are too few photos, or too few captions that fit or do not,
    and if the model's probabilities do not predict which captions fit.
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
    if examples:
        found = fit_certainty(examples, fits)
        calibration = replace(_for_older_versions(captions, fits), certainty=found.certainty)
        return CalibrationResult(
            calibration, raw, reliability(found.confidences, cider_d), found.words
        )
    given = np.array([_evidence(caption) for caption in captions])
    held_out = np.empty(len(fits))
    for train, test in KFold(_FOLDS, shuffle=True, random_state=0).split(given):
        fold = _fitted(given[train], fits[train])
        held_out[test] = [_confidence(fold, captions[i]) for i in test]
    return CalibrationResult(_fitted(given, fits), raw, reliability(held_out.tolist(), cider_d))


def _for_older_versions(captions: Sequence[Caption], fits: NDArray[np.bool_]) -> Calibration:
    """The calibration for older versions, which do not know the certainty of words."""
    try:
        return _fitted(np.array([_evidence(caption) for caption in captions]), fits)
    except CalibrationError:
        return UNCALIBRATED


def reliability(confidence: Sequence[float], cider_d: Sequence[float]) -> Reliability:
    """How well confidences predict which captions fit (by CIDEr-D); needs at least one caption."""
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
    """A logistic regression; features with a negative weight are left out."""
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
        "the model's probabilities do not predict which captions fit: likelier captions fit less"
    )


def _evidence(caption: Caption) -> tuple[float, float]:
    return evidence(caption.log_prob, [word.log_prob for word in caption.words])


def _confidence(calibration: Calibration, caption: Caption) -> float:
    return calibration.confidence(caption.log_prob, [word.log_prob for word in caption.words])


def _geometric_mean(caption: Caption) -> float:
    """The geometric mean of the probabilities of the words and the end."""
    return math.exp(caption.log_prob / (len(caption.words) + 1))
