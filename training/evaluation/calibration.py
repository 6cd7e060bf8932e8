"""Calibrates the confidence of captions and of their words, and measures how reliable it is.

`captioner.checkpoint.confidence` defines when a caption fits its photo and computes confidences.
Certainties are fitted by logistic regression, and measured by cross-validation.
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

from captioner.checkpoint.confidence import (
    FITS,
    UNCALIBRATED,
    Calibration,
    CaptionCertainty,
    Certainty,
    SaidWord,
    WordCertainty,
    caption_evidence,
    evidence,
    word_evidence,
)
from captioner.errors import OperatorError
from captioner.queue.messages import Caption

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


RIGHT = 0.93  # precision of "sure" words in the fit: a little above the promised 0.92
_FEWEST_SURE = 25  # words; the precision of fewer is not meaningful
_LEAST_DEVIATION = 0.01  # of a feature; they are of the order of 1


@dataclass(frozen=True)
class CertaintyExample:
    """A caption's words as the search chose them, and the words of the photo's references."""

    words: tuple[SaidWord, ...]
    log_prob: float
    people: frozenset[str]  # the word families of the reference captions


@dataclass(frozen=True)
class WordReliability:
    """How well certainty predicts which words the references use too."""

    words: int  # content words
    right: float  # share of them that a reference uses
    sure: float  # share of them that are called sure
    sure_right: float | None  # share of the sure ones that a reference uses; None: none is sure
    auc: float | None  # area under the ROC curve; None if all words are right, or none is


@dataclass(frozen=True)
class FittedCertainty:
    """A fitted certainty, and its cross-validated results."""

    certainty: Certainty
    confidences: tuple[float, ...]  # of each caption
    words: WordReliability


def fit_certainty(examples: Sequence[CertaintyExample], fits: NDArray[np.bool_]) -> FittedCertainty:
    """Fit the certainty of words (are they in a reference?) and of captions (do they fit?).

    All results are cross-validated. The words of each fold get their certainty from a regression
    on the other folds; from these certainties, the confidence of captions is fitted and measured
    in the same way.
    """
    folds = list(KFold(_FOLDS, shuffle=True, random_state=0).split(fits))
    held_out: list[list[float | None]] = [[] for _ in examples]
    for train, test in folds:
        fold = Certainty(_fitted_words([examples[i] for i in train]), CaptionCertainty(0.0, {}))
        for i in test:
            held_out[i] = fold.of_words(examples[i].words, examples[i].log_prob)
    evidence = [
        caption_evidence(one.words, one.log_prob, sure)
        for one, sure in zip(examples, held_out, strict=True)
    ]
    names = tuple(evidence[0])
    given = np.array([[one[name] for name in names] for one in evidence])
    confidences = np.empty(len(fits))
    for train, test in folds:
        weights, bias = _logistic_regression(given[train], fits[train], inverse_penalty=0.3)
        confidences[test] = 1 / (1 + np.exp(-(given[test] @ weights + bias)))
    weights, bias = _logistic_regression(given, fits, inverse_penalty=0.3)
    captions = CaptionCertainty(
        round(bias, 4), {n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}
    )
    sure_from = _threshold(examples, held_out)
    certainty = Certainty(_fitted_words(examples, sure_from), captions)
    return FittedCertainty(
        certainty,
        tuple(confidences.tolist()),
        word_reliability(examples, held_out, sure_from),
    )


def word_reliability(
    examples: Sequence[CertaintyExample],
    certainties: Sequence[Sequence[float | None]],
    sure_from: float,
) -> WordReliability:
    """How well certainties predict which words references use; needs at least one content word."""
    right, certain = _judged(examples, certainties)
    sure = certain >= sure_from
    return WordReliability(
        words=len(right),
        right=float(right.mean()),
        sure=float(sure.mean()),
        sure_right=float(right[sure].mean()) if sure.any() else None,
        auc=float(roc_auc_score(right, certain)) if 0 < right.mean() < 1 else None,
    )


def _judged(
    examples: Sequence[CertaintyExample], certainties: Sequence[Sequence[float | None]]
) -> tuple[NDArray[np.bool_], Floats]:
    """For each content word, whether a reference uses it, and its certainty."""
    pairs = [
        (word.family in one.people, certainty)
        for one, own in zip(examples, certainties, strict=True)
        for word, certainty in zip(one.words, own, strict=True)
        if certainty is not None
    ]
    right, certain = zip(*pairs, strict=True)
    return np.array(right, bool), np.array(certain, float)


def _threshold(
    examples: Sequence[CertaintyExample], certainties: Sequence[Sequence[float | None]]
) -> float:
    """The lowest threshold at which a share RIGHT of the words is right; 1.01 if there is none."""
    right, certain = _judged(examples, certainties)
    order = np.argsort(-certain, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= RIGHT)
    if not len(enough) or enough[-1] + 1 < _FEWEST_SURE:
        return 1.01
    return round(float(certain[order[enough[-1]]]), 4)


def _fitted_words(examples: Sequence[CertaintyExample], sure_from: float = 1.01) -> WordCertainty:
    """A logistic regression on the evidence and on the word itself (one-hot)."""
    rows, own, right = [], [], []
    for one in examples:
        for word, features in zip(one.words, word_evidence(one.words, one.log_prob), strict=True):
            if word.family:
                rows.append(features)
                own.append(word.family)
                right.append(word.family in one.people)
    names = tuple(rows[0])
    families = sorted(set(own))
    number = {family: place for place, family in enumerate(families)}
    which = np.zeros((len(own), len(families)))
    which[np.arange(len(own)), [number[family] for family in own]] = 1
    given = np.array([[row[name] for name in names] for row in rows])
    weights, bias = _logistic_regression(given, np.array(right), inverse_penalty=1.0, beside=which)
    return WordCertainty(
        bias=round(bias, 4),
        evidence={n: round(float(w), 4) for n, w in zip(names, weights, strict=False)},
        families={
            family: round(float(w), 3)
            for family, w in zip(families, weights[len(names) :], strict=True)
            if abs(w) >= 0.0005
        },
        sure_from=sure_from,
    )


def _logistic_regression(
    given: Floats, right: NDArray[np.bool_], *, inverse_penalty: float, beside: Floats | None = None
) -> tuple[Floats, float]:
    """Weights and bias for the features `given` and, if there are any, `beside`.

    The features `given` are standardised for the fit, so that the penalty treats them alike.
    """
    middle, scale = given.mean(0), given.std(0)
    # A feature that hardly differs, such as the spread of attention that there is none of, says
    # nothing, and would get a weight without bounds: it gets none.
    scale = np.where(scale > _LEAST_DEVIATION, scale, np.inf)
    columns = (given - middle) / scale
    if beside is not None:
        columns = np.hstack([columns, beside])
    model = LogisticRegression(C=inverse_penalty, max_iter=1000).fit(columns, right)
    weights = model.coef_[0].astype(np.float64)
    weights[: len(scale)] /= scale
    bias = float(model.intercept_[0]) - float(weights[: len(scale)] @ middle)
    return weights, bias
