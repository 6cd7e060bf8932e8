"""Certainty fitted on words whose truth is known."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from captioner.checkpoint.confidence import SaidWord
from training.evaluation.certainty import RIGHT, CertaintyExample, fit_certainty, word_reliability

RIGHT_OF = {"dog": 0.98, "man": 0.7, "hat": 0.3, "ball": 0.1}  # how often a word is right


def spoken(count: int, seed: int = 0) -> tuple[list[CertaintyExample], np.ndarray]:
    """Captions of three words; those fit that are right about two or more of them."""
    rng = random.Random(seed)
    made, fits = [], []
    for _ in range(count):
        people = set()
        words = [SaidWord("", -0.1, 1.0, 0.0)]
        for family in rng.sample(sorted(RIGHT_OF), 3):
            right = rng.random() < RIGHT_OF[family]
            if right:
                people.add(family)
            log_prob = math.log(rng.uniform(0.4, 1.0) if right else rng.uniform(0.1, 0.7))
            words.append(SaidWord(family, log_prob, rng.random(), 0.5))
        log_prob = sum(word.log_prob for word in words)
        made.append(CertaintyExample(tuple(words), log_prob, frozenset(people)))
        fits.append(len(people) >= 2)
    return made, np.array(fits)


def test_what_is_right_is_found() -> None:
    found = fit_certainty(*spoken(800))
    assert found.words.auc is not None
    assert found.words.auc > 0.9
    assert found.words.sure_right is not None
    assert found.words.sure_right >= RIGHT
    assert found.words.sure > 0.2
    families = found.certainty.words.families
    assert families["dog"] > families["man"] > families["hat"] > families["ball"]
    others, fits = spoken(800, seed=1)
    certainties = [found.certainty.of_words(one.words, one.log_prob) for one in others]
    sure = word_reliability(others, certainties, found.certainty.words.sure_from)
    assert sure.sure_right is not None
    assert sure.sure_right >= 0.9
    confidences = np.array([found.certainty.of_caption(o.words, o.log_prob) for o in others])
    assert confidences[fits].mean() > confidences[~fits].mean() + 0.2
    assert abs(confidences.mean() - fits.mean()) < 0.05


def test_the_same_photos_give_the_same_numbers() -> None:
    assert fit_certainty(*spoken(250)) == fit_certainty(*spoken(250))


def test_words_that_are_never_right_enough_are_not_called_sure() -> None:
    made, fits = spoken(400)
    rng = random.Random(3)
    doubtful = []
    for one in made:
        kept = frozenset(word for word in sorted(one.people) if rng.random() < 0.5)
        doubtful.append(CertaintyExample(one.words, one.log_prob, kept))
    found = fit_certainty(doubtful, fits)
    assert found.certainty.words.sure_from == pytest.approx(1.01)
    assert found.words.sure == 0
    assert found.words.sure_right is None


def test_what_hardly_differs_gets_no_weight() -> None:
    """Attention that is everywhere alike up to rounding, and what alone tells right from wrong."""
    made, fits = spoken(400)
    rng = random.Random(4)

    def flat(one: CertaintyExample) -> CertaintyExample:
        words = tuple(
            replace(word, spread=1 - 1e-7 * (rng.random() + (word.family in one.people)))
            for word in one.words
        )
        return replace(one, words=words)

    found = fit_certainty([flat(one) for one in made], fits)
    assert found.certainty.words.evidence["spread"] == 0
    assert found.certainty.captions.evidence["spread"] == 0
    assert abs(found.certainty.words.bias) < 100
