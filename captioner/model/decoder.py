"""The interface of decoders: annotation vectors and words in, scores of the next word out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol, Self

from torch import Tensor, nn


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
