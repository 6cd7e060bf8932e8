"""Confidence: a probability, whatever the words, and the surer the likelier they are."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from captioner.checkpoint.confidence import UNCALIBRATED, Calibration, evidence

LOG_PROBS = st.lists(st.floats(min_value=-1e6, max_value=0), max_size=30)


@given(LOG_PROBS, st.floats(min_value=-1e6, max_value=0))
def test_it_is_a_probability(words: list[float], end: float) -> None:
    assert 0 <= UNCALIBRATED.confidence(sum(words) + end, words) <= 1


@given(st.lists(st.floats(min_value=-15, max_value=0), min_size=1, max_size=20), st.data())
def test_likelier_words_are_never_less_sure(words: list[float], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    better = [*words[:at], words[at] / 2, *words[at + 1 :]]
    calibration = Calibration(bias=1.0, mean=2.0, least=0.5)
    less = calibration.confidence(sum(words), words)
    assert calibration.confidence(sum(better), better) >= less


def test_what_it_is_estimated_from() -> None:
    words = [math.log(0.5), math.log(0.25)]
    mean, least = evidence(sum(words), words)  # an end that was certain
    assert mean == pytest.approx(math.log(1 / 8) / 3)
    assert least == math.log(0.25)
    one = Calibration(bias=0.5, mean=1.0, least=2.0)
    assert one.confidence(sum(words), words) == pytest.approx(
        1 / (1 + math.exp(-(0.5 + mean + 2 * least)))
    )


def test_a_caption_without_words() -> None:
    assert evidence(-1.0, []) == (-1.0, -1.0)


@pytest.mark.parametrize(
    "numbers",
    [
        {"bias": math.nan, "mean": 1, "least": 1},
        {"bias": 0, "mean": -1, "least": 1},
        {"bias": 0, "mean": math.inf, "least": 1},
        {"bias": 1e9, "mean": 1, "least": 1},
        {"bias": 0, "mean": 1},
    ],
)
def test_numbers_of_no_use(numbers: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Calibration).validate_python(numbers)
