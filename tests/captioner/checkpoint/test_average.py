"""Two checkpoints of one model, averaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from captioner.checkpoint.average import average
from captioner.checkpoint.file import CheckpointFile, read_file, write_file
from captioner.checkpoint.metadata import CheckpointError
from captioner.checkpoint.torch_checkpoint import load_checkpoint
from tests.support.models import save_small_checkpoint


@pytest.fixture(name="two")
def fixture_two(tmp_path: Path) -> tuple[CheckpointFile, CheckpointFile]:
    one, other = (
        read_file(save_small_checkpoint(tmp_path / f"{n}.safetensors", seed=n)) for n in (1, 2)
    )
    return one, other


def test_the_weights_lie_between_the_two(
    two: tuple[CheckpointFile, CheckpointFile], tmp_path: Path
) -> None:
    one, other = two
    found = average(one, other, share=0.25)
    name = "decoder.embedding.weight"
    expected = 0.75 * one.tensors[name] + 0.25 * other.tensors[name]
    np.testing.assert_allclose(found.tensors[name], expected, rtol=1e-5, atol=1e-7)
    path = tmp_path / "between.safetensors"
    write_file(path, found.describe(), found.tensors)
    assert load_checkpoint(path).vocabulary == one.vocabulary  # a whole checkpoint
    shares = [part["share"] for part in read_file(path).provenance["averaged"]]
    assert shares == [0.75, 0.25]


def test_ranges_scores_and_calibration_are_of_other_weights(
    two: tuple[CheckpointFile, CheckpointFile],
) -> None:
    one, other = two
    found = average(
        replace(one, scores={"cider_d": 1}, activations={"x": (0.0, 1.0)}), other, share=0.5
    )
    assert (found.scores, found.activations, found.calibration) == ({}, {}, None)


def test_two_models_are_refused(two: tuple[CheckpointFile, CheckpointFile]) -> None:
    one, other = two
    with pytest.raises(CheckpointError, match="differ in their preprocess"):
        average(one, replace(other, preprocess=replace(other.preprocess, size=96)), share=0.5)


def test_int8_is_refused(tmp_path: Path, two: tuple[CheckpointFile, CheckpointFile]) -> None:
    small = tmp_path / "small.safetensors"
    load_checkpoint(two[0].path).save(small, int8=True)
    with pytest.raises(CheckpointError, match="before `shrink`"):
        average(read_file(small), two[1], share=0.5)
