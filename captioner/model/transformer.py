"""A Transformer decoder (Vaswani et al. 2017) on the same annotation vectors.

Pre-norm layers (Xiong et al. 2020), which train without care for the warm-up; sinusoidal
positions, which have no greatest length; the output layer is the embedding unless told otherwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from captioner.model.configs import TransformerConfig
from captioner.model.decoder import Decoder

__all__ = [
    "Layer",
    "MultiHead",
    "TransformerConfig",
    "TransformerDecoder",
    "TransformerMemory",
    "TransformerState",
    "causal",
    "positions",
]


class TransformerMemory(NamedTuple):
    """What the layers' attention to the photo needs of it: computed once a photo."""

    keys_values: tuple[tuple[Tensor, Tensor], ...]  # a layer's, (B, H, K, m/H) each

    def of(self, photos: Tensor) -> TransformerMemory:
        """The memory of some of the photos, by their numbers."""
        return TransformerMemory(tuple((k[photos], v[photos]) for k, v in self.keys_values))


class TransformerState(NamedTuple):
    """What the layers' attention to the words so far needs of them: computed once a word."""

    past: Tensor  # (L, 2, B, W, H, t, m/H), keys and values of t words

    def select(self, parents: Tensor) -> TransformerState:
        """The states of the hypotheses `parents` (B, W'), photo by photo."""
        photos = torch.arange(len(parents), device=parents.device).unsqueeze(1)
        return TransformerState(self.past[:, :, photos, parents])

    def of(self, photos: Tensor) -> TransformerState:
        """The states of some of the photos, by their numbers."""
        return TransformerState(self.past[:, :, photos])


class TransformerDecoder(Decoder):
    """Words attend to the words before them and to the photo's places.

    alpha, for the attention maps, is the mean over the heads of the last layer's attention to the
    photo.
    """

    config: TransformerConfig

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        m = config.width
        self.embedding = nn.Embedding(config.vocabulary_size, m)
        self.of_annotation = nn.Linear(config.annotation_dim, m)
        self.annotation_norm = nn.LayerNorm(m)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(m)
        self.dropout = nn.Dropout(config.dropout)
        self.output = nn.Linear(m, config.vocabulary_size)
        nn.init.normal_(self.embedding.weight, std=m**-0.5)
        nn.init.zeros_(self.output.bias)
        if config.tied:
            self.output.weight = self.embedding.weight

    def start(self, annotations: Tensor) -> tuple[TransformerMemory, TransformerState]:
        """Memory of photos (B, K, D) and the state before the first word, W = 1."""
        config = self.config
        places = self.annotation_norm(self.of_annotation(annotations))  # (B, K, m)
        memory = TransformerMemory(tuple(layer.look.keys_values(places) for layer in self._all()))
        shape = (2, len(annotations), 1, config.heads, 0, config.width // config.heads)
        return memory, TransformerState(places.new_zeros((config.layers, *shape)))

    def step(
        self, words: Tensor, memory: TransformerMemory, state: TransformerState
    ) -> tuple[Tensor, Tensor, TransformerState]:
        """Scores (B, W, V) of what follows `words` (B, W), alpha (B, W, K), the next state."""
        scores, alpha, state = self._run(words.unsqueeze(2), memory, state)
        return scores.squeeze(2), alpha.squeeze(2), state

    def unroll(
        self, words: Tensor, memory: TransformerMemory, state: TransformerState
    ) -> tuple[Tensor, Tensor]:
        """Teacher forcing, all words at once."""
        scores, alpha, _ = self._run(words, memory, state)
        return scores, alpha

    def _run(
        self, words: Tensor, memory: TransformerMemory, state: TransformerState
    ) -> tuple[Tensor, Tensor, TransformerState]:
        """Scores (B, W, T, V) and alpha (B, W, T, K) of T words after those of the state."""
        before, m = state.past.shape[5], self.config.width
        x = self.embedding(words) * math.sqrt(m) + positions(before, words.shape[2], m, words)
        x = self.dropout(x)  # (B, W, T, m)
        alpha, past = x, []
        for layer, photo, own in zip(self._all(), memory.keys_values, state.past, strict=True):
            x, alpha, now = layer(x, photo, own)
            past.append(now)
        scores: Tensor = self.output(self.norm(x))
        return scores, alpha, TransformerState(torch.stack(past))

    def _all(self) -> list[Layer]:
        return [layer for layer in self.layers if isinstance(layer, Layer)]


class Layer(nn.Module):
    """Attention to the words so far, attention to the photo, and a perceptron, each added on."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        m = config.width
        self.recall_norm, self.look_norm, self.think_norm = (nn.LayerNorm(m) for _ in range(3))
        self.recall = MultiHead(m, config.heads)
        self.look = MultiHead(m, config.heads)
        self.think = nn.Sequential(
            nn.Linear(m, config.feed_forward), nn.GELU(), nn.Linear(config.feed_forward, m)
        )
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, x: Tensor, photo: tuple[Tensor, Tensor], past: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Words (B, W, T, m) on their way; their alpha; keys and values, the past ones included."""
        attended = self.recall_norm(x)
        past = torch.cat([past, torch.stack(self.recall.keys_values(attended))], dim=4)
        said, _ = self.recall(attended, past[0], past[1], causal(x.shape[2], past))
        x = x + self.dropout(said)
        seen, weights = self.look(self.look_norm(x).flatten(1, 2), *photo)  # (B, W*T, m)
        x = x + self.dropout(seen.view(x.shape))
        x = x + self.dropout(self.think(self.think_norm(x)))
        alpha = weights.mean(dim=1).view(*x.shape[:3], -1)  # (B, H, W*T, K) → (B, W, T, K)
        return x, alpha, past


class MultiHead(nn.Module):
    """Attention with H heads; any number of dimensions may stand before words and numbers."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def keys_values(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values (…, H, n, m/H) of what may be attended to, (…, n, m)."""
        return self._heads(self.key(x)), self._heads(self.value(x))

    def forward(
        self, x: Tensor, keys: Tensor, values: Tensor, hidden: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """What (…, T, m) found, (…, T, m), and the weights (…, H, T, n); none where `hidden`."""
        query = self._heads(self.query(x))  # (…, H, T, m/H)
        e = query @ keys.transpose(-1, -2) / math.sqrt(query.shape[-1])
        if hidden is not None:
            e = e.masked_fill(hidden, float("-inf"))
        weights = torch.softmax(e, dim=-1)
        found = (weights.to(values.dtype) @ values).transpose(-2, -3)  # (…, T, H, m/H)
        return self.out(found.flatten(-2)), weights

    def _heads(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:-1], self.heads, -1).transpose(-2, -3)


def causal(words: int, past: Tensor) -> Tensor:
    """Which keys (…, t, m/H) the last `words` of them may not see: (words, t), true is hidden."""
    count = past.shape[-2]
    places = torch.arange(count, device=past.device)
    return places.unsqueeze(0) > places[count - words :].unsqueeze(1)


def positions(first: int, count: int, width: int, like: Tensor) -> Tensor:
    """Sines and cosines (count, width) of the positions from `first` on; `like`: the device."""
    place = torch.arange(first, first + count, device=like.device).unsqueeze(1)
    rate = torch.exp(torch.arange(0, width, 2, device=like.device) * (-math.log(1e4) / width))
    angle = place * rate
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)
