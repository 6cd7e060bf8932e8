"""The decoder: an LSTM that says one word at a time and looks before each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from captioner.model.attention import SoftAttention


@dataclass(frozen=True)
class DecoderConfig:
    """Sizes of a decoder, in the paper's letters where it has them."""

    vocabulary_size: int  # V
    annotation_dim: int  # D
    hidden_dim: int = 512  # n
    embedding_dim: int = 512  # m
    attention_dim: int = 512  # A
    dropout: float = 0.5
    tied: bool = False  # the output layer L_o is the embedding E, transposed


class Memory(NamedTuple):
    """What the decoder keeps of the photos while it describes them."""

    annotations: Tensor  # a, (B, K, D)
    projected: Tensor  # their attention projection, (B, K, A)


class State(NamedTuple):
    """What the decoder remembers of each hypothesis."""

    hidden: Tensor  # h, (B, W, n)
    cell: Tensor  # c, (B, W, n)

    def select(self, parents: Tensor) -> State:
        """The states of the hypotheses `parents` (B, W'), photo by photo."""
        index = parents.unsqueeze(2).expand(-1, -1, self.hidden.shape[2])
        return State(self.hidden.gather(1, index), self.cell.gather(1, index))


class Decoder(nn.Module):
    """Annotation vectors and the words so far in, scores of the next word out."""

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        self.config = config
        big_d, n, m = config.annotation_dim, config.hidden_dim, config.embedding_dim
        self.embedding = nn.Embedding(config.vocabulary_size, m)  # E
        self.attention = SoftAttention(big_d, n, config.attention_dim)
        self.gate = nn.Linear(n, 1)  # f_beta, section 4.2.1
        self.lstm = nn.LSTMCell(m + big_d, n)  # eqs. 1-3
        self.init_hidden = nn.Linear(big_d, n)  # f_init,h
        self.init_cell = nn.Linear(big_d, n)  # f_init,c
        self.dropout = nn.Dropout(config.dropout)
        self.of_hidden = nn.Linear(n, m)  # L_h
        self.of_context = nn.Linear(big_d, m)  # L_z
        self.output = nn.Linear(m, config.vocabulary_size)  # L_o
        nn.init.normal_(self.embedding.weight, std=m**-0.5)
        nn.init.zeros_(self.output.bias)
        if config.tied:
            self.output.weight = self.embedding.weight

    def start(self, annotations: Tensor) -> tuple[Memory, State]:
        """Memory of photos (B, K, D) and the first state, W = 1, from the mean annotation."""
        mean = annotations.mean(dim=1, keepdim=True)  # (B, 1, D)
        state = State(torch.tanh(self.init_hidden(mean)), torch.tanh(self.init_cell(mean)))
        return Memory(annotations, self.attention.project(annotations)), state

    def step(self, words: Tensor, memory: Memory, state: State) -> tuple[Tensor, Tensor, State]:
        """Scores (B, W, V) of what follows `words` (B, W), alpha (B, W, K), the next state."""
        embedded = self.embedding(words)  # (B, W, m)
        z, alpha, state = self._advance(embedded, memory, state)
        return self._deep_output(embedded, state.hidden, z), alpha, state

    def forward(self, annotations: Tensor, words: Tensor) -> tuple[Tensor, Tensor]:
        """Teacher forcing: scores (B, W, T, V) and alpha (B, W, T, K) for words (B, W, T).

        W captions of one photo share its annotations. The output layer runs once over all
        places, for it feeds nothing back.
        """
        memory, first = self.start(annotations)
        width, length = words.shape[1:]
        state = State(*(s.expand(-1, width, -1) for s in first))
        embedded = self.dropout(self.embedding(words))  # (B, W, T, m)
        hiddens, contexts, alphas = [], [], []
        for t in range(length):
            z, alpha, state = self._advance(embedded[:, :, t], memory, state)
            hiddens.append(state.hidden)
            contexts.append(z)
            alphas.append(alpha)
        scores = self._deep_output(embedded, torch.stack(hiddens, 2), torch.stack(contexts, 2))
        return scores, torch.stack(alphas, 2)

    def _advance(
        self, embedded: Tensor, memory: Memory, state: State
    ) -> tuple[Tensor, Tensor, State]:
        z, alpha = self.attention(memory.annotations, memory.projected, state.hidden)
        beta = torch.sigmoid(self.gate(state.hidden))  # (B, W, 1)
        z = beta * z
        inputs = torch.cat([embedded, z], dim=2).flatten(0, 1)  # (B*W, m+D)
        hidden, cell = self.lstm(inputs, (state.hidden.flatten(0, 1), state.cell.flatten(0, 1)))
        shape = (*embedded.shape[:2], -1)
        return z, alpha, State(hidden.view(shape), cell.view(shape))

    def _deep_output(self, embedded: Tensor, hidden: Tensor, z: Tensor) -> Tensor:
        mixed = embedded + self.of_hidden(hidden) + self.of_context(z)  # eq. 7
        scores: Tensor = self.output(self.dropout(mixed))
        return scores


def doubly_stochastic_penalty(alpha: Tensor, mask: Tensor) -> Tensor:
    """Eq. 14's regulariser: every place should get about as much attention as every other.

    alpha (B, W, T, K), mask (B, W, T) true where a word counts. Reduction: the squared
    differences are summed over the K places and averaged over the captions.
    """
    total = (alpha * mask.unsqueeze(3)).sum(dim=2)  # (B, W, K)
    return (1 - total).square().sum(dim=2).mean()
