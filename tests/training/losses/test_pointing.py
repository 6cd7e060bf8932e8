"""Attention that is taught to look at what it names."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from captioner.checkpoint.vocabulary import Vocabulary
from training.data.augment import random_crops, resized_crops, uncropped_views
from training.data.reader_base import CaptionedPhoto, Region
from training.losses.pointing import PointingLoss, grid_mask
from training.losses.rewards import NamingReward

WHOLE = uncropped_views(torch.tensor([False]))[0]
MIRRORED = uncropped_views(torch.tensor([True]))[0]
VOCABULARY = Vocabulary.build([["a", "dog", "cats", "cat", "sits"]], min_count=1)
RIGHT_HALF = (0.5, 0.0, 1.0, 1.0)


def photo(*regions: Region) -> CaptionedPhoto:
    return CaptionedPhoto("p.jpg", Path("p.jpg"), ("a dog",), regions)


def numbers(*words: str) -> list[int]:
    return [VOCABULARY.numbers[word] for word in words]


def columns(mask: torch.Tensor, side: int) -> list[int]:
    return sorted(set((mask.nonzero().flatten() % side).tolist()))


def test_a_box_is_where_it_is() -> None:
    mask = grid_mask([RIGHT_HALF], WHOLE, 4)
    assert mask.sum() == 8
    assert columns(mask, 4) == [2, 3]


def test_in_a_mirror_it_is_on_the_other_side() -> None:
    assert columns(grid_mask([RIGHT_HALF], MIRRORED, 4), 4) == [0, 1]


def test_a_small_box_has_the_place_it_lies_in() -> None:
    mask = grid_mask([(0.51, 0.01, 0.55, 0.05)], WHOLE, 4)
    assert mask.nonzero().flatten().tolist() == [2]


def test_a_box_outside_of_the_crop_is_nowhere() -> None:
    left_half = torch.tensor([0.5, 1.0, -0.5, 0.0])
    assert not grid_mask([(0.8, 0.4, 0.9, 0.6)], left_half, 4).any()


@pytest.mark.parametrize("seed", range(5))
def test_a_box_lies_where_the_cropped_photo_shows_it(seed: int) -> None:
    """What is white in the photo is white in the crop where the mask says so."""
    pixels = torch.zeros(1, 3, 64, 64, dtype=torch.uint8)
    pixels[:, :, 16:40, 24:56] = 255
    crops = random_crops(
        1, generator=torch.Generator().manual_seed(seed), scale=(0.5, 1.0),
        flip=torch.tensor([seed % 2 == 0]),
    )  # fmt: skip
    seen = resized_crops(pixels, crops, 64)[0, 0] > 127
    mask = grid_mask([(24 / 64, 16 / 64, 56 / 64, 40 / 64)], crops[0], 64).view(64, 64)
    assert (seen == mask).float().mean() > 0.95


def test_the_loss_is_of_the_attention_inside() -> None:
    loss = PointingLoss([photo(Region("dog", RIGHT_HALF))], VOCABULARY)
    words = torch.tensor([[numbers("a", "dog", "sits")]])
    alpha = torch.full((1, 1, 3, 16), 1 / 16)
    found = loss(alpha, words, torch.tensor([0]), WHOLE[None])
    assert float(found) == pytest.approx(-math.log(0.5), abs=1e-3)
    alpha[0, 0, 1] = torch.nn.functional.one_hot(torch.tensor(3), 16).float()
    assert float(loss(alpha, words, torch.tensor([0]), WHOLE[None])) == pytest.approx(0, abs=1e-3)


def test_what_is_not_in_a_box_costs_nothing() -> None:
    loss = PointingLoss([photo(Region("dog", RIGHT_HALF)), photo()], VOCABULARY)
    alpha = torch.full((2, 1, 2, 16), 1 / 16)
    words = torch.tensor([[numbers("a", "cat")], [numbers("a", "dog")]])
    assert float(loss(alpha, words, torch.tensor([0, 1]), torch.stack([WHOLE, WHOLE]))) == 0


def test_naming_what_is_there_is_rewarded_and_what_is_not_is_punished() -> None:
    reward = NamingReward([photo(Region("cat", RIGHT_HALF)), photo()], VOCABULARY)
    assert reward(0, numbers("a", "cat", "sits")) == 1
    assert reward(0, numbers("cats")) == 1
    assert reward(0, numbers("a", "dog")) == -1
    assert reward(0, numbers("dog", "cat")) == 0
    assert reward(0, numbers("a")) == 0
    assert reward(1, numbers("dog")) == 0
