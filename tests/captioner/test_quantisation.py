"""int8 weights and back."""

from __future__ import annotations

import pytest
import torch

from captioner.quantisation import quantise, restore


def test_each_weight_is_off_by_at_most_half_a_step_of_its_channel() -> None:
    torch.manual_seed(0)
    weight = torch.randn(64, 32, 3, 3) * torch.logspace(-4, 2, 64).view(-1, 1, 1, 1)
    small = quantise({"w": weight})
    assert small["w"].dtype == torch.int8
    back = restore(small)["w"]
    step = weight.flatten(1).abs().amax(1) / 127
    assert bool(((back - weight).flatten(1).abs().amax(1) <= step * 0.5001).all())


def test_small_and_whole_number_tensors_are_kept() -> None:
    tensors = {"bias": torch.randn(9000), "count": torch.tensor(7), "tiny": torch.randn(3, 3)}
    assert all(torch.equal(t, restore(quantise(tensors))[n]) for n, t in tensors.items())


def test_a_channel_of_zeros_stays_zero() -> None:
    weight = torch.cat([torch.zeros(1, 5000), torch.ones(1, 5000)])
    assert torch.equal(restore(quantise({"w": weight}))["w"], weight)


@pytest.mark.parametrize("scale", [None, torch.ones(3), torch.ones(2, 1)])
def test_int8_without_a_fitting_scale_is_refused(scale: torch.Tensor | None) -> None:
    tensors = {"w": torch.ones(2, 4, dtype=torch.int8)}
    if scale is not None:
        tensors["w.scale"] = scale
    with pytest.raises(ValueError, match=r"w .*scale"):
        restore(tensors)
