from __future__ import annotations

from benchmarks.fairness import Served, latest_before_a_first


def test_in_turns_nobody_overtakes_a_first_photo_with_a_second() -> None:
    served = [Served("a", 0, 10), Served("a", 1, 12), Served("b", 2, 11)]
    assert latest_before_a_first(served) == 1


def test_first_come_first_served_lets_all_of_one_go_before_anothers_first() -> None:
    served = [Served("a", n, 10 + n) for n in range(20)] + [Served("b", 5, 40)]
    assert latest_before_a_first(served) == 20


def test_what_was_taken_before_the_other_came_is_not_held_against_it() -> None:
    served = [Served("a", n, n + 0.5) for n in range(20)] + [Served("b", 19.7, 40)]
    assert latest_before_a_first(served) == 0


def test_one_batch_is_one_moment() -> None:
    assert latest_before_a_first([Served("a", 0, 5), Served("a", 1, 5), Served("b", 2, 5)]) == 0


def test_nobody_was_served() -> None:
    assert latest_before_a_first([]) == 0
