"""int8 weights and back."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from captioner.checkpoint.file import quantize, restore


def test_each_weight_is_off_by_at_most_half_a_step_of_its_channel() -> None:
    channels = np.logspace(-4, 2, 64, dtype=np.float32).reshape(-1, 1, 1, 1)
    weight = np.random.default_rng(0).standard_normal((64, 32, 3, 3), np.float32) * channels
    small = quantize({"w": weight})
    assert small["w"].dtype == np.int8
    back = restore(small)["w"]
    step = np.abs(weight).reshape(64, -1).max(1) / 127
    assert (np.abs(back - weight).reshape(64, -1).max(1) <= step * 0.5001).all()


def test_small_and_whole_number_tensors_are_kept() -> None:
    random = np.random.default_rng(0)
    tensors = {
        "bias": random.standard_normal(9000, np.float32),
        "count": np.array(7),
        "tiny": random.standard_normal((3, 3), np.float32),
    }
    back = restore(quantize(tensors))
    assert all(np.array_equal(t, back[n]) for n, t in tensors.items())


def test_a_channel_of_zeros_stays_zero() -> None:
    weight = np.concatenate([np.zeros((1, 5000)), np.ones((1, 5000))]).astype(np.float32)
    np.testing.assert_array_equal(restore(quantize({"w": weight}))["w"], weight)


@pytest.mark.parametrize("scale", [None, np.ones(3), np.ones((2, 1))])
def test_int8_without_a_fitting_scale_is_refused(scale: NDArray[np.float64] | None) -> None:
    tensors: dict[str, NDArray[np.generic]] = {"w": np.ones((2, 4), np.int8)}
    if scale is not None:
        tensors["w.scale"] = scale
    with pytest.raises(ValueError, match=r"w .*scale"):
        restore(tensors)
