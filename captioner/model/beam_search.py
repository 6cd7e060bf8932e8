"""Beam search, batched over photos and beams, on whatever device the decoder lies.

One step is a handful of tensor operations for all photos together. The tree of hypotheses is
kept as parents and words of each step and read backwards at the end, so nothing but the
decoder's state moves when beams change places.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from captioner.model.decoder import Decoder, widened

NEVER = float("-inf")


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
    alphas: Tensor  # attention, (len(words), K), on the CPU


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
        forbidden = torch.zeros_like(scores, dtype=torch.bool)
        forbidden.scatter_(-1, previous.unsqueeze(-1), value=True)
        forbidden[..., self.end] = previous == self.start
        forbidden[..., list(self.never)] = True
        return scores.masked_fill(forbidden, NEVER)


class BeamSearch:
    """Finds the n best sentences for each of several photos.

    A hypothesis that ends leaves its beam; the beam is filled again from those still alive.
    A photo is done when no living hypothesis can still beat its n-th best finished one: a
    log-probability only falls, so log_prob / max_length ** length_power bounds what it can
    become. Going on after that changes nothing, so a photo's captions do not depend on the
    other photos of its batch. A hypothesis of `max_length` words ends there and is ranked with
    the cost of that end, so there is always a sentence.
    """

    def __init__(self, decoder: Decoder, specials: Specials, config: SearchConfig) -> None:
        self._decoder, self._specials, self._config = decoder, specials, config

    @torch.inference_mode()
    def __call__(self, annotations: Tensor) -> list[list[Hypothesis]]:
        """For each photo of annotations (B, K, D), at least one hypothesis, best first."""
        config = self._config
        tree = _Tree(annotations.shape[0], config, annotations.device)
        memory, state = self._decoder.start(annotations)
        words = torch.full(tree.live.shape, self._specials.start, device=annotations.device)
        state = widened(state, words)
        # CUDA runs ahead of Python; asking it at every step whether to stop would hold it up
        look_every = 4 if annotations.is_cuda else 1
        for t in range(config.max_length + 1):
            scores, alpha, state = self._decoder.step(words, memory, state)
            log_probs = torch.log_softmax(scores.float(), dim=2)
            parents, words = tree.grow(t, self._allowed(log_probs, words, t), alpha, self._specials)
            state = state.select(parents)
            if (t + 1) % look_every == 0 and tree.done():
                break
        return tree.read(self._specials.end)

    def _allowed(self, log_probs: Tensor, previous: Tensor, t: int) -> Tensor:
        if t == self._config.max_length:
            ended = torch.full_like(log_probs, NEVER)  # no room for anything else
            ended[:, :, self._specials.end] = log_probs[:, :, self._specials.end]
            return ended
        return self._specials.forbid(log_probs, previous)


class _Tree:
    """All hypotheses of a search: each step's words, parents and scores."""

    def __init__(self, photos: int, config: SearchConfig, device: torch.device) -> None:
        width = config.beam_size
        self._config = config
        self.live = torch.full((photos, width), NEVER, device=device)
        self.live[:, 0] = 0.0  # all beams start alike: one is enough
        self._best = torch.full((photos, config.n_best), NEVER, device=device)  # finished, ranked
        self._best_at = torch.zeros((photos, config.n_best), dtype=torch.long, device=device)
        self._words: list[Tensor] = []  # (B, W) a step
        self._parents: list[Tensor] = []
        self._log_probs: list[Tensor] = []
        self._alphas: list[Tensor] = []  # (B, W, K) a step, by the parent's beam

    def grow(
        self, t: int, log_probs: Tensor, alpha: Tensor, specials: Specials
    ) -> tuple[Tensor, Tensor]:
        """Let every hypothesis grow by a word; returns parents and words of the new beams."""
        photos, width, size = log_probs.shape
        total = (self.live.unsqueeze(2) + log_probs).view(photos, width * size)
        best, index = total.topk(width, dim=1)  # sorted, best first
        parents, words = index // size, index % size
        ended = words == specials.end
        self._keep(t, best.masked_fill(~ended, NEVER))
        self.live = best.masked_fill(ended, NEVER)
        self._words.append(words)
        self._parents.append(parents)
        self._log_probs.append(best)
        self._alphas.append(alpha)
        return parents, words

    def _keep(self, t: int, ended: Tensor) -> None:
        ranked = ended / (t + 1) ** self._config.length_power
        width = ended.shape[1]
        at = torch.arange(t * width, (t + 1) * width, device=ended.device).expand_as(ended)
        ranks = torch.cat([self._best, ranked], 1)
        self._best, order = ranks.topk(self._config.n_best, dim=1)
        self._best_at = torch.cat([self._best_at, at], 1).gather(1, order)

    def done(self) -> bool:
        """Whether nothing that lives can still change any photo's n best."""
        longest = (self._config.max_length + 1) ** self._config.length_power
        hope = self.live.max(dim=1).values / longest
        return bool((hope <= self._best[:, -1]).all())

    def read(self, end: int) -> list[list[Hypothesis]]:
        """The hypotheses found, photo by photo, read from the leaves to the root."""
        words = torch.stack(self._words).cpu()  # (T, B, W)
        parents = torch.stack(self._parents).cpu()
        log_probs = torch.stack(self._log_probs).cpu()
        alphas = torch.stack(self._alphas).cpu()  # (T, B, W, K)
        ranks, leaves = self._best.cpu(), self._best_at.cpu()
        width = self._config.beam_size
        found: list[list[Hypothesis]] = []
        for b in range(words.shape[1]):
            tree = (words[:, b], parents[:, b], log_probs[:, b], alphas[:, b])
            own = [
                _path(tree, *divmod(int(leaf), width), end=end)
                for rank, leaf in zip(ranks[b], leaves[b], strict=True)
                if rank > NEVER
            ]
            found.append(own)
        return found


def _path(
    tree: tuple[Tensor, Tensor, Tensor, Tensor], t: int, beam: int, *, end: int
) -> Hypothesis:
    words, parents, log_probs, alphas = tree
    total = float(log_probs[t, beam])
    said: list[int] = []
    gains: list[float] = []
    looked: list[Tensor] = []
    while t >= 0:
        parent = int(parents[t, beam])
        before = float(log_probs[t - 1, parent]) if t else 0.0
        if int(words[t, beam]) != end:
            said.append(int(words[t, beam]))
            gains.append(float(log_probs[t, beam]) - before)
            looked.append(alphas[t, parent])
        t, beam = t - 1, parent
    return Hypothesis(
        words=tuple(reversed(said)),
        word_log_probs=tuple(reversed(gains)),
        log_prob=total,
        alphas=torch.stack(looked[::-1]) if looked else alphas.new_zeros((0, alphas.shape[2])),
    )
