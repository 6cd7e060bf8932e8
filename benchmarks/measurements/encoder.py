"""A caption beside the least that it can cost, one pass through the encoder: on CPU and on GPU."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torchvision
from torch import Tensor, nn

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, in_unit, side_by_side
from benchmarks.models import engines, load, load_exact
from benchmarks.results import Record, Statistic, ratios
from captioner.checkpoint.torch_checkpoint import load_checkpoint

BEAMS = 5
RATIO = "caption / encoder"
RATIO_EXACT, RATIO_INT8 = "caption by OpenVINO / encoder", "caption in int8 / encoder"


def _full(batch: int, bench: BenchContext) -> Record:
    """The ResNet-50 of torchvision beside a captioner with a ResNet-50 encoder."""
    resnet = torchvision.models.resnet50(weights=None).eval()
    captioners = {"caption": load(bench.checkpoint)}
    if "openvino" in engines():
        captioners["caption by OpenVINO"] = load_exact(bench.checkpoint)
        captioners["caption in int8"] = load(bench.checkpoint, engine="openvino")
    pictures = [samples.small(seed) for seed in range(batch)]
    preprocess = load_checkpoint(bench.checkpoint).preprocess
    images = preprocess.normalise(torch.stack([preprocess.to_pixels(p) for p in pictures]))
    times = side_by_side(
        {
            "encoder": lambda: _run(resnet, images),
            **{
                name: partial(captioner.caption, pictures, beam_size=BEAMS)
                for name, captioner in captioners.items()
            },
        },
        rounds=bench.rounds(30 if batch == 1 else 10),
        seconds=bench.seconds(90),
        warm_up=2,
        after_round=bench.round_done,
    )
    return Record(
        {f"{name} / encoder": ratios(times[name], times["encoder"]) for name in captioners}
        | {f"{name}, a photo": in_unit(taken, "ms", batch) for name, taken in times.items()}
    )


def _bundled(bench: BenchContext) -> Record:
    """The checkpoint that is in the package, beside its own encoder."""
    captioner = load(None)
    assert captioner.path is not None
    checkpoint = load_checkpoint(captioner.path)
    preprocess, picture = checkpoint.preprocess, samples.small()
    images = preprocess.normalise(preprocess.to_pixels(picture).unsqueeze(0))
    times = side_by_side(
        {
            "encoder": lambda: _run(checkpoint.encoder, images),
            "caption": lambda: captioner.caption([picture], beam_size=BEAMS),
        },
        rounds=bench.rounds(30),
        warm_up=2,
        after_round=bench.round_done,
    )
    words = len(captioner.caption([picture], beam_size=BEAMS)[0].captions[0].words)
    return Record(
        {
            RATIO: ratios(times["caption"], times["encoder"]),
            "encoder, a photo": in_unit(times["encoder"], "ms"),
            "caption, a photo": in_unit(times["caption"], "ms"),
        },
        note=f"{checkpoint.encoder.name} at {preprocess.size} pixels, {words} words",
    )


@torch.inference_mode()
def _run(encoder: nn.Module, images: Tensor) -> None:
    encoder(images)


ON_CPU = Measurement(
    name="encoder",
    title="A caption over the encoder alone",
    about=(
        "torchvision's ResNet-50 in float32 on images that lie ready, beside `Captioner.caption` "
        "with torch (float32), with OpenVINO in float32 and in int8, from decoded photos of 512 × "
        "384 pixels to sentences of 12 words, 5 beams. All on all cores, in turns. The last lines "
        "are the bundled checkpoint with torch, beside its own encoder."
    ),
    pieces={
        "batch 1": partial(_full, 1),
        "batch 16": partial(_full, 16),
        "bundled, batch 1": _bundled,
    },
)


_BATCH = 256
_RUNS = 5  # of a batch, one behind the other, so that what a single start costs does not count
GPU_RATIO = "captions / encoder images"


def _on_gpu(bench: BenchContext) -> Record:
    if not torch.cuda.is_available():
        return Record(skipped="no GPU")
    captioner = load(bench.checkpoint, device="cuda")
    resnet = torchvision.models.resnet50(weights=None).eval().to("cuda", torch.bfloat16)
    encoder: Callable[[Tensor], object] = torch.compile(
        resnet.to(memory_format=torch.channels_last)
    )
    images = torch.randn(_BATCH, 3, 224, 224, device="cuda", dtype=torch.bfloat16)
    images = images.contiguous(memory_format=torch.channels_last)
    pixels = [captioner.pixels(samples.small(seed % 16)) for seed in range(_BATCH)]

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
            GPU_RATIO: ratios(times["encoder"], times["captions"]),
            "encoder images": _rate(times["encoder"]),
            "captions": _rate(times["captions"]),
        },
        note=torch.cuda.get_device_name(),
    )


def _rate(times: list[float]) -> Statistic:
    return Statistic.of([_BATCH * _RUNS / t for t in times], "/s")


ON_GPU = Measurement(
    name="gpu",
    title="Filling a GPU",
    about=(
        "Captions a second, from pixels that a worker's threads have made ready, 5 beams, over "
        "images a second of torchvision's ResNet-50 alone in bf16, channels-last and compiled, "
        "batches of 256."
    ),
    pieces={"batch 256": _on_gpu},
)
