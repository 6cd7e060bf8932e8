"""What every decoder is: annotation vectors and the words so far in, the next word's scores out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol, Self

from torch import Tensor, nn


class Memory(Protocol):
    """What a decoder keeps of the photos; each kind its own."""

    def of(self, photos: Tensor) -> Self:
        """The memory of some of the photos, by their numbers."""


class State(Protocol):
    """What a decoder remembers of each hypothesis."""

    def select(self, parents: Tensor) -> Self:
        """The states of the hypotheses `parents` (B, W'), photo by photo."""

    def of(self, photos: Tensor) -> Self:
        """The states of some of the photos, by their numbers."""


AnyMemory = Any  # the Memory that the same decoder gave
AnyState = Any  # the State that the same decoder gave


class Decoder(nn.Module, ABC):
    """The interface that beam search, checkpoints and training ask for.

    Shapes: B photos, W hypotheses a photo (beams in search, captions in training), T words, V
    words there are, K places, D numbers a place. What is kept of the photos (the memory) is never
    repeated over W. Each decoder has its own kinds of memory and state.
    """

    config: Any  # a frozen dataclass with `kind`, `vocabulary_size` and `annotation_dim`
    embedding: nn.Embedding
    output: nn.Linear

    @abstractmethod
    def start(self, annotations: Tensor) -> tuple[AnyMemory, State]:
        """Memory of photos (B, K, D) and the first state, W = 1."""

    def start_search(self, annotations: Tensor) -> tuple[AnyMemory, State]:
        """As `start`, but for steps alone, without gradients: what they share is computed here."""
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
        return self.unroll(words, memory, widened(state, words))


def widened(state: State, words: Tensor) -> State:
    """A first state (W = 1) for each of the hypotheses that begin with `words` (B, W, …)."""
    return state.select(words.new_zeros(words.shape[:2]))
