"""Confidence of captions, and certainty of words, fitted on ones whose truth is known."""

from __future__ import annotations

import math
import random
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from captioner.checkpoint.confidence import FITS, Calibration, SaidWord
from captioner.queue.messages import UNSURE_BELOW, Caption, Word
from training.evaluation.calibration import (
    RIGHT,
    CalibrationError,
    CertaintyExample,
    calibrate,
    fit_certainty,
    reliability,
    word_reliability,
)
from training.reporting.card_confidence import confidence_section, reliability_svg

TRUE = Calibration(bias=4.0, mean=3.0, least=0.5)


SVG = "{http://www.w3.org/2000/svg}"


def captions(count: int, seed: int = 0) -> tuple[list[Caption], list[float]]:
    """Captions that fit as often as TRUE says, and their CIDEr-D."""
    rng = random.Random(seed)
    made, cider = [], []
    for _ in range(count):
        level = rng.uniform(0.2, 2.5)
        words = [-rng.expovariate(1 / level) for _ in range(rng.randint(5, 12))]
        log_prob = sum(words) - 0.1
        made.append(
            Caption(
                text="a dog", log_prob=log_prob,
                words=tuple(Word(text="dog", log_prob=one) for one in words),
            )
        )  # fmt: skip
        fits = rng.random() < TRUE.confidence(log_prob, words)
        cider.append(rng.uniform(FITS, 2) if fits else rng.uniform(0, FITS - 0.01))
    return made, cider


def test_it_finds_the_probabilities_again() -> None:
    made, cider = captions(3000)
    found = calibrate(made, cider)
    assert found.after.ece < 0.05 < found.before.ece
    assert found.after.brier < found.before.brier
    for caption in made[:100]:
        words = [word.log_prob for word in caption.words]
        wanted = TRUE.confidence(caption.log_prob, words)
        assert found.calibration.confidence(caption.log_prob, words) == pytest.approx(
            wanted, abs=0.1
        )


def test_the_same_photos_give_the_same_numbers() -> None:
    made, cider = captions(300)
    assert calibrate(made, cider) == calibrate(made, cider)


def test_too_few_photos() -> None:
    made, cider = captions(199)
    with pytest.raises(CalibrationError, match="199 photos are too few; calibrate on 200"):
        calibrate(made, cider)


@pytest.mark.parametrize(("value", "says"), [(0.0, "fewer than 20 do,"), (2.0, "20 do not,")])
def test_captions_that_are_all_alike(value: float, says: str) -> None:
    made, _ = captions(250)
    with pytest.raises(CalibrationError, match=says):
        calibrate(made, [value] * 250)


def test_probabilities_that_say_the_opposite() -> None:
    made, cider = captions(1000)
    with pytest.raises(CalibrationError, match="do not predict which captions fit"):
        calibrate(made, [FITS if value < FITS else 0.0 for value in cider])


def test_reliability_by_hand() -> None:
    """Forty captions at 0.2, of which ten fit, and sixty at 0.9, of which all do."""
    sure = [0.2] * 40 + [0.9] * 60
    cider = [1.0] * 10 + [0.0] * 30 + [1.0] * 60
    # the order within a bin is the one given: ten that fit come first
    found = reliability(sure, cider)
    assert found.fitting == 0.7
    assert [b.captions for b in found.bins] == [10] * 10
    assert found.ece == pytest.approx((0.8 + 3 * 0.2 + 6 * 0.1) / 10)
    assert found.brier == pytest.approx((10 * 0.64 + 30 * 0.04 + 60 * 0.01) / 100)
    assert found.auc == pytest.approx((60 * 1.0 + 10 * 0.5) / 70)


def test_reliability_of_one_caption() -> None:
    found = reliability([0.4], [0.0])
    assert (found.captions, found.auc) == (1, None)
    assert found.ece == pytest.approx(0.4)


def test_a_picture_that_a_browser_can_read() -> None:
    made, cider = captions(300)
    found = calibrate(made, cider)
    series = {"before <&>": found.before, "after": found.after}
    picture = ET.fromstring(reliability_svg(series))
    assert picture.tag == f"{SVG}svg"
    by_id = {one.get("id"): one for one in picture.iter()}
    for number, one in enumerate(series.values()):
        dots = [*by_id[f"series-{number}"].iter(f"{SVG}use")]
        across = [float(dot.get("x", "")) for dot in dots]
        up = [float(dot.get("y", "")) for dot in dots]  # downwards, as SVG has it
        assert len(dots) == len(one.bins) == 10
        assert across == sorted(across)
        assert (up[0] > up[-1]) == (one.bins[0].fitting < one.bins[-1].fitting)
    assert "before <&>: calibration error" in "".join(picture.itertext())
    assert reliability_svg(series) == reliability_svg(series), "the same file again"


def test_the_card_says_what_the_bot_does() -> None:
    lines = confidence_section(None, reliability([0.4], [0.0]), "plot.svg")
    assert f"Below a confidence of {UNSURE_BELOW:.0%}".replace("%", " %") in lines[0]
    assert f"at least {FITS}" in lines[0]


@pytest.mark.parametrize("odd", [{"before": 3}, {"after": {}}, {"photos": "x"}])
def test_what_a_strange_checkpoint_says_of_its_calibration_is_passed_over(
    odd: dict[str, object],
) -> None:
    lines = confidence_section(odd, reliability([0.4], [0.0]), "plot.svg")
    assert not re.search("held out", "\n".join(lines))


def test_the_serving_side_needs_no_library_for_it() -> None:
    text = Path("captioner/checkpoint/confidence.py").read_text(encoding="utf-8")
    assert not re.search(r"import (torch|numpy|sklearn)", text)


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


def test_the_same_words_give_the_same_numbers() -> None:
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
