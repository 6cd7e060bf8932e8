"""Timing side by side: contenders take turns, so that whatever else the machine does hits all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from itertools import count

LEAST_ROUNDS = 3

Times = dict[str, list[float]]  # seconds, one a round
AfterRound = Callable[[int], object]


def side_by_side(
    contenders: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    seconds: float = 60.0,
    warm_up: int = 1,
    after_round: AfterRound = lambda _: None,
) -> Times:
    """Seconds that each contender took in each round; `side_by_side_async` says how."""

    def waited_for(run: Callable[[], object]) -> Callable[[], Awaitable[object]]:
        async def waited() -> object:
            return run()

        return waited

    return asyncio.run(
        side_by_side_async(
            {name: waited_for(run) for name, run in contenders.items()},
            rounds=rounds,
            seconds=seconds,
            warm_up=warm_up,
            after_round=after_round,
        )
    )


async def side_by_side_async(
    contenders: Mapping[str, Callable[[], Awaitable[object]]],
    *,
    rounds: int,
    seconds: float = 60.0,
    warm_up: int = 1,
    after_round: AfterRound = lambda _: None,
) -> Times:
    """Seconds that each contender took in each round.

    In every round each runs once, and in every other round in the opposite order. Ends after
    `rounds`, or after `seconds` once there were three rounds.
    """
    for _ in range(warm_up):
        for run in contenders.values():
            await run()
    times: Times = {name: [] for name in contenders}
    for number in _rounds(rounds, seconds):
        order = list(contenders) if number % 2 else list(contenders)[::-1]
        for name in order:
            started = time.perf_counter()
            await contenders[name]()
            times[name].append(time.perf_counter() - started)
        after_round(number)
    return times


def _rounds(rounds: int, seconds: float) -> Iterator[int]:
    deadline = time.monotonic() + seconds
    for number in count(1):
        yield number
        if number >= rounds or (number >= LEAST_ROUNDS and time.monotonic() > deadline):
            return
