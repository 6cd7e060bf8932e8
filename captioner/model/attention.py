"""Soft attention: where to look for the next word (eqs. 4-6 and 13 of the paper)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SoftAttention(nn.Module):
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
        """What depends on the photo alone, (B, K, A): computed once a photo, not once a word."""
        projected: Tensor = self.of_annotation(annotations)
        return projected

    def forward(
        self, annotations: Tensor, projected: Tensor, hidden: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The context vector z (B, W, D) and the weights alpha (B, W, K), which sum to 1."""
        hidden_part = self.of_hidden(hidden).unsqueeze(2)  # (B, W, 1, A)
        mixed = torch.tanh(projected.unsqueeze(1) + hidden_part)  # (B, W, K, A)
        e = self.energy(mixed).squeeze(3)  # (B, W, K), eq. 4
        alpha = torch.softmax(e, dim=2)  # eq. 5
        z = torch.bmm(alpha, annotations)  # (B, W, D), eqs. 6 and 13
        return z, alpha
