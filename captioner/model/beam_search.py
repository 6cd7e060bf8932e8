"""Beam search, batched over photos and beams, on whatever device the decoder lies.

One step is a handful of tensor operations for all photos together. The tree of hypotheses is
kept as parents and words of each step and read backwards at the end, so nothing but the
decoder's state moves when beams change places.
"""

from __future__ import annotations

from copy import copy

import torch
from torch import Tensor

from captioner.model.decoder import Decoder, widened
from captioner.model.search_types import NEVER, History, Hypothesis, SearchConfig, Specials

__all__ = ["NEVER", "BeamSearch", "Hypothesis", "SearchConfig", "Specials"]


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
        config, end, device = self._config, self._specials.end, annotations.device
        found: list[list[Hypothesis]] = [[] for _ in annotations]
        searched = list(range(len(found)))  # the photos that are not done
        memory, state = self._decoder.start_search(annotations)
        # All hypotheses start alike, so one is enough, if only it has enough to go on with.
        width = 1 if config.beam_size <= self._decoder.config.vocabulary_size else config.beam_size
        words = torch.full((len(found), width), self._specials.start, device=device)
        state = widened(state, words)
        tree = _Tree(words, config, self._specials)
        # CUDA runs ahead of Python; asking it at every step whether to stop would hold it up
        look_every = 4 if annotations.is_cuda else 1
        for t in range(config.max_length + 1):
            scores, alpha, state = self._decoder.step(words, memory, state)
            parents, words = tree.grow(scores.float(), alpha)
            state = state.select(parents)
            if (t + 1) % look_every:
                continue
            done = tree.done().tolist()
            if all(done):
                break
            if 2 * sum(done) >= len(done):  # these leave, so that there is half as much to do
                gone, left = _numbers(done, device), _numbers([not d for d in done], device)
                for number, own in zip(gone.tolist(), tree.of(gone).read(end), strict=True):
                    found[searched[number]] = own
                searched = [searched[number] for number in left.tolist()]
                tree, memory, state = tree.of(left), memory.of(left), state.of(left)
                words = words[left]
        for number, own in zip(searched, tree.read(end), strict=True):
            found[number] = own
        return found


def _numbers(chosen: list[bool], device: torch.device) -> Tensor:
    return torch.tensor([n for n, one in enumerate(chosen) if one], device=device)


class _Tree:
    """All hypotheses of a search: each step's words, parents and scores."""

    def __init__(self, words: Tensor, config: SearchConfig, specials: Specials) -> None:
        """`words` (B, W) are those it starts from; W may be another than the beams will be."""
        photos, device = len(words), words.device
        self._config, self._specials = config, specials
        self._said = words.unsqueeze(2)  # (B, W, t): what each hypothesis said, the start first
        self.live = torch.full(words.shape, NEVER, device=device)
        self.live[:, 0] = 0.0
        self._best = torch.full((photos, config.n_best), NEVER, device=device)  # finished, ranked
        self._best_at = torch.zeros((photos, config.n_best), dtype=torch.long, device=device)
        self._words: list[Tensor] = []  # (B, W) a step
        self._parents: list[Tensor] = []
        self._log_probs: list[Tensor] = []
        self._alphas: list[Tensor] = []  # (B, W, K) a step, by the parent's beam

    def of(self, photos: Tensor) -> _Tree:
        """The trees of some of the photos, by their numbers."""
        tree = copy(self)
        tree.live, tree._best = self.live[photos], self._best[photos]
        tree._best_at, tree._said = self._best_at[photos], self._said[photos]
        tree._words, tree._parents, tree._log_probs, tree._alphas = (
            [step[photos] for step in steps]
            for steps in (self._words, self._parents, self._log_probs, self._alphas)
        )
        return tree

    def grow(self, scores: Tensor, alpha: Tensor) -> tuple[Tensor, Tensor]:
        """Let every hypothesis grow by a word; returns parents and words of the new beams.

        `scores` (B, W, V) are of what follows the hypotheses, not normalised.
        """
        photos, size, width = len(scores), scores.shape[2], self._config.beam_size
        total = scores + (self.live.unsqueeze(2) - scores.logsumexp(2, keepdim=True))
        total = self._allowed(total).view(photos, -1)
        best, index = total.topk(width, dim=1)  # sorted, best first
        parents, words = index // size, index % size
        ended = words == self._specials.end
        self._keep(best, ended)
        self.live = best.masked_fill(ended, NEVER)
        kept = self._said.gather(1, parents.unsqueeze(2).expand(-1, -1, self._said.shape[2]))
        self._said = torch.cat([kept, words.unsqueeze(2)], 2)
        self._words.append(words)
        self._parents.append(parents)
        self._log_probs.append(best)
        self._alphas.append(alpha.expand(-1, width, -1))
        return parents, words

    def _allowed(self, total: Tensor) -> Tensor:
        """What `Specials.forbid` allows, and in the last step an end alone."""
        if len(self._words) < self._config.max_length:
            return self._specials.forbid(total, self._said)
        end = self._specials.end
        ended = torch.full_like(total, NEVER)  # no room for anything else
        ended[:, :, end] = total[:, :, end]
        return ended

    def _keep(self, best: Tensor, ended: Tensor) -> None:
        if not ended.is_cuda and not ended.any():  # asking costs nothing there
            return
        t, width = len(self._words), ended.shape[1]
        ranked = best.masked_fill(~ended, NEVER) / (t + 1) ** self._config.length_power
        at = torch.arange(t * width, (t + 1) * width, device=ended.device).expand_as(ended)
        ranks = torch.cat([self._best, ranked], 1)
        self._best, order = ranks.topk(self._config.n_best, dim=1)
        self._best_at = torch.cat([self._best_at, at], 1).gather(1, order)

    def done(self) -> Tensor:
        """For which photos (B,) nothing that lives can still change the n best."""
        longest = (self._config.max_length + 1) ** self._config.length_power
        hope: Tensor = self.live.amax(dim=1) / longest
        return hope <= self._best[:, -1]

    def read(self, end: int) -> list[list[Hypothesis]]:
        """The hypotheses found, photo by photo, read from the leaves to the root."""
        steps = (self._words, self._parents, self._log_probs, self._alphas)
        history = History(*(torch.stack(step).cpu().numpy() for step in steps))
        return history.best(self._best.cpu().numpy(), self._best_at.cpu().numpy(), end=end)
