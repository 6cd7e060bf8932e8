"""Attention: where to look for the next word (eqs. 4, 5 and 13 of the paper)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

Phi = Callable[[Tensor, Tensor], Tensor]
"""Eq. 6's φ: the context vectors (B, W, D) of annotations (B, K, D) and weights (B, W, K)."""


def expected_context(annotations: Tensor, alpha: Tensor) -> Tensor:
    """The φ of soft attention: the expected annotation under alpha (eq. 13).

    Hard attention's φ samples one place; only training uses it, see
    `training.losses.attention`.
    """
    return torch.bmm(alpha, annotations)  # (B, W, D), eq. 13


class Attention(nn.Module):
    """The attention model f_att, a perceptron with one hidden layer of A units.

    Shapes: B photos, W hypotheses a photo (beams in search, captions in training), K places,
    D numbers a place, n numbers of hidden state. Annotations are never repeated over W.
    """

    def __init__(self, annotation_dim: int, hidden_dim: int, attention_dim: int) -> None:
        super().__init__()
        self.of_annotation = nn.Linear(annotation_dim, attention_dim, bias=False)
        self.of_hidden = nn.Linear(hidden_dim, attention_dim)
        self.energy = nn.Linear(attention_dim, 1, bias=False)

    def project(self, annotations: Tensor) -> Tensor:
        """The part that depends only on the photo, (B, K, A); computed once, not for every word."""
        projected: Tensor = self.of_annotation(annotations)
        return projected

    def forward(self, projected: Tensor, hidden: Tensor) -> Tensor:
        """The weights alpha (B, W, K), which sum to 1, for hidden states (B, W, n)."""
        hidden_part = self.of_hidden(hidden).unsqueeze(2)  # (B, W, 1, A)
        mixed = torch.tanh(projected.unsqueeze(1) + hidden_part)  # (B, W, K, A)
        e = self.energy(mixed).squeeze(3)  # (B, W, K), eq. 4
        return torch.softmax(e, dim=2)  # eq. 5
