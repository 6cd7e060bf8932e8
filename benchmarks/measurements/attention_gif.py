"""What “Where did you look?” costs."""

from __future__ import annotations

import math

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, in_unit, side_by_side
from benchmarks.results import Record, Statistic
from captioner.queue.messages import Word
from captioner.rendering.attention_gif import attention_gif

_SENTENCE = "a brown dog runs over the green grass beside a small child"
_GRID = (7, 7)


def _measure(bench: BenchContext) -> Record:
    photo = samples.small()
    words = [
        Word(text=text, log_prob=-0.5, attention=_spot(n))
        for n, text in enumerate(_SENTENCE.split())
    ]
    gif = attention_gif(photo, words, _GRID, side=320)
    times = side_by_side(
        {"gif": lambda: attention_gif(photo, words, _GRID, side=320)},
        rounds=bench.rounds(30),
        after_round=bench.round_done,
    )
    return Record(
        {"GIF": in_unit(times["gif"], "ms"), "its size": Statistic.exactly(len(gif) / 1000, "kB")}
    )


def _spot(number: int) -> tuple[float, ...]:
    """Weights around one place of the grid, which moves on with every word."""
    rows, columns = _GRID
    row, column = (number * 3) % rows, (number * 2) % columns
    raw = [
        math.exp(-((r - row) ** 2 + (c - column) ** 2) / 2)
        for r in range(rows)
        for c in range(columns)
    ]
    return tuple(weight / sum(raw) for weight in raw)


MEASUREMENT = Measurement(
    name="attention-gif",
    title="The animation of where the model looked",
    about="An attention GIF of 12 words, 320 pixels, from a decoded photo.",
    pieces={"12 words, 320 px": _measure},
)
