"""The engines beside each other: torch in float32 and OpenVINO with an int8 encoder."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks import photos
from benchmarks.harness import side_by_side
from benchmarks.measurement import Bench, Measurement, in_unit
from benchmarks.models import engines, load
from benchmarks.results import Record
from benchmarks.spread import ratios
from captioner.captioner import BUNDLED
from captioner.checkpoint_file import read_file
from captioner.engines.choice import unfit

RATIO = "torch / openvino"


def _measure(batch: int, bench: Bench) -> Record:
    return _beside(bench.checkpoint, batch, bench)


def _bundled(bench: Bench) -> Record:
    return _beside(BUNDLED, 1, bench)


def _beside(checkpoint: Path, batch: int, bench: Bench) -> Record:
    if "openvino" not in engines():
        return Record(skipped="OpenVINO is not installed")
    if unfit(read_file(checkpoint)):
        return Record(skipped="the checkpoint is not prepared for OpenVINO")
    pictures = [photos.small(seed) for seed in range(batch)]
    torch, openvino = (load(checkpoint, engine=name) for name in ("torch", "openvino"))
    times = side_by_side(
        {
            "torch": lambda: torch.caption(pictures, beam_size=5),
            "openvino": lambda: openvino.caption(pictures, beam_size=5),
        },
        rounds=bench.rounds(20 if batch == 1 else 8),
        seconds=bench.seconds(90),
        warm_up=2,
        after_round=bench.round_done,
    )
    return Record(
        {
            RATIO: ratios(times["torch"], times["openvino"]),
            "torch, a photo": in_unit(times["torch"], "ms", batch),
            "openvino, a photo": in_unit(times["openvino"], "ms", batch),
        }
    )


MEASUREMENT = Measurement(
    name="engines",
    title="Engines",
    about=(
        "`CAPTIONBOT_ENGINE=torch` (float32) and `openvino` (int8 encoder) with the full-size "
        "model: decoded photos to sentences of 12 words, 5 beams. The last lines are the bundled "
        "checkpoint."
    ),
    pieces={
        "batch 1": partial(_measure, 1),
        "batch 16": partial(_measure, 16),
        "bundled, batch 1": _bundled,
    },
)
