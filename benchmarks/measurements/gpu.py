"""How well a GPU is filled: captions a second over images a second through the encoder alone."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torchvision
from torch import Tensor

from benchmarks import photos
from benchmarks.measurement import BenchContext, Measurement, side_by_side
from benchmarks.models import load
from benchmarks.results import Record, Statistic, ratios

BATCH = 256
_RUNS = 5  # of a batch, one behind the other, so that what a single start costs does not count
RATIO = "captions / encoder images"


def _measure(bench: BenchContext) -> Record:
    if not torch.cuda.is_available():
        return Record(skipped="no GPU")
    captioner = load(bench.checkpoint, device="cuda")
    resnet = torchvision.models.resnet50(weights=None).eval().to("cuda", torch.bfloat16)
    encoder: Callable[[Tensor], object] = torch.compile(
        resnet.to(memory_format=torch.channels_last)
    )
    images = torch.randn(BATCH, 3, 224, 224, device="cuda", dtype=torch.bfloat16)
    images = images.contiguous(memory_format=torch.channels_last)
    pixels = [captioner.pixels(photos.small(seed % 16)) for seed in range(BATCH)]

    def encode() -> None:
        with torch.inference_mode():
            for _ in range(_RUNS):
                encoder(images)
        torch.cuda.synchronize()

    def caption() -> None:
        for _ in range(_RUNS):
            captioner.caption(pixels, beam_size=5)

    times = side_by_side(
        {"encoder": encode, "captions": caption},
        rounds=bench.rounds(10),
        seconds=bench.seconds(120),
        warm_up=3,
        after_round=bench.round_done,
    )
    return Record(
        {
            RATIO: ratios(times["encoder"], times["captions"]),
            "encoder images": _rate(times["encoder"]),
            "captions": _rate(times["captions"]),
        },
        note=torch.cuda.get_device_name(),
    )


def _rate(times: list[float]) -> Statistic:
    return Statistic.of([BATCH * _RUNS / t for t in times], "/s")


MEASUREMENT = Measurement(
    name="gpu",
    title="Filling a GPU",
    about=(
        "Captions a second, from pixels that a worker's threads have made ready, 5 beams, over "
        "images a second of torchvision's ResNet-50 alone in bf16, channels-last and compiled, "
        "batches of 256."
    ),
    pieces={"batch 256": _measure},
)
