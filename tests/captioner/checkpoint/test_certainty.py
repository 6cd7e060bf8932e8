"""The certainty of words and captions."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from captioner.checkpoint.confidence import (
    UNCALIBRATED,
    Calibration,
    CaptionCertainty,
    Certainty,
    SaidWord,
    WordCertainty,
    caption_evidence,
)

DOG = SaidWord(family="dog", log_prob=math.log(0.5), spread=0.5, rarity=0.2)
THE = SaidWord(family="", log_prob=math.log(0.9), spread=1.0, rarity=0.0)
CERTAINTY = Certainty(
    WordCertainty(1.0, {"log_prob": 1.0}, {"dog": 0.5}, sure_from=0.7),
    CaptionCertainty(-1.0, {"certainty_mean": 2.0, "length": -1.0}),
)


def test_words_by_what_they_are_and_how_likely_they_were() -> None:
    the, dog, cat = CERTAINTY.of_words([THE, DOG, dataclasses.replace(DOG, family="cat")], -3.0)
    assert the is None
    assert dog == pytest.approx(1 / (1 + math.exp(-(1.5 + math.log(0.5)))))
    assert cat == pytest.approx(1 / (1 + math.exp(-(1.0 + math.log(0.5)))))


def test_captions_by_their_words() -> None:
    [_, dog] = CERTAINTY.of_words([THE, DOG], -1.0)
    assert dog is not None
    expected = 1 / (1 + math.exp(-(-1.0 + 2.0 * dog - 0.2)))
    assert CERTAINTY.of_caption([THE, DOG], -1.0) == pytest.approx(expected)
    calibration = dataclasses.replace(UNCALIBRATED, certainty=CERTAINTY)
    assert calibration.confidence_of(-1.0, [THE, DOG]) == pytest.approx(expected)
    by_words = UNCALIBRATED.confidence(-1.0, [THE.log_prob, DOG.log_prob])
    assert UNCALIBRATED.confidence_of(-1.0, [THE, DOG]) == by_words


WORDS = st.builds(
    SaidWord,
    family=st.sampled_from(["", "dog", "cat"]),
    log_prob=st.floats(-1e6, 0),
    spread=st.floats(0, 1),
    rarity=st.floats(0, 1),
)


@given(st.lists(WORDS, max_size=20), st.floats(-1e6, 0))
def test_they_are_probabilities_whatever_was_said(said: list[SaidWord], log_prob: float) -> None:
    certainties = CERTAINTY.of_words(said, log_prob)
    assert [one is None for one in certainties] == [not word.family for word in said]
    assert all(0 <= one <= 1 for one in certainties if one is not None)
    assert 0 <= CERTAINTY.of_caption(said, log_prob) <= 1
    assert all(map(math.isfinite, caption_evidence(said, log_prob, certainties).values()))


def test_it_is_read_as_it_is_written() -> None:
    calibration = dataclasses.replace(UNCALIBRATED, certainty=CERTAINTY)
    document = dataclasses.asdict(calibration)
    assert TypeAdapter(Calibration).validate_python(document) == calibration
    del document["certainty"]  # of a version before
    assert TypeAdapter(Calibration).validate_python(document) == UNCALIBRATED


@pytest.mark.parametrize(
    "words",
    [
        {"bias": math.nan, "evidence": {}, "families": {}, "sure_from": 0.5},
        {"bias": 0, "evidence": {"mood": 1}, "families": {}, "sure_from": 0.5},
        {"bias": 0, "evidence": {"mean": math.inf}, "families": {}, "sure_from": 0.5},
        {"bias": 0, "evidence": {}, "families": {}, "sure_from": -1},
    ],
)
def test_numbers_of_no_use(words: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(WordCertainty).validate_python(words)
