from __future__ import annotations

from pathlib import Path

from benchmarks import samples
from benchmarks.measurements.hub_models import (
    BATCHED,
    ENGINE,
    LOOP,
    ROUNDED,
    TOKENS,
    contenders,
    save,
)


def test_all_contenders_say_the_same_at_the_same_length(tmp_path: Path) -> None:
    """What costs less must not do less."""
    save(tmp_path, layers=1, width=64, words=200, side=64)
    pictures = [samples.small(seed) for seed in range(3)]
    said = {name: ask() for name, ask in contenders(tmp_path, pictures).items()}
    rounded = said.pop(ROUNDED, said[LOOP])  # on CPUs that compute in bfloat16
    assert said.keys() == {LOOP, BATCHED, ENGINE}
    assert all(one == said[LOOP] for one in said.values())
    assert {len(words) for words in [*said[LOOP], *rounded]} == {TOKENS}
