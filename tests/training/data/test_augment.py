"""Augmentation: what the pixels become."""

from __future__ import annotations

import torch
from torch import Tensor

from training.data.augment import colour_jitter, random_resized_crop


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def ramp(count: int = 4, size: int = 64) -> Tensor:
    """Photos whose red grows from left to right and whose green grows downwards."""
    x = torch.linspace(0, 255, size).expand(size, size)
    return torch.stack([x, x.T, torch.zeros_like(x)]).round().byte().expand(count, -1, -1, -1)


def test_the_whole_photo_is_the_photo() -> None:
    out = random_resized_crop(ramp(), 64, generator=generator(), scale=(1, 1), ratio=(1, 1))
    torch.testing.assert_close(out, ramp().float(), atol=0.6, rtol=0)


def test_shrinking_averages() -> None:
    noise = torch.randint(0, 256, (2, 3, 256, 256), dtype=torch.uint8)
    out = random_resized_crop(noise, 32, generator=generator(), scale=(1, 1), ratio=(1, 1))
    assert float(out.std()) < 0.35 * float(noise.float().std())


def test_only_the_masked_are_mirrored() -> None:
    flip = torch.tensor([True, False, True, False])
    out = random_resized_crop(
        ramp(), 64, generator=generator(), scale=(1, 1), ratio=(1, 1), flip=flip
    )
    rises = out[:, 0, 32, -1] > out[:, 0, 32, 0]
    assert rises.tolist() == [False, True, False, True]
    assert bool((out[:, 1, -1, 32] > out[:, 1, 0, 32]).all())  # never upside down


def test_crops_lie_inside_and_have_the_area_asked_for() -> None:
    out = random_resized_crop(ramp(200), 32, generator=generator(), scale=(0.3, 0.5))
    width = (out[:, 0, 16, -1] - out[:, 0, 16, 0]) / 255
    height = (out[:, 1, -1, 16] - out[:, 1, 0, 16]) / 255
    area = width * height
    assert 0.25 < float(area.min()) < float(area.max()) < 0.55
    assert float(out.min()) >= 0
    assert float(out.max()) <= 255
    assert float(out[:, 0].std(0).mean()) > 10  # they are not all the same crop


def test_the_same_generator_makes_the_same_crops() -> None:
    one, two = (random_resized_crop(ramp(), 32, generator=generator(5)) for _ in range(2))
    assert torch.equal(one, two)


def test_jitter_changes_each_photo_differently_and_stays_in_range() -> None:
    images = ramp(50).float()
    out = colour_jitter(images, generator=generator(), strength=0.4)
    assert float(out.min()) >= 0
    assert float(out.max()) <= 255
    means = out.mean(dim=(1, 2, 3))
    assert float(means.std()) > 5


def test_grey_is_grey() -> None:
    out = colour_jitter(ramp(10).float(), generator=generator(), strength=0.0, grey=1.0)
    torch.testing.assert_close(out[:, 0], out[:, 1])
    torch.testing.assert_close(out[:, 1], out[:, 2])
