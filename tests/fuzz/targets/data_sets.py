"""Files of data sets, one changed at a time, read as training and `captionbot data check` do."""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from random import Random

from tests.fuzz.mutations import TEXTS, mutated, mutated_json
from tests.fuzz.target import Check, Mutate, Open, Outcome, Target, sentence
from tests.support.layouts import LAYOUTS, Layout
from tests.support.photos import photo
from training.data.cache import read_labelled
from training.data.check import check_folder
from training.data.reader_base import DataError
from training.data.registry import get_reader, read_folder


def _seed(layout: Layout) -> Sequence[bytes]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / layout.reader
        layout.make(folder)
        return [(folder / layout.file).read_bytes()]


def _mutate_lines(seed: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    if dice.random() < 0.5:
        return mutated(seed, dice, others)
    lines = seed.split(b"\n")
    at = dice.randrange(len(lines))
    text = dice.choice(TEXTS).encode("utf-8", "surrogatepass")
    cut = dice.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:cut] + text + dice.choice((b"", lines[at][cut:]))
    return b"\n".join(lines)


def _mutate_gz(seed: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    if dice.random() < 0.3:
        return mutated(seed, dice, others)
    return gzip.compress(mutated_json(gzip.decompress(seed), dice, [b"{}"]), mtime=0)


def _mutation(file: str) -> Mutate:
    if file.endswith(".gz"):
        return _mutate_gz
    return mutated_json if file.endswith(".json") else _mutate_lines


def _open(layout: Layout) -> Open:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Check]:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / layout.reader
            layout.make(folder)

            async def check(data: bytes) -> Outcome:
                (folder / layout.file).write_bytes(data)
                return _read(folder, layout)

            yield check

    return opened


def _read(folder: Path, layout: Layout) -> Outcome:
    reader = get_reader(layout.reader)
    try:
        report = check_folder(folder, reader=reader, fast=True)
        for finding in report.findings:
            sentence(f"{finding.where} {finding.photo} {finding.text}")
    except DataError as error:
        sentence(str(error))
    try:
        photos = read_folder(folder, layout.split, reader=reader)
    except DataError as error:
        return Outcome("refused", sentence(str(error)) and "DataError")
    assert photos
    for one in photos:
        assert one.path.resolve().is_relative_to(folder.resolve()), "a photo from elsewhere"
        for caption in one.captions:
            assert caption.encode().decode() == " ".join(caption.split()) != ""
    return Outcome("accepted")


def _archive() -> Sequence[bytes]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name in ("train/n1/a.jpg", "train/n2/b.jpg", "val/n1/c.jpg"):
            opened.writestr(zipfile.ZipInfo(name), photo(16, 16), zipfile.ZIP_DEFLATED)
        opened.writestr(zipfile.ZipInfo("words.txt"), "n1\tone\nn2\ttwo\n")
    return [buffer.getvalue()]


@asynccontextmanager
async def _open_archive() -> AsyncIterator[Check]:
    with tempfile.TemporaryDirectory() as place:
        archive, cache = Path(place) / "labels.zip", Path(place) / "cache"

        async def check(data: bytes) -> Outcome:
            archive.write_bytes(data)
            shutil.rmtree(cache, ignore_errors=True)
            cache.mkdir()
            try:
                found = read_labelled([archive], part="train", size=32, cache=cache)
            except DataError as error:
                return Outcome("refused", sentence(str(error)) and "DataError")
            assert len(found.labels) == len(found.pixels) > 0
            return Outcome("accepted")

        yield check


TARGETS = (
    *(
        Target(
            name=f"data-{name}",
            group="files",
            seeds=partial(_seed, layout),
            mutate=_mutation(layout.file),
            open=_open(layout),
            share=4,
        )
        for name, layout in LAYOUTS.items()
    ),
    Target(name="data-archive", group="files", seeds=_archive, open=_open_archive, share=4),
)
