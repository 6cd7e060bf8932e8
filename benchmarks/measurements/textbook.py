"""CaptionBot beside the textbook's way of doing the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PIL import Image

from benchmarks import photos
from benchmarks.harness import side_by_side
from benchmarks.measurement import Bench, Measurement, in_unit
from benchmarks.models import engines, load
from benchmarks.results import Record
from benchmarks.spread import ratios
from benchmarks.textbook import Textbook
from captioner.captioner import Captioner
from captioner.checkpoint.torch_checkpoint import load_checkpoint

BATCH = 16


def _measure(bench: Bench) -> Record:
    pictures = [photos.small(seed) for seed in range(BATCH)]
    textbook = Textbook(load_checkpoint(bench.checkpoint))
    ours = {engine: load(bench.checkpoint, engine=engine) for engine in engines()}
    times = side_by_side(
        {
            "textbook": lambda: textbook.caption(pictures),
            **{name: _captioning(one, pictures) for name, one in ours.items()},
        },
        rounds=bench.rounds(6),
        seconds=bench.seconds(120),
        after_round=bench.round_done,
    )
    figures = {f"textbook / {name}": ratios(times["textbook"], times[name]) for name in ours} | {
        f"{name}, a photo": in_unit(taken, "ms", BATCH) for name, taken in times.items()
    }
    missing = "" if "openvino" in ours else "the OpenVINO engine is not there"
    return Record(figures, note=missing)


def _captioning(captioner: Captioner, pictures: Sequence[Image.Image]) -> Callable[[], object]:
    return lambda: captioner.caption(pictures, beam_size=5)


MEASUREMENT = Measurement(
    name="textbook",
    title="The textbook's implementation",
    about=(
        "`benchmarks/textbook.py`, with the same weights and the same captions: one photo at a "
        "time, the encoder run for it alone, beams as a Python loop, annotations repeated for "
        "each. 16 photos, 5 beams."
    ),
    pieces={"batch 16": _measure},
)
