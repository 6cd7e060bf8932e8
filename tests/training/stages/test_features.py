"""Annotation vectors computed once: which views there are, and how exact they are."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from captioner.model.encoder import Encoder, ResNet
from captioner.model.preprocess import Preprocess
from training.stages.features import annotate_views

PREPROCESS = Preprocess(size=64)


@pytest.fixture(name="encoder", scope="module")
def fixture_encoder() -> Encoder:
    """One that has seen something: its batch norm does not only stand for itself."""
    torch.manual_seed(0)
    encoder = ResNet("resnet18")
    with torch.no_grad():
        for _ in range(3):
            encoder.train()(torch.randn(8, 3, 64, 64))
    return encoder


def annotate(
    encoder: Encoder,
    pixels: Tensor,
    cache: Path,
    *,
    to_crop: Tensor | None = None,
    bf16: bool = False,
) -> Tensor:
    annotations, _ = annotate_views(
        encoder, pixels, PREPROCESS, views=4, to_crop=to_crop, crop_scale=0.5, seed=1, cache=cache,
        bf16=bf16, batch_size=2,
    )  # fmt: skip
    return annotations.float()


def pixels() -> Tensor:
    return torch.randint(0, 256, (3, 3, 64, 64), generator=torch.Generator().manual_seed(1)).byte()


def error(found: Tensor, wanted: Tensor) -> float:
    return float((found - wanted).norm() / wanted.norm())


@torch.no_grad()
def test_views(encoder: Encoder, tmp_path: Path) -> None:
    """The photo, its mirror image, then crops; as the encoder sees them in evaluation mode."""
    found = annotate(encoder.train(), pixels(), tmp_path)
    assert encoder.training  # what was given is left as it is
    encoder.eval()
    assert found.shape == (4, 3, 4, 512)
    images = pixels().float()
    assert error(found[0], encoder(PREPROCESS.normalise(images))) < 1e-3
    assert error(found[1], encoder(PREPROCESS.normalise(images.flip(3)))) < 1e-3
    assert error(found[2], found[0]) > 0.05
    assert error(found[3], found[1]) > 0.05
    assert torch.equal(found, annotate(encoder, pixels(), tmp_path))


def test_crops_are_of_their_own_pixels(encoder: Encoder, tmp_path: Path) -> None:
    """Which may be larger; the photo and its mirror image are as they are served."""
    found = annotate(encoder, pixels(), tmp_path)
    of_others = annotate(encoder, pixels(), tmp_path, to_crop=pixels().repeat(1, 1, 2, 2))
    assert torch.equal(of_others[:2], found[:2])
    assert error(of_others[2], found[2]) > 0.05


def test_in_bf16_they_are_as_exact_as_that_is(encoder: Encoder, tmp_path: Path) -> None:
    exact = annotate(encoder, pixels(), tmp_path)
    rounded = annotate(encoder, pixels(), tmp_path, bf16=True)
    assert 1e-4 < error(rounded, exact) < 0.03


def test_no_photos(encoder: Encoder, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no photos to encode"):
        annotate(encoder, pixels()[:0], tmp_path)
