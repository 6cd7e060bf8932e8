"""Two checkpoints of one model, averaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from captioner.checkpoint.metadata import CheckpointError
from captioner.checkpoint.torch_checkpoint import load_checkpoint
from tests.support.models import save_small_checkpoint, small_checkpoint, with_languages
from training.average import average
from training.stages.end_to_end import unfold


@pytest.fixture(name="two")
def fixture_two(tmp_path: Path) -> tuple[Path, Path]:
    one, other = tmp_path / "1.safetensors", tmp_path / "2.safetensors"
    return save_small_checkpoint(one, seed=1), save_small_checkpoint(other, seed=2)


def test_the_weights_lie_between_the_two(two: tuple[Path, Path], tmp_path: Path) -> None:
    path = tmp_path / "between.safetensors"
    average(*two, share=0.25).save(path)
    found = load_checkpoint(path)  # a whole checkpoint
    one, other = (load_checkpoint(p).decoder.embedding.weight for p in two)
    torch.testing.assert_close(found.decoder.embedding.weight, 0.75 * one + 0.25 * other)
    assert [part["share"] for part in found.provenance["averaged"]] == [0.75, 0.25]
    assert (found.scores, found.activations, found.calibration) == ({}, {}, None)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_of_one_is_that_one(share: float, two: tuple[Path, Path]) -> None:
    found, wanted = average(*two, share=share), load_checkpoint(two[round(share)])
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(
            found.encoder(images), wanted.encoder(images), atol=1e-3, rtol=1e-3
        )


def test_batch_norm_that_is_kept_otherwise_changes_nothing(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    other = load_checkpoint(two[1])
    unfold(other.encoder.folded(), other.encoder)
    folded = tmp_path / "folded.safetensors"
    other.save(folded)
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        one, another = (average(two[0], p, share=0.5).encoder(images) for p in (two[1], folded))
    torch.testing.assert_close(one, another, atol=1e-3, rtol=1e-3)


def test_languages_are_averaged_too_and_what_they_share_once(tmp_path: Path) -> None:
    paths = []
    for seed in (1, 2):
        small = with_languages(small_checkpoint(), "de", "pt", seed=seed)
        small = replace(small, activations={"stem": (0.0, 6.0)}, scores={"last": {"bleu_4": 1.0}})
        paths.append(tmp_path / f"{seed}.safetensors")
        small.save(paths[-1])
    path = tmp_path / "between.safetensors"
    average(*paths, share=0.25).save(path)
    found, one, other = (
        {
            (code, name): tensor
            for code, own in load_checkpoint(p).languages.items()
            for name, tensor in own.decoder.state_dict().items()
        }
        for p in (path, *paths)
    )
    assert {code for code, _ in found} == {"de", "pt"}
    for name, tensor in found.items():
        torch.testing.assert_close(tensor, 0.75 * one[name] + 0.25 * other[name])
    averaged = average(*paths, share=0.25)
    assert averaged.languages["de"].scores == {}
    # The encoder and the first language are the same in both.
    assert averaged.activations == {"stem": (0.0, 6.0)}
    assert averaged.scores == {"last": {"bleu_4": 1.0}}
    with_languages(small_checkpoint(), "de").save(tmp_path / "fewer.safetensors")
    with pytest.raises(CheckpointError, match="not of one model"):
        average(paths[0], tmp_path / "fewer.safetensors", share=0.5)


def test_two_models_are_refused(two: tuple[Path, Path], tmp_path: Path) -> None:
    checkpoint = load_checkpoint(two[0])
    larger = replace(checkpoint, preprocess=replace(checkpoint.preprocess, size=96))
    larger.save(tmp_path / "larger.safetensors")
    with pytest.raises(CheckpointError, match="differ in their preprocess"):
        average(two[0], tmp_path / "larger.safetensors", share=0.5)
