"""The doubly stochastic penalty against the paper's equation."""

from __future__ import annotations

import pytest
import torch

from training.losses.caption_loss import doubly_stochastic_penalty


def test_penalty_sums_over_places_and_averages_over_captions() -> None:
    """Eq. 14 by hand: two captions, two places; the second caption has one word, one padding."""
    alpha = torch.tensor([[[[0.75, 0.25], [0.5, 0.5]], [[1.0, 0.0], [0.3, 0.7]]]])
    mask = torch.tensor([[[True, True], [True, False]]])
    first = (1 - 1.25) ** 2 + (1 - 0.75) ** 2
    second = (1 - 1.0) ** 2 + (1 - 0.0) ** 2
    assert float(doubly_stochastic_penalty(alpha, mask)) == pytest.approx((first + second) / 2)
