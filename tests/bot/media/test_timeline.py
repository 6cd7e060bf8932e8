"""Timelines: repeats merged, times as people write them."""

from __future__ import annotations

import math

import pytest

from bot.media.timeline import Line, clock, timeline


def test_a_line_for_each_caption() -> None:
    said = [(0.0, "a dog runs"), (2.5, "a man eats"), (9.0, "two boats")]
    assert timeline(said, 12.0) == [
        Line(0.0, 2.5, "a dog runs"),
        Line(2.5, 9.0, "a man eats"),
        Line(9.0, 12.0, "two boats"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A dog runs.", "a dog runs"),
        ("a brown dog is running through the grass", "a brown dog runs through the grass"),
        ("a man on a horse", "the man and his horse"),
        ("…", "…"),
    ],
)
def test_repeats_are_merged(one: str, other: str) -> None:
    assert timeline([(0.0, one), (3.0, other)], 5.0) == [Line(0.0, 5.0, one)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a dog runs on the grass", "a cat runs on the grass"),
        ("a red car", "a blue car"),
        ("a dog", "two dogs and a cat"),
    ],
)
def test_what_differs_stays(one: str, other: str) -> None:
    assert len(timeline([(0.0, one), (3.0, other)], 5.0)) == 2


def test_what_comes_back_is_told_again() -> None:
    said = [(0.0, "a dog"), (1.0, "a beach"), (2.0, "a dog"), (3.0, "a dog")]
    assert [line.caption for line in timeline(said, 4.0)] == ["a dog", "a beach", "a dog"]


def test_odd_input() -> None:
    assert timeline([], 5.0) == []
    assert timeline([(0.0, " "), (1.0, "")], 5.0) == []
    assert timeline([(0.0, "a dog"), (2.0, ""), (3.0, "a cat")], 1.0) == [
        Line(0.0, 3.0, "a dog"),
        Line(3.0, 3.0, "a cat"),  # a duration that is too short is not believed
    ]
    assert [line.start for line in timeline([(2.0, "a cat"), (0.0, "a dog")], 4.0)] == [0.0, 2.0]


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0.0, "0:00"),
        (7.99, "0:07"),
        (60.0, "1:00"),
        (754.2, "12:34"),
        (3723.0, "1:02:03"),
        (-1.0, "0:00"),
        (math.nan, "0:00"),
        (math.inf, "0:00"),
    ],
)
def test_clock(seconds: float, written: str) -> None:
    assert clock(seconds) == written
