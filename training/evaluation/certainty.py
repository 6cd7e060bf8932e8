"""Fitting the certainty of words and captions, and measuring it on photos left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

from captioner.checkpoint.certainty import (
    CaptionCertainty,
    Certainty,
    SaidWord,
    WordCertainty,
    caption_evidence,
    word_evidence,
)

Floats = NDArray[np.float64]
RIGHT = 0.93  # of the words called sure when fitting: a little above what is promised, 0.92
_FEWEST_SURE = 25  # words from which a share can be told
_FOLDS = 10


@dataclass(frozen=True)
class Spoken:
    """A caption's words as the search chose them, and what people said of the photo."""

    words: tuple[SaidWord, ...]
    log_prob: float
    people: frozenset[str]  # the families of all their words


@dataclass(frozen=True)
class WordReliability:
    """How well the certainty of words tells which of them people used too."""

    words: int  # with a content
    right: float  # share of them that somebody used
    sure: float  # share of them that are called sure
    sure_right: float | None  # share of those that somebody used; None: none is called sure
    auc: float | None  # that a right one is surer than a wrong one; None: all are alike


@dataclass(frozen=True)
class FittedCertainty:
    """A certainty, and what it gives for photos left out of the fit."""

    certainty: Certainty
    confidences: tuple[float, ...]  # of each caption
    words: WordReliability


def fit_certainty(spoken: Sequence[Spoken], fits: NDArray[np.bool_]) -> FittedCertainty:
    """The certainty of words by what people said, and of captions by whether they fit.

    Everything measured is of photos left out: each fold's words are judged by a regression on the
    other folds, and from these certainties the captions' confidence is fitted and measured alike.
    """
    folds = list(KFold(_FOLDS, shuffle=True, random_state=0).split(fits))
    held_out: list[list[float | None]] = [[] for _ in spoken]
    for train, test in folds:
        fold = Certainty(_fitted_words([spoken[i] for i in train]), CaptionCertainty(0.0, {}))
        for i in test:
            held_out[i] = fold.of_words(spoken[i].words, spoken[i].log_prob)
    evidence = [
        caption_evidence(one.words, one.log_prob, sure)
        for one, sure in zip(spoken, held_out, strict=True)
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
    sure_from = _threshold(spoken, held_out)
    certainty = Certainty(_fitted_words(spoken, sure_from), captions)
    return FittedCertainty(
        certainty,
        tuple(confidences.tolist()),
        word_reliability(spoken, held_out, sure_from),
    )


def word_reliability(
    spoken: Sequence[Spoken], certainties: Sequence[Sequence[float | None]], sure_from: float
) -> WordReliability:
    """How well certainties tell which words people used too; at least one word of content."""
    right, certain = _judged(spoken, certainties)
    sure = certain >= sure_from
    return WordReliability(
        words=len(right),
        right=float(right.mean()),
        sure=float(sure.mean()),
        sure_right=float(right[sure].mean()) if sure.any() else None,
        auc=float(roc_auc_score(right, certain)) if 0 < right.mean() < 1 else None,
    )


def _judged(
    spoken: Sequence[Spoken], certainties: Sequence[Sequence[float | None]]
) -> tuple[NDArray[np.bool_], Floats]:
    """Whether each word of content was used by people, and its certainty."""
    pairs = [
        (word.family in one.people, certainty)
        for one, own in zip(spoken, certainties, strict=True)
        for word, certainty in zip(one.words, own, strict=True)
        if certainty is not None
    ]
    right, certain = zip(*pairs, strict=True)
    return np.array(right, bool), np.array(certain, float)


def _threshold(spoken: Sequence[Spoken], certainties: Sequence[Sequence[float | None]]) -> float:
    """The least certainty from which on RIGHT of the words are right; 1.01 where there is none."""
    right, certain = _judged(spoken, certainties)
    order = np.argsort(-certain, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= RIGHT)
    if not len(enough) or enough[-1] + 1 < _FEWEST_SURE:
        return 1.01
    return round(float(certain[order[enough[-1]]]), 4)


def _fitted_words(spoken: Sequence[Spoken], sure_from: float = 1.01) -> WordCertainty:
    """A logistic regression on the evidence and on which word it is."""
    rows, own, right = [], [], []
    for one in spoken:
        for word, evidence in zip(one.words, word_evidence(one.words, one.log_prob), strict=True):
            if word.family:
                rows.append(evidence)
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
    """Weights and bias for what is `given` and what is `beside` it.

    What is given has like scales while it is fitted, so that the penalty treats all alike.
    """
    middle, scale = given.mean(0), given.std(0)
    scale = np.where(scale > 1e-9, scale, 1.0)  # what never varies tells nothing
    columns = (given - middle) / scale
    if beside is not None:
        columns = np.hstack([columns, beside])
    model = LogisticRegression(C=inverse_penalty, max_iter=1000).fit(columns, right)
    weights = model.coef_[0].astype(np.float64)
    weights[: len(scale)] /= scale
    bias = float(model.intercept_[0]) - float(weights[: len(scale)] @ middle)
    return weights, bias
