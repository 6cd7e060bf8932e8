"""Beam search on arrays: the same rules as `captioner.model.beam_search`, without torch.

What differs is how little is looked at. Of a hypothesis's continuations only the likeliest can come
through, as many as there are beams and as there are words that may turn out to be forbidden; so it
asks for these alone, and the scores of the whole vocabulary stay where they were computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from captioner.model.search_types import (
    NEVER,
    Floats,
    History,
    Hypothesis,
    SearchConfig,
    Specials,
)

Arrays = tuple[NDArray[Any], ...]  # each with a photo a row
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Grown(NamedTuple):
    """What a step says of the words that may follow: the c likeliest, and the end."""

    words: Whole  # (B, W, c), ascending
    log_probs: Floats  # of them, (B, W, c)
    ending: Floats  # the end's log-probability, (B, W)
    alpha: Floats  # (B, W, K)
    state: Arrays


Step = Callable[[Whole, Arrays, Arrays, int], Grown]
"""Words (B, W), memory, state, and how many of the V words are wanted: c, at most V."""


def search(
    step: Step,
    memory: Arrays,
    state: Arrays,
    specials: Specials,
    config: SearchConfig,
    *,
    vocabulary_size: int,
) -> list[list[Hypothesis]]:
    """For each photo of `memory` and of first states (B, n) its hypotheses, best first."""
    photos = len(memory[0])
    found: list[list[Hypothesis]] = [[] for _ in range(photos)]
    searched = np.arange(photos)  # those that are not done
    tree = _Tree.begun(photos, specials, config, vocabulary_size)
    words = np.full((photos, config.beam_size), specials.start, np.int64)
    state = tuple(np.repeat(part[:, None], config.beam_size, axis=1) for part in state)
    for _ in range(config.max_length + 1):
        wanted = min(vocabulary_size, config.beam_size + tree.most_excluded())
        grown = step(words, memory, state, wanted)
        parents, words = tree.grow(grown)
        state = tuple(part[np.arange(len(parents))[:, None], parents] for part in grown.state)
        done = tree.done()
        if done.all():
            break
        if 2 * done.sum() >= len(done):  # these leave, so that there is half as much to do
            _put(found, searched[done], tree.of(done).read())
            searched, words, tree = searched[~done], words[~done], tree.of(~done)
            memory, state = _of(memory, ~done), _of(state, ~done)
    _put(found, searched, tree.read())
    return found


def _put(found: list[list[Hypothesis]], places: Whole, own: list[list[Hypothesis]]) -> None:
    for place, hypotheses in zip(places.tolist(), own, strict=True):
        found[place] = hypotheses


def _of(arrays: Sequence[NDArray[Any]], photos: Flags) -> Arrays:
    return tuple(array[photos] for array in arrays)


@dataclass
class _Tree:
    """All hypotheses of a search: each step's words, parents, scores and attention.

    The words that each hypothesis may not say again are kept in a table: working them out anew at
    every step, from all that was said, takes longer.
    """

    specials: Specials
    config: SearchConfig
    live: Floats  # (B, W)
    best: Floats  # (B, n), finished, ranked
    best_at: Whole  # (B, n)
    last: Whole  # (B, W, 1 or 2), what each hypothesis said last, or the start
    excluded: Flags  # (B, W, V), what each may not say for good
    counts: Whole  # (B, W), of those
    steps: tuple[Arrays, ...] = ()

    @classmethod
    def begun(
        cls, photos: int, specials: Specials, config: SearchConfig, vocabulary_size: int
    ) -> _Tree:
        """Trees of one hypothesis each; the other beams do not live."""
        live = np.full((photos, config.beam_size), NEVER, np.float32)
        live[:, 0] = 0
        best = np.full((photos, config.n_best), NEVER, np.float32)
        last = np.full((*live.shape, 1), specials.start, np.int64)
        excluded = np.zeros((*live.shape, vocabulary_size), np.bool_)
        excluded[:, :, list({*specials.never, specials.start})] = True
        counts = np.full(live.shape, len(specials.never) + 1)
        return cls(
            specials, config, live, best, np.zeros(best.shape, np.int64), last, excluded, counts
        )

    def of(self, photos: Flags) -> _Tree:
        """The trees of some of the photos."""
        live, best, best_at, last, excluded, counts = _of(
            (self.live, self.best, self.best_at, self.last, self.excluded, self.counts), photos
        )
        steps = tuple(_of(step, photos) for step in self.steps)
        return _Tree(self.specials, self.config, live, best, best_at, last, excluded, counts, steps)

    def most_excluded(self) -> int:
        """How many words at most may not follow a hypothesis: for good, the word that it said
        last, and an end.
        """
        return int(self.counts.max()) + 2

    def grow(self, grown: Grown) -> tuple[Whole, Whole]:
        """Let every hypothesis grow by a word; parents and words (B, W) of the new beams."""
        if len(self.steps) < self.config.max_length:
            likely, total = grown.words, grown.log_probs + self.live[:, :, None]
            total[self._excluded(likely)] = NEVER
        else:  # no room for anything but an end
            likely = np.full((*self.live.shape, 1), self.specials.end, np.int64)
            total = (grown.ending + self.live)[:, :, None]
        flat = total.reshape(len(total), -1)
        rows, order = _largest(flat, self.config.beam_size)
        parents, best = order // likely.shape[2], flat[rows, order]
        words = likely.reshape(flat.shape)[rows, order]
        ended = words == self.specials.end
        self._keep(best, ended)
        self.live = np.where(ended, np.float32(NEVER), best)
        self._say(parents, words)
        self.steps = (*self.steps, (words, parents, best, grown.alpha))
        return parents, words

    def _excluded(self, words: Whole) -> Flags:
        """Which of some words (B, W, c) may not follow: see `Specials`."""
        photos, beams, _ = words.shape
        table = self.excluded.reshape(photos * beams, -1)
        rows = np.arange(photos * beams)[:, None]
        excluded: Flags = table[rows, words.reshape(len(rows), -1)].reshape(words.shape)
        excluded |= words == self.last[:, :, -1:]
        early = self.specials.may_not_end(self.last)
        excluded |= (words == self.specials.end) & early[:, :, None]
        return excluded

    def _say(self, parents: Whole, words: Whole) -> None:
        photos = np.arange(len(parents))[:, None]
        said = self.last[photos, parents, -1]
        self.last = np.stack([said, words], 2)
        if not self.specials.families:
            return
        self.excluded = self.excluded[photos, parents]
        beams = np.arange(parents.shape[1])[None, :, None]
        self.excluded[photos[:, :, None], beams, self.specials.relatives[words]] = True
        self.counts = self.counts[photos, parents] + self.specials.family_sizes[words]

    def _keep(self, best: Floats, ended: Flags) -> None:
        if not ended.any():
            return
        t, width = len(self.steps), self.config.beam_size
        ranked = np.where(ended, best, np.float32(NEVER)) / (t + 1) ** self.config.length_power
        at = np.broadcast_to(np.arange(t * width, (t + 1) * width), ended.shape)
        ranks = np.concatenate([self.best, ranked], 1)
        rows, order = _largest(ranks, self.config.n_best)
        self.best = ranks[rows, order]
        self.best_at = np.concatenate([self.best_at, at], 1)[rows, order]

    def done(self) -> Flags:
        """For which photos (B,) nothing that lives can still change the n best."""
        longest = (self.config.max_length + 1) ** self.config.length_power
        return np.asarray(self.live.max(axis=1) / longest <= self.best[:, -1])

    def read(self) -> list[list[Hypothesis]]:
        """The hypotheses found, photo by photo."""
        words, parents, log_probs, alphas = map(np.stack, zip(*self.steps, strict=True))
        history = History(words, parents, log_probs, alphas)
        return history.best(self.best, self.best_at, end=self.specials.end)


def _largest(values: Floats, count: int) -> tuple[Whole, Whole]:
    """Rows and columns of each row's largest, the largest first; of equal ones the first."""
    columns = np.argsort(-values, axis=1, kind="stable")[:, :count]
    return np.arange(len(values))[:, None], columns
