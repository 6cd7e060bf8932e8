from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.simulation import (
    Arrival,
    Served,
    WorkerSpeed,
    latest_before_a_first,
    poisson,
    simulate,
)

ONE_BY_ONE = WorkerSpeed(workers=1, max_batch=1, batch_seconds=1.0, photo_seconds=0.0)


def test_one_worker_answers_one_after_the_other() -> None:
    outcome = simulate(ONE_BY_ONE, [Arrival(0.0, person) for person in range(3)])
    assert [one.answered for one in outcome.answered] == [1.0, 2.0, 3.0]
    assert outcome.rate == 1.0


def test_two_workers_halve_the_wait() -> None:
    outcome = simulate(replace(ONE_BY_ONE, workers=2), [Arrival(0.0, n) for n in range(4)])
    assert [one.answered for one in outcome.answered] == [1.0, 1.0, 2.0, 2.0]


def test_a_batch_costs_its_own_time_and_that_of_its_photos() -> None:
    plant = WorkerSpeed(workers=1, max_batch=4, batch_seconds=1.0, photo_seconds=0.25)
    outcome = simulate(plant, [Arrival(0.0, 1), Arrival(0.4, 2), Arrival(0.6, 3)])
    # An idle worker begins at once; those who come meanwhile go together.
    assert [(one.batch, one.answered) for one in outcome.answered] == [
        (1, 1.25), (2, pytest.approx(2.75)), (2, pytest.approx(2.75)),
    ]  # fmt: skip


def test_every_photo_is_answered_or_refused() -> None:
    plant = replace(ONE_BY_ONE, batch_seconds=0.1, depth=20)
    arrivals = poisson(2 * plant.capacity, 30.0, people=40)
    outcome = simulate(plant, arrivals)
    assert outcome.refused > 0
    assert len(outcome.answered) + outcome.refused == len(arrivals)
    assert outcome.rate == pytest.approx(plant.capacity, rel=0.02)


def test_a_person_has_so_many_in_flight() -> None:
    outcome = simulate(replace(ONE_BY_ONE, per_person=3), [Arrival(0.0, 7)] * 5)
    assert (len(outcome.answered), outcome.refused) == (3, 2)


def test_first_photos_go_before_second_ones() -> None:
    arrivals = [Arrival(0.01 * n, 0) for n in range(9)] + [Arrival(0.5, n) for n in range(1, 5)]
    outcome = simulate(ONE_BY_ONE, arrivals)
    served = [Served(str(one.person), one.came, one.begun) for one in outcome.answered]
    # One second photo had been taken for the worker's next batch when the first ones came.
    assert latest_before_a_first(served) == 2


def test_queueing_theory_agrees() -> None:
    # M/D/1 at half load: half a service time in the queue on average.
    plant = replace(ONE_BY_ONE, depth=10**6, per_person=10**6)
    answered = simulate(plant, poisson(0.5, 20_000.0, people=10**6)).answered
    waited = sum(one.begun - one.came for one in answered) / len(answered)
    assert waited == pytest.approx(0.5, rel=0.08)


def test_the_same_seed_gives_the_same_photos_at_the_rate_asked_for() -> None:
    assert poisson(5.0, 100.0, people=3) == poisson(5.0, 100.0, people=3)
    assert len(poisson(5.0, 1000.0, people=3, seed=1)) == pytest.approx(5000, rel=0.05)


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
