from __future__ import annotations

import time
from functools import partial

from benchmarks.measurement import LEAST_ROUNDS, side_by_side, side_by_side_with_processor


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


def test_processor_time_leaves_out_waiting_and_the_warm_up() -> None:
    times, own = side_by_side_with_processor(
        {"waits": partial(time.sleep, 0.05), "works": lambda: sum(range(10**5))}, rounds=3
    )
    assert {name: len(taken) for name, taken in own.items()} == {"waits": 3, "works": 3}
    assert max(own["waits"]) < min(times["waits"])
    assert all(taken > 0 for taken in own["works"])
