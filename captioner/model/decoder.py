"""Decoders: annotation vectors and words in, scores of the next word out.

First the interface that every decoder has, then the paper's: an LSTM that attends to the photo
before each word (eqs. 1-7 and 13). `captioner.model.transformer` has another one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from captioner.model.configs import LSTMConfig


class Memory(Protocol):
    """What a decoder keeps of the photos; each decoder has its own kind."""

    def of(self, photos: Tensor) -> Self:
        """The memory of some photos, given by their indices."""


class State(Protocol):
    """What a decoder keeps of each hypothesis."""

    def select(self, parents: Tensor) -> Self:
        """The states of the hypotheses `parents` (B, W'), photo by photo."""

    def of(self, photos: Tensor) -> Self:
        """The states of some photos, given by their indices."""


AnyMemory = Any  # the Memory that the same decoder gave
AnyState = Any  # the State that the same decoder gave


class Decoder(nn.Module, ABC):
    """The interface that beam search, checkpoints and training use.

    Shapes: B photos, W hypotheses per photo (beams in search, captions in training), T words, V
    words in the vocabulary, K places, D numbers per place. The memory of the photos is never
    repeated over W. Each decoder has its own kinds of memory and state.
    """

    config: Any  # a frozen dataclass with `kind`, `vocabulary_size` and `annotation_dim`
    embedding: nn.Embedding
    output: nn.Linear

    @abstractmethod
    def start(self, annotations: Tensor) -> tuple[AnyMemory, State]:
        """Memory of photos (B, K, D) and the first state, W = 1."""

    def start_search(self, annotations: Tensor) -> tuple[AnyMemory, State]:
        """As `start`, but only for `step` without gradients: computes what the steps share."""
        return self.start(annotations)

    @abstractmethod
    def step(
        self, words: Tensor, memory: AnyMemory, state: AnyState
    ) -> tuple[Tensor, Tensor, State]:
        """Scores (B, W, V) of what follows `words` (B, W), alpha (B, W, K), the next state."""

    @abstractmethod
    def unroll(self, words: Tensor, memory: AnyMemory, state: AnyState) -> tuple[Tensor, Tensor]:
        """Teacher forcing: scores (B, W, T, V) and alpha (B, W, T, K) for words (B, W, T).

        The same as T steps from a first state, but faster.
        """

    def forward(self, annotations: Tensor, words: Tensor) -> tuple[Tensor, Tensor]:
        """Teacher forcing from annotations (B, K, D); W captions of a photo share them."""
        memory, state = self.start(annotations)
        return self.unroll(words, memory, expand_state(state, words))


def expand_state(state: State, words: Tensor) -> State:
    """A first state (W = 1), expanded to the W hypotheses of `words` (B, W, …)."""
    return state.select(words.new_zeros(words.shape[:2]))


Phi = Callable[[Tensor, Tensor], Tensor]
"""Eq. 6's φ: the context vectors (B, W, D) of annotations (B, K, D) and weights (B, W, K)."""


def expected_context(annotations: Tensor, alpha: Tensor) -> Tensor:
    """The φ of soft attention: the expected annotation under alpha (eq. 13).

    Hard attention's φ samples one place; only training uses it, see
    `training.losses.caption_loss`.
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


class SearchProjections(NamedTuple):
    """The annotations multiplied by the matrices of the LSTM's gates and the output, for search.

    The context vector z is a weighted sum of annotations, so a matrix times z is the same sum of
    products with the annotations. That is less work than a product in every step, and the largest
    matrix is read once for each photo instead of once for each word.
    """

    gates: Tensor  # (B, K, 4n)
    words: Tensor  # (B, K, m)


class LSTMMemory(NamedTuple):
    """What the decoder keeps of the photos."""

    annotations: Tensor  # a, (B, K, D)
    projected: Tensor  # their attention projection, (B, K, A)
    phi: Phi = expected_context
    seen: SearchProjections | None = None  # in search

    def of(self, photos: Tensor) -> LSTMMemory:
        """The memory of some of the photos, by their numbers."""
        seen = self.seen and SearchProjections(self.seen.gates[photos], self.seen.words[photos])
        return LSTMMemory(self.annotations[photos], self.projected[photos], self.phi, seen)


class LSTMState(NamedTuple):
    """What the decoder keeps of each hypothesis."""

    hidden: Tensor  # h, (B, W, n)
    cell: Tensor  # c, (B, W, n)

    def select(self, parents: Tensor) -> LSTMState:
        """The states of the hypotheses `parents` (B, W'), photo by photo."""
        index = parents.unsqueeze(2).expand(-1, -1, self.hidden.shape[2])
        return LSTMState(self.hidden.gather(1, index), self.cell.gather(1, index))

    def of(self, photos: Tensor) -> LSTMState:
        """The states of some of the photos, by their numbers."""
        return LSTMState(self.hidden[photos], self.cell[photos])


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
        if torch.is_autocast_enabled(annotations.device.type):  # once, not in every step
            annotations = annotations.to(torch.get_autocast_dtype(annotations.device.type))
        mean = annotations.mean(dim=1, keepdim=True)  # (B, 1, D)
        state = LSTMState(torch.tanh(self.init_hidden(mean)), torch.tanh(self.init_cell(mean)))
        return LSTMMemory(annotations, self.attention.project(annotations)), state

    def start_search(self, annotations: Tensor) -> tuple[LSTMMemory, LSTMState]:
        """As `start`, with the annotations' projections for gates and output."""
        memory, state = self.start(annotations)
        of_z = self.lstm.weight_ih[:, self.config.embedding_dim :]  # (4n, D)
        seen = SearchProjections(
            functional.linear(annotations, of_z),
            functional.linear(annotations, self.of_context.weight),
        )
        return memory._replace(seen=seen), state

    def step(
        self, words: Tensor, memory: LSTMMemory, state: LSTMState
    ) -> tuple[Tensor, Tensor, LSTMState]:
        """Scores (B, W, V) of what follows `words` (B, W), alpha (B, W, K), the next state."""
        embedded = self.dropout(self.embedding(words))  # (B, W, m)
        if memory.seen is not None:
            return self._search_step(embedded, memory.projected, memory.seen, state)
        z, alpha, state = self._advance(embedded, memory, state)
        return self._deep_output(embedded, state.hidden, z), alpha, state

    def unroll(self, words: Tensor, memory: LSTMMemory, state: LSTMState) -> tuple[Tensor, Tensor]:
        """Teacher forcing; the output layer runs once over all words, as it feeds nothing back."""
        embedded = self.dropout(self.embedding(words))  # (B, W, T, m)
        hiddens, contexts, alphas = [], [], []
        for t in range(words.shape[2]):
            z, alpha, state = self._advance(embedded[:, :, t], memory, state)
            hiddens.append(state.hidden)
            contexts.append(z)
            alphas.append(alpha)
        scores = self._deep_output(embedded, torch.stack(hiddens, 2), torch.stack(contexts, 2))
        return scores, torch.stack(alphas, 2)

    def _search_step(
        self, embedded: Tensor, projected: Tensor, seen: SearchProjections, state: LSTMState
    ) -> tuple[Tensor, Tensor, LSTMState]:
        """A step without the context vector: `_advance` and `_deep_output` in another order."""
        alpha = self.attention(projected, state.hidden)
        weights = torch.sigmoid(self.gate(state.hidden)) * alpha  # (B, W, K), eqs. 6 and 13
        lstm, of_word = self.lstm, self.lstm.weight_ih[:, : self.config.embedding_dim]
        gates = torch.bmm(weights, seen.gates)  # (B, W, 4n)
        gates += functional.linear(embedded, of_word, lstm.bias_ih)
        gates += functional.linear(state.hidden, lstm.weight_hh, lstm.bias_hh)
        i, f, g, o = gates.chunk(4, dim=2)  # eq. 1
        cell = torch.sigmoid(f) * state.cell + torch.sigmoid(i) * torch.tanh(g)  # eq. 2
        hidden = torch.sigmoid(o) * torch.tanh(cell)  # eq. 3
        mixed = embedded + self.of_hidden(hidden) + self.of_context.bias
        mixed += torch.bmm(weights, seen.words)  # L_z z of eq. 7
        scores: Tensor = self.output(self.dropout(mixed))  # (B, W, V), eq. 7
        return scores, alpha, LSTMState(hidden, cell)

    def _advance(
        self, embedded: Tensor, memory: LSTMMemory, state: LSTMState
    ) -> tuple[Tensor, Tensor, LSTMState]:
        alpha = self.attention(memory.projected, state.hidden)
        beta = torch.sigmoid(self.gate(state.hidden))  # (B, W, 1)
        z = beta * memory.phi(memory.annotations, alpha)  # (B, W, D), eq. 6
        inputs = torch.cat([embedded, z], dim=2).flatten(0, 1)  # (B*W, m+D)
        before = (state.hidden.flatten(0, 1), state.cell.flatten(0, 1))
        hidden, cell = self.lstm(inputs, before)  # eqs. 1-3
        shape = (*embedded.shape[:2], -1)
        return z, alpha, LSTMState(hidden.view(shape), cell.view(shape))

    def _deep_output(self, embedded: Tensor, hidden: Tensor, z: Tensor) -> Tensor:
        mixed = embedded + self.of_hidden(hidden) + self.of_context(z)  # (B, W, m), eq. 7
        scores: Tensor = self.output(self.dropout(mixed))  # (B, W, V), eq. 7
        return scores
