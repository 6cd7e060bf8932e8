"""How cost grows with the size of the work: batch, beams, length of captions, size of photos."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from PIL import Image

from benchmarks import photos
from benchmarks.measurement import (
    BenchContext,
    Measurement,
    in_unit,
    side_by_side,
    side_by_side_async,
)
from benchmarks.models import with_words
from benchmarks.results import Record
from bot.media.sanitizer import Intake
from captioner.captioner import Captioner

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
BEAMS = (1, 2, 3, 5, 8, 10)
LENGTHS = (5, 10, 20, 40)
MEGAPIXELS = (0.1, 0.5, 1, 3, 6, 12, 24)
_MANY = 32  # photos in a batch from which on few rounds are enough


def _batch(size: int, bench: BenchContext) -> Record:
    captioner = Captioner(with_words(bench.checkpoint, 12))
    pictures = [photos.small(seed % 16) for seed in range(size)]
    rounds = bench.rounds(10) if size < _MANY else 3
    times = _captioning(bench, captioner, pictures, rounds=rounds)
    return Record({"a photo": in_unit(times, "ms", size), "a batch": in_unit(times, "s")})


def _beams(size: int, bench: BenchContext) -> Record:
    captioner = Captioner(with_words(bench.checkpoint, 12))
    times = _captioning(bench, captioner, [photos.small()], beam_size=size)
    return Record({"a photo": in_unit(times, "ms")})


def _length(words: int, bench: BenchContext) -> Record:
    captioner = Captioner(with_words(bench.checkpoint, words))
    return Record({"a photo": in_unit(_captioning(bench, captioner, [photos.small()]), "ms")})


def _captioning(
    bench: BenchContext,
    captioner: Captioner,
    pictures: Sequence[Image.Image],
    *,
    beam_size: int = 5,
    rounds: int | None = None,
) -> list[float]:
    return side_by_side(
        {"caption": lambda: captioner.caption(pictures, beam_size=beam_size)},
        rounds=rounds or bench.rounds(15),
        seconds=bench.seconds(60),
        after_round=bench.round_done,
    )["caption"]


def _photo_size(megapixels: float, bench: BenchContext) -> Record:
    return asyncio.run(_intake(megapixels, bench))


async def _intake(megapixels: float, bench: BenchContext) -> Record:
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    photo = photos.jpeg(width, width * 3 // 4, quality=85)
    async with Intake() as intake:
        times = await side_by_side_async(
            {"intake": lambda: intake.clean(photo)},
            rounds=bench.rounds(15),
            after_round=bench.round_done,
        )
    return Record(
        {"a photo": in_unit(times["intake"], "ms")}, note=f"{len(photo) / 1e6:.2f} MB of JPEG"
    )


def _sweep(
    name: str,
    title: str,
    about: str,
    axis: str,
    run: Callable[..., Record],
    points: Sequence[float],
) -> Measurement:
    return Measurement(
        name=name,
        title=title,
        about=about,
        pieces={f"{point:g}": partial(run, point) for point in points},
        x_axis=axis,
    )


MEASUREMENTS = (
    _sweep(
        "scaling-batch", "Batch",
        "The full-size model with torch on the CPU: time a photo, 5 beams, 12 words.",
        "photos in a batch", _batch, BATCHES,
    ),
    _sweep(
        "scaling-beams", "Beams", "One photo, 12 words.", "beams", _beams, BEAMS,
    ),
    _sweep(
        "scaling-length", "Length of the caption", "One photo, 5 beams.", "words", _length, LENGTHS,
    ),
    _sweep(
        "scaling-photo-size", "Size of the photo",
        "`Intake.clean`: a JPEG of quality 85 as it came, to the small one that goes on the queue.",
        "megapixels", _photo_size, MEGAPIXELS,
    ),
)  # fmt: skip
