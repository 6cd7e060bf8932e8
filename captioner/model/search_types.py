"""What a search is asked for and what it finds; beam search in any engine means these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from captioner.language.english import Ending

if TYPE_CHECKING:
    from torch import Tensor

NEVER = float("-inf")
Floats = NDArray[np.float32]

# Plain numbers: looking up members of an enumeration is slow, and every step needs these.
_NO_END, _ARTICLE, _MODIFIER = map(int, (Ending.NEVER, Ending.ARTICLE, Ending.MODIFIER))


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
    score: float  # what it is ranked by, see SearchConfig.length_power
    alphas: Floats  # attention, (len(words), K)


@dataclass(frozen=True)
class Specials:
    """The word numbers that mean something to the search, and what is never said.

    Those are the words `never`, one word twice in a row ("the the"), nothing at all, two words of
    one family ("a horse … a horse", "a dog … two dogs"), and an end where a sentence would break
    off ("a man in a"). A sentence that is as long as it may be ends in any case.
    """

    start: int
    end: int
    never: tuple[int, ...]  # words that are not said: padding, start, unknown
    families: tuple[int, ...] = ()  # of each word; -1: it may come again. Empty: all may
    endings: tuple[Ending, ...] = ()  # of each word. Empty: all may be the last

    def excluded(self, said: Any) -> list[Any]:  # noqa: ANN401 - a tensor or an array, as `said`
        """The rules: numbers of words, each (…, m), that may not follow `said` (…, t).

        What was said begins with the start. The words `never` may follow nothing, and are left out.
        The start, which nobody says, stands where there is none to exclude.
        """
        previous, early = said[..., -1:], self.may_not_end(said[..., -2:])[..., None]
        parts = [previous, self.start + early * (self.end - self.start)]
        if self.families:
            relatives = _like(said, self.relatives)[said]  # (…, t, m)
            parts.append(relatives.reshape(*said.shape[:-1], -1))
        return parts

    def may_not_end(self, last: Any) -> Any:  # noqa: ANN401 - a tensor or an array, as `last`
        """Whether a sentence may not end behind its `last` one or two words (…, 1 or 2)."""
        early = last[..., -1] == self.start
        if self.endings:
            early = early | _breaks_off(_like(last, self._ending)[last])
        return early

    def forbid(self, scores: Tensor, said: Tensor) -> Tensor:
        """Scores (…, V) of what follows `said` (…, t), with what may not be said at NEVER."""
        allowed = scores.clone()
        for words in self.excluded(said):
            allowed.scatter_(-1, words, NEVER)
        allowed[..., list(self.never)] = NEVER
        return allowed

    @cached_property
    def _ending(self) -> NDArray[np.int64]:
        return np.array(self.endings)

    @cached_property
    def family_sizes(self) -> NDArray[np.int64]:
        """How many words each word excludes once it is said (V,)."""
        own = np.array(self.families)
        sizes = np.bincount(own[own >= 0], minlength=len(own))
        return np.where(own < 0, 0, sizes[own])

    @cached_property
    def relatives(self) -> NDArray[np.int64]:
        """For each word those of its family, itself among them (V, m); filled up with the start."""
        members: dict[int, list[int]] = {}
        for number, own in enumerate(self.families):
            if own >= 0:
                members.setdefault(own, []).append(number)
        largest = max(map(len, members.values()), default=1)
        found = np.full((len(self.families), largest), self.start)
        for numbers in members.values():
            found[numbers, : len(numbers)] = numbers
        return found


def _like(said: Any, table: NDArray[Any]) -> Any:  # noqa: ANN401 - a tensor or an array
    """A table in the form of `said`."""
    return table if isinstance(said, np.ndarray) else said.new_tensor(table)


def _breaks_off(kinds: Any) -> Any:  # noqa: ANN401 - a tensor or an array
    """Whether sentences would break off that end with words of such `kinds` (…, 1 or 2)."""
    last, before = kinds[..., -1], kinds[..., 0]
    waits = (last == _MODIFIER) & (before == _ARTICLE)
    return (last == _NO_END) | (last == _ARTICLE) | waits


class History(NamedTuple):
    """The tree of a search's hypotheses: what happened in each of T steps."""

    words: NDArray[Any]  # (T, B, W)
    parents: NDArray[Any]  # (T, B, W), beams of the step before
    log_probs: Floats  # (T, B, W), of everything up to here
    alphas: Floats  # (T, B, W, K), by the parent's beam

    def hypothesis(self, photo: int, t: int, beam: int, *, score: float, end: int) -> Hypothesis:
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
            score=score,
            alphas=np.stack(looked[::-1]) if looked else self.alphas[0, photo, :0],
        )

    def best(self, ranks: Floats, leaves: NDArray[Any], *, end: int) -> list[list[Hypothesis]]:
        """For each photo its hypotheses by `ranks` (B, n), best first, without those of NEVER.

        `leaves` (B, n) says where each ended: step * W + beam.
        """
        width = self.words.shape[2]
        return [
            [
                self.hypothesis(photo, *divmod(int(leaf), width), score=float(rank), end=end)
                for rank, leaf in zip(own, at, strict=True)
                if rank > NEVER
            ]
            for photo, (own, at) in enumerate(zip(ranks, leaves, strict=True))
        ]
