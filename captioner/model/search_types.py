"""What a search is asked for and what it finds; beam search in any engine means these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

NEVER = float("-inf")
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class SearchConfig:
    """How to search."""

    beam_size: int = 5
    n_best: int = 1
    max_length: int = 24  # words, the end not counted
    length_power: float = 0.7  # hypotheses are ranked by log_prob / length ** length_power

    def __post_init__(self) -> None:
        if not 1 <= self.n_best <= self.beam_size:
            raise ValueError(f"n_best must be 1…beam_size ({self.beam_size}), not {self.n_best}")
        if self.max_length < 1:
            raise ValueError(f"max_length must be at least 1, not {self.max_length}")


@dataclass(frozen=True)
class Hypothesis:
    """A sentence found, as word numbers without its start and end."""

    words: tuple[int, ...]
    word_log_probs: tuple[float, ...]  # one a word
    log_prob: float  # of the words and the end
    alphas: Floats  # attention, (len(words), K)


@dataclass(frozen=True)
class Specials:
    """The word numbers that mean something to the search."""

    start: int
    end: int
    never: tuple[int, ...]  # words that are not said: padding, start, unknown

    def forbid(self, scores: Tensor, previous: Tensor) -> Tensor:
        """Scores (…, V) of what follows `previous` (…), with what may not be said at NEVER.

        Neither the words `never`, nor the same word again ("the the"), nor an end at the start.
        """
        forbidden = scores.new_zeros(scores.shape).bool()
        forbidden.scatter_(-1, previous.unsqueeze(-1), value=True)
        forbidden[..., self.end] = previous == self.start
        forbidden[..., list(self.never)] = True
        return scores.masked_fill(forbidden, NEVER)

    def forbidden(self, words: NDArray[Any], previous: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of some `words` (…, k) may not follow `previous` (…), by the same rules."""
        before = previous[..., None]
        again, early = words == before, (words == self.end) & (before == self.start)
        found = again | early
        for never in self.never:  # a few, for which np.isin takes longer
            found |= words == never
        return np.asarray(found)


class History(NamedTuple):
    """The tree of a search's hypotheses: what happened in each of T steps."""

    words: NDArray[Any]  # (T, B, W)
    parents: NDArray[Any]  # (T, B, W), beams of the step before
    log_probs: Floats  # (T, B, W), of everything up to here
    alphas: Floats  # (T, B, W, K), by the parent's beam

    def hypothesis(self, photo: int, t: int, beam: int, *, end: int) -> Hypothesis:
        """The sentence of a photo that ended in a beam at step t, read from leaf to root."""
        total = float(self.log_probs[t, photo, beam])
        said: list[int] = []
        gains: list[float] = []
        looked: list[Floats] = []
        while t >= 0:
            parent = int(self.parents[t, photo, beam])
            before = float(self.log_probs[t - 1, photo, parent]) if t else 0.0
            word = int(self.words[t, photo, beam])
            if word != end:
                said.append(word)
                gains.append(float(self.log_probs[t, photo, beam]) - before)
                looked.append(self.alphas[t, photo, parent])
            t, beam = t - 1, parent
        return Hypothesis(
            words=tuple(reversed(said)),
            word_log_probs=tuple(reversed(gains)),
            log_prob=total,
            alphas=np.stack(looked[::-1]) if looked else self.alphas[0, photo, :0],
        )

    def best(self, ranks: Floats, leaves: NDArray[Any], *, end: int) -> list[list[Hypothesis]]:
        """For each photo its hypotheses by `ranks` (B, n), best first, without those of NEVER.

        `leaves` (B, n) says where each ended: step * W + beam.
        """
        width = self.words.shape[2]
        return [
            [
                self.hypothesis(photo, *divmod(int(leaf), width), end=end)
                for rank, leaf in zip(own, at, strict=True)
                if rank > NEVER
            ]
            for photo, (own, at) in enumerate(zip(ranks, leaves, strict=True))
        ]
