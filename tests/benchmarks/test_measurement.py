from __future__ import annotations

from functools import partial

from benchmarks.measurement import LEAST_ROUNDS, side_by_side


def test_contenders_take_turns_in_either_order() -> None:
    order: list[str] = []
    contenders = {name: partial(order.append, name) for name in "ab"}
    times = side_by_side(contenders, rounds=4, warm_up=1)
    assert "".join(order) == "ab" + "abba" * 2
    assert {name: len(taken) for name, taken in times.items()} == {"a": 4, "b": 4}
    assert all(t >= 0 for taken in times.values() for t in taken)


def test_it_ends_when_time_is_up_but_not_before_there_is_a_median() -> None:
    rounds: list[int] = []
    side_by_side({"a": lambda: None}, rounds=1000, seconds=0, after_round=rounds.append)
    assert rounds == list(range(1, LEAST_ROUNDS + 1))
