"""The engines beside each other, what each precision does to captions, and what languages cost."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks import samples
from benchmarks.measurement import (
    BenchContext,
    Measurement,
    in_unit,
    side_by_side,
    side_by_side_with_processor,
)
from benchmarks.models import engines, load, load_exact, load_half
from benchmarks.results import Record, Statistic, ratios
from captioner.captioner import BUNDLED, Captioner
from captioner.checkpoint.file import read_file
from captioner.engines.base import openvino_refuses
from captioner.language.writing import ENGLISH
from training.data.decoding import open_rgb
from training.data.registry import read_photos_only
from training.evaluation.evaluate import Evaluation, evaluate

RATIO = "torch / openvino"
EXACT, HALF = "openvino in float32", "torch in bfloat16, as on GPUs"
DEV, LOST = "bundled, what dev photos get", "BLEU-4 lost by openvino"
_DATA = Path("../shared/flickr8k")  # as `captionbot evaluate` has it


def _measure(batch: int, bench: BenchContext) -> Record:
    return _beside(bench.checkpoint, batch, bench)


def _bundled(bench: BenchContext) -> Record:
    return _beside(BUNDLED, 1, bench)


def _beside(checkpoint: Path, batch: int, bench: BenchContext) -> Record:
    if "openvino" not in engines():
        return Record(skipped="OpenVINO is not installed")
    if reason := _not_int8(checkpoint):
        return Record(skipped=reason)
    pictures = [samples.small(seed) for seed in range(batch)]
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


def _dev(bench: BenchContext) -> Record:
    """The captions of each engine, and their scores."""
    if not _DATA.is_dir():
        return Record(skipped=f"no data set lies in {_DATA}")
    if "openvino" not in engines():
        return Record(skipped="OpenVINO is not installed")
    captioners = {
        "torch": load(None, engine="torch"),
        EXACT: load_exact(None),
        HALF: load_half(None),
        "openvino": load(None, engine="openvino"),
    }
    found = {name: _evaluated(name, one, bench) for name, one in captioners.items()}
    torch, openvino = found["torch"], found["openvino"]
    return Record(
        {
            "captions that differ": _differ(openvino, torch),
            **{
                f"captions that differ, {name}": _differ(found[name], torch)
                for name in (EXACT, HALF)
            },
            LOST: Statistic.exactly(torch.scores.bleu_4 - openvino.scores.bleu_4, ""),
            **{
                f"BLEU-4, {name}": Statistic.exactly(one.scores.bleu_4, "")
                for name, one in found.items()
            },
            **{
                f"CIDEr-D, {name}": Statistic.exactly(one.scores.cider_d, "")
                for name, one in found.items()
            },
        },
        note=f"{len(torch.captions)} photos of Flickr8k's dev split, 5 beams",
    )


def _evaluated(name: str, captioner: Captioner, bench: BenchContext) -> Evaluation:
    for told in evaluate(captioner, _DATA, split="dev", beam_size=5, meteor=False):
        if isinstance(told, Evaluation):
            return told
        if isinstance(told, tuple):
            bench.say(f"{name}: photo {told[0]}")
    raise AssertionError("an evaluation ends with what it found")


def _differ(found: Evaluation, other: Evaluation) -> Statistic:
    """The share of photos that get another caption."""
    said = other.captions
    differ = sum(caption != said[photo] for photo, caption in found.captions.items())
    return Statistic.exactly(100 * differ / len(said), "%")


def _not_int8(checkpoint: Path) -> str:
    """Why OpenVINO cannot run a checkpoint in int8, if so."""
    file = read_file(checkpoint)
    return openvino_refuses(file) or (
        "" if file.activations else "`captionbot weights engine` is missing"
    )


ENGINES = Measurement(
    name="engines",
    title="Engines",
    about=(
        "`CAPTIONBOT_ENGINE=torch` (float32) and `openvino` (int8) with the full-size model: "
        "decoded photos to sentences of 12 words, 5 beams. The last lines are the bundled "
        "checkpoint, and what it says of real photos on either, on OpenVINO in float32, and with "
        "an encoder rounded to bfloat16 as torch has it on a GPU, computed on the CPU here."
    ),
    pieces={
        "batch 1": partial(_measure, 1),
        "batch 16": partial(_measure, 16),
        "bundled, batch 1": _bundled,
        DEV: _dev,
    },
)


LANGUAGES_PIECE, DEAREST = "bundled, batch 1", "dearest language / English, in processor time"
_PHOTOS = 24


def _by_language(bench: BenchContext) -> Record:
    if not _DATA.is_dir():  # of drawn scenes, captions are as long as nobody knows
        return Record(skipped=f"no data set lies in {_DATA}")
    captioner = load(None, engine="openvino" if "openvino" in engines() else "torch")
    pictures = [
        open_rgb(one.path, one.name)
        for one in read_photos_only(_DATA, "dev", reader=None)[:_PHOTOS]
    ]
    languages = [ENGLISH, *sorted(set(captioner.languages) - {ENGLISH})]

    def ask(code: str) -> None:
        for picture in pictures:
            captioner.caption([picture], languages=[code])

    times, own = side_by_side_with_processor(
        {code: partial(ask, code) for code in languages},
        rounds=bench.rounds(12),
        seconds=bench.seconds(180),
        after_round=bench.round_done,
    )
    shares = {code: ratios(own[code], own[ENGLISH]) for code in languages[1:]}
    return Record(
        {
            DEAREST: max(shares.values(), key=lambda share: share.median),
            **{f"{code} / en, in processor time": share for code, share in shares.items()},
            **{f"{code} / en": ratios(times[code], times[ENGLISH]) for code in shares},
            "en, a photo": in_unit(times[ENGLISH], "ms", len(pictures)),
        }
    )


LANGUAGES = Measurement(
    name="languages",
    title="Languages",
    about=(
        f"A caption of the bundled checkpoint in each of its languages over one in English: "
        f"decoded photos to sentences, one photo at a time, 5 beams, int8 on OpenVINO where it "
        f"is installed; {_PHOTOS} of Flickr8k's dev photos a round. A language costs more where "
        "its captions have more words, or its vocabulary more entries."
    ),
    pieces={LANGUAGES_PIECE: _by_language},
)
