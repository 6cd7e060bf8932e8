"""Doubly stochastic attention (section 4.2.1 of the paper): look at every part of the photo."""

from __future__ import annotations

from torch import Tensor


def doubly_stochastic_penalty(alpha: Tensor, mask: Tensor) -> Tensor:
    """The regulariser of eq. 14: every place should get about as much attention as every other.

    alpha (B, W, T, K), mask (B, W, T) true where a word counts. Reduction: the squared
    differences are summed over the K places and averaged over the captions.
    """
    total = (alpha * mask.unsqueeze(3)).sum(dim=2)  # (B, W, K)
    return (1 - total).square().sum(dim=2).mean()  # the second term of eq. 14
