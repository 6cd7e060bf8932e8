"""The paper's decoder: an LSTM that says one word at a time and looks before each."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from captioner.model.attention import Attention, Phi, expected
from captioner.model.configs import LSTMConfig
from captioner.model.decoder import Decoder

__all__ = ["LSTMConfig", "LSTMDecoder", "LSTMMemory", "LSTMState"]


class LSTMMemory(NamedTuple):
    """What the decoder keeps of the photos while it describes them."""

    annotations: Tensor  # a, (B, K, D)
    projected: Tensor  # their attention projection, (B, K, A)
    phi: Phi = expected


class LSTMState(NamedTuple):
    """What the decoder remembers of each hypothesis."""

    hidden: Tensor  # h, (B, W, n)
    cell: Tensor  # c, (B, W, n)

    def select(self, parents: Tensor) -> LSTMState:
        """The states of the hypotheses `parents` (B, W'), photo by photo."""
        index = parents.unsqueeze(2).expand(-1, -1, self.hidden.shape[2])
        return LSTMState(self.hidden.gather(1, index), self.cell.gather(1, index))


class LSTMDecoder(Decoder):
    """Show, Attend and Tell's decoder (sections 3.1.2 and 4)."""

    config: LSTMConfig

    def __init__(self, config: LSTMConfig) -> None:
        super().__init__()
        self.config = config
        big_d, n, m = config.annotation_dim, config.hidden_dim, config.embedding_dim
        self.embedding = nn.Embedding(config.vocabulary_size, m)  # E
        self.attention = Attention(big_d, n, config.attention_dim)
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

    def start(self, annotations: Tensor) -> tuple[LSTMMemory, LSTMState]:
        """Memory of photos (B, K, D) and the first state, W = 1, from the mean annotation."""
        mean = annotations.mean(dim=1, keepdim=True)  # (B, 1, D)
        state = LSTMState(torch.tanh(self.init_hidden(mean)), torch.tanh(self.init_cell(mean)))
        return LSTMMemory(annotations, self.attention.project(annotations)), state

    def step(
        self, words: Tensor, memory: LSTMMemory, state: LSTMState
    ) -> tuple[Tensor, Tensor, LSTMState]:
        """Scores (B, W, V) of what follows `words` (B, W), alpha (B, W, K), the next state."""
        embedded = self.dropout(self.embedding(words))  # (B, W, m)
        z, alpha, state = self._advance(embedded, memory, state)
        return self._deep_output(embedded, state.hidden, z), alpha, state

    def unroll(self, words: Tensor, memory: LSTMMemory, state: LSTMState) -> tuple[Tensor, Tensor]:
        """Teacher forcing; the output layer runs once over all words, for it feeds nothing back."""
        embedded = self.dropout(self.embedding(words))  # (B, W, T, m)
        hiddens, contexts, alphas = [], [], []
        for t in range(words.shape[2]):
            z, alpha, state = self._advance(embedded[:, :, t], memory, state)
            hiddens.append(state.hidden)
            contexts.append(z)
            alphas.append(alpha)
        scores = self._deep_output(embedded, torch.stack(hiddens, 2), torch.stack(contexts, 2))
        return scores, torch.stack(alphas, 2)

    def _advance(
        self, embedded: Tensor, memory: LSTMMemory, state: LSTMState
    ) -> tuple[Tensor, Tensor, LSTMState]:
        alpha = self.attention(memory.projected, state.hidden)
        beta = torch.sigmoid(self.gate(state.hidden))  # (B, W, 1)
        z = beta * memory.phi(memory.annotations, alpha)  # (B, W, D), eq. 6
        inputs = torch.cat([embedded, z], dim=2).flatten(0, 1)  # (B*W, m+D)
        hidden, cell = self.lstm(inputs, (state.hidden.flatten(0, 1), state.cell.flatten(0, 1)))
        shape = (*embedded.shape[:2], -1)
        return z, alpha, LSTMState(hidden.view(shape), cell.view(shape))

    def _deep_output(self, embedded: Tensor, hidden: Tensor, z: Tensor) -> Tensor:
        mixed = embedded + self.of_hidden(hidden) + self.of_context(z)  # eq. 7
        scores: Tensor = self.output(self.dropout(mixed))
        return scores
