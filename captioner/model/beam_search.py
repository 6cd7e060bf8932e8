"""Beam search, batched over photos and beams, on the decoder's device.

One step is a few tensor operations for all photos together. The tree of hypotheses is stored as
the parents and words of each step, and read backwards at the end. So only the decoder's state is
moved when beams change places.
"""

from __future__ import annotations

from copy import copy

import torch
from torch import Tensor

from captioner.model.decoder import Decoder, expand_state
from captioner.model.search_types import NEVER, History, Hypothesis, SearchConfig, Specials

__all__ = ["NEVER", "BeamSearch", "Hypothesis", "SearchConfig", "Specials"]


class BeamSearch:
    """Finds the n best sentences for each of several photos.

    A hypothesis that ends leaves its beam, which is filled from the live ones. A photo is done when
    no live hypothesis can still beat its n-th best finished one. Log-probabilities only fall, so
    log_prob / (max_length + 1) ** length_power is an upper bound of the score. Searching longer
    would change nothing, so a photo's captions do not depend on the other photos of its batch. A
    hypothesis of `max_length` words must end, with the cost of that end, so there is always a
    sentence.
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
        # All hypotheses start alike, so one is enough if the vocabulary has enough words.
        width = 1 if config.beam_size <= self._decoder.config.vocabulary_size else config.beam_size
        words = torch.full((len(found), width), self._specials.start, device=device)
        state = expand_state(state, words)
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
            if 2 * sum(done) >= len(done):  # drop the finished photos: half of the work
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
        """`words` (B, W) are the first ones; W may differ from the number of beams."""
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
        """The trees of some photos, given by their indices."""
        tree = copy(self)
        tree.live, tree._best = self.live[photos], self._best[photos]
        tree._best_at, tree._said = self._best_at[photos], self._said[photos]
        tree._words, tree._parents, tree._log_probs, tree._alphas = (
            [step[photos] for step in steps]
            for steps in (self._words, self._parents, self._log_probs, self._alphas)
        )
        return tree

    def grow(self, scores: Tensor, alpha: Tensor) -> tuple[Tensor, Tensor]:
        """Extend every hypothesis by a word; returns the parents and words of the new beams.

        `scores` (B, W, V) are those of the next word, not normalised.
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
        """The words that `Specials.forbid` allows; in the last step only the end."""
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
        """For which photos (B,) no live hypothesis can change the n best any more."""
        longest = (self._config.max_length + 1) ** self._config.length_power
        hope: Tensor = self.live.amax(dim=1) / longest
        return hope <= self._best[:, -1]

    def read(self, end: int) -> list[list[Hypothesis]]:
        """The n best hypotheses of each photo, read from the leaves to the root."""
        steps = (self._words, self._parents, self._log_probs, self._alphas)
        history = History(*(torch.stack(step).cpu().numpy() for step in steps))
        return history.best(self._best.cpu().numpy(), self._best_at.cpu().numpy(), end=end)
