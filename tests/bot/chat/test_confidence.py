"""Words are doubtful by what the caption is trusted, and by the words around them."""

from __future__ import annotations

import pytest

from bot.chat.confidence import Level, levels
from captioner.queue.messages import Word

SURE, LIKELY, DOUBTFUL = Level.SURE, Level.LIKELY, Level.DOUBTFUL


def words(*certainties: float | None, sure_from: float = 0.9) -> list[Word]:
    return [
        Word(
            text="x",
            log_prob=-9.0,
            certainty=one,
            sure=None if one is None else one >= sure_from,
        )
        for one in certainties
    ]


def test_where_the_model_does_not_say_nothing_is_known() -> None:
    assert levels(words(0.9, None), None) == [None, None]
    assert levels([], 0.9) == []


def test_words_without_a_content_have_no_level() -> None:
    assert levels(words(None, 0.5), 0.9) == [None, LIKELY]


def test_without_any_certainty_probabilities_decide() -> None:
    found = levels([Word(text="a", log_prob=-0.1), Word(text="b", log_prob=-2.0)], 0.3)
    assert found == [SURE, DOUBTFUL]


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [
        (0.95, [LIKELY, LIKELY, LIKELY]),
        (0.7, [LIKELY, LIKELY, DOUBTFUL]),
        (0.4, [LIKELY, DOUBTFUL, DOUBTFUL]),
        (0.05, [DOUBTFUL, DOUBTFUL, DOUBTFUL]),
    ],
)
def test_the_more_a_caption_is_trusted_the_fewer_words_are_doubtful(
    confidence: float, expected: list[Level]
) -> None:
    assert levels(words(0.8, 0.5, 0.2), confidence) == expected


def test_all_alike_are_what_the_caption_is() -> None:
    for certainty in (0.01, 0.5, 0.8):
        assert set(levels(words(certainty, certainty), 0.51)) == {LIKELY}
        assert set(levels(words(certainty, certainty), 0.49)) == {DOUBTFUL}


def test_certainties_that_are_low_throughout_change_nothing() -> None:
    def odds(certainty: float, share: float) -> float:
        return share * certainty / (1 - certainty + share * certainty)

    given = (0.7, 0.5, 0.2)
    for confidence in (0.3, 0.6, 0.9):
        high = levels(words(*given), confidence)
        assert levels(words(*(odds(one, 0.2) for one in given)), confidence) == high


def test_what_is_sure_by_itself_is_so_in_a_guess_too() -> None:
    assert levels(words(0.95, 0.5), 0.1) == [SURE, DOUBTFUL]


def test_extreme_numbers_are_bounded() -> None:
    assert levels(words(0.0, 1.0, sure_from=2), 0.6) == [DOUBTFUL, LIKELY]
    for confidence in (0.0, 1.0):
        assert len(levels(words(0.0, 0.0), confidence)) == 2
