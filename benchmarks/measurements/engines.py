"""The engines beside each other: torch in float32 and OpenVINO in int8."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks import photos
from benchmarks.harness import side_by_side
from benchmarks.measurement import Bench, Measurement, in_unit
from benchmarks.models import engines, load
from benchmarks.results import Record
from benchmarks.spread import Figure, ratios
from captioner.captioner import BUNDLED
from captioner.checkpoint_file import read_file
from captioner.engines.choice import unfit
from training.evaluate import Evaluation, evaluate

RATIO = "torch / openvino"
DEV, LOST = "bundled, what dev photos get", "BLEU-4 lost by openvino"
_DATA = Path("../shared/flickr8k")  # as `captionbot evaluate` has it


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


def _dev(bench: Bench) -> Record:
    """The captions of each engine, and their scores."""
    if not _DATA.is_dir():
        return Record(skipped=f"no data set lies in {_DATA}")
    if "openvino" not in engines():
        return Record(skipped="OpenVINO is not installed")
    found = {name: _evaluated(name, bench) for name in ("torch", "openvino")}
    torch, openvino = found["torch"], found["openvino"]
    other = openvino.captions
    differ = sum(other[photo] != said for photo, said in torch.captions.items())
    return Record(
        {
            "captions that differ": Figure.exactly(100 * differ / len(other), "%"),
            LOST: Figure.exactly(torch.scores.bleu_4 - openvino.scores.bleu_4, ""),
            **{
                f"BLEU-4, {name}": Figure.exactly(one.scores.bleu_4, "")
                for name, one in found.items()
            },
            **{
                f"CIDEr-D, {name}": Figure.exactly(one.scores.cider_d, "")
                for name, one in found.items()
            },
        },
        note=f"{len(other)} photos of Flickr8k's dev split, 5 beams",
    )


def _evaluated(engine: str, bench: Bench) -> Evaluation:
    for told in evaluate(load(None, engine=engine), _DATA, split="dev", beam_size=5, meteor=False):
        if isinstance(told, Evaluation):
            return told
        bench.say(f"{engine}: photo {told[0]}")
    raise AssertionError("an evaluation ends with what it found")


MEASUREMENT = Measurement(
    name="engines",
    title="Engines",
    about=(
        "`CAPTIONBOT_ENGINE=torch` (float32) and `openvino` (int8) with the full-size model: "
        "decoded photos to sentences of 12 words, 5 beams. The last lines are the bundled "
        "checkpoint, and what it says of real photos on either."
    ),
    pieces={
        "batch 1": partial(_measure, 1),
        "batch 16": partial(_measure, 16),
        "bundled, batch 1": _bundled,
        DEV: _dev,
    },
)
