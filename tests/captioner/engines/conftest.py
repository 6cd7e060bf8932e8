"""A small checkpoint that runs on both engines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from captioner.checkpoint.file import CheckpointFile, read_file, write_file
from captioner.engines.base import Pixels
from captioner.engines.encoder_graph import measured_ranges
from tests.support.models import small_checkpoint, small_transformer
from tests.support.photos import drawing


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Without ranges: in float32."""
    path = tmp_path_factory.mktemp("engines") / "bare.safetensors"
    small_checkpoint().save(path)
    return path


@pytest.fixture(scope="session")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    small = small_checkpoint()
    decoder = small_transformer(
        vocabulary_size=len(small.vocabulary), annotation_dim=small.encoder.dim
    )
    path = tmp_path_factory.mktemp("engines") / "transformer.safetensors"
    replace(small, decoder=decoder).save(path)
    return path


@pytest.fixture(scope="session")
def drawn(bare: Path) -> list[Pixels]:
    preprocess = read_file(bare).preprocess
    return [preprocess.to_array(drawing(200 + 7 * seed, 160, seed)) for seed in range(24)]


@pytest.fixture(scope="session")
def ready(bare: Path, drawn: list[Pixels]) -> Path:
    """With ranges."""
    return made_ready(bare, drawn, bare.with_name("ready.safetensors"))


def made_ready(path: Path, drawn: list[Pixels], target: Path) -> Path:
    """A checkpoint whose ranges are measured."""
    file: CheckpointFile = read_file(path)
    ranges = measured_ranges(file, drawn)
    write_file(target, replace(file, activations=ranges).describe(), file.tensors)
    return target
