"""Stochastic "hard" attention (section 4.1 of the paper): look at one place, learn by REINFORCE.

The decoder looks at one place s̃ sampled from alpha, which is not differentiable. The gradient
(eq. 11) of the bound L_s (eq. 10) is estimated with one sample (eq. 12), with a moving average of
the log-likelihood as baseline b and the entropy of the places added:

    ∂log p(y|s̃,a) + λ_r (log p(y|s̃,a) − b) ∂log p(s̃|a) + λ_e ∂H[s̃]

All three terms are divided by the caption's number of words, as the cross-entropy is. So b is an
average of log-likelihoods per word, and captions of all lengths share it. Half of the captions
(the paper: "with probability 0.5 for a given image") use the expected value of s̃ instead, which
is soft attention; the entropy term applies to all.

The search samples nothing: the decoder uses the expected value, as in half of its training. So a
photo always gets the same caption, unlike with the paper's sampling.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from training.distributed.processes import SINGLE_PROCESS, ProcessGroup
from training.stage_config import HardAttention


class SampledAttention:
    """A φ (eq. 6) that samples one place for each word (eqs. 8 and 9) and remembers it."""

    def __init__(self, sampled: Tensor, generator: torch.Generator) -> None:
        """`sampled` (B, W): the captions that look at one place; the others use soft attention."""
        self.sampled = sampled
        self._generator = generator
        self._places: list[Tensor] = []

    def __call__(self, annotations: Tensor, alpha: Tensor) -> Tensor:
        """The context vectors (B, W, D) of annotations (B, K, D) and weights (B, W, K)."""
        rows = alpha.detach().float().flatten(0, 1)
        place = torch.multinomial(rows, 1, generator=self._generator)  # s̃ of eq. 8
        place = place.view(alpha.shape[:2])  # (B, W)
        self._places.append(place)
        one = F.one_hot(place, alpha.shape[2]).to(alpha.dtype)
        weights = torch.where(self.sampled.unsqueeze(2), one, alpha)  # (B, W, K)
        return torch.bmm(weights, annotations)  # (B, W, D), eq. 9; eq. 13 where not sampled

    def log_probability(self, alpha: Tensor, mask: Tensor) -> Tensor:
        """Log p(s̃|a) (B, W) of the sampled places of each caption, given alpha (B, W, T, K)."""
        places = torch.stack(self._places, 2).unsqueeze(3)  # (B, W, T, 1)
        log_alpha = _log(alpha).gather(3, places).squeeze(3)
        return (log_alpha * mask).sum(2)


class HardAttentionLoss:
    """The terms that hard attention adds to the cross-entropy; keeps the moving average b."""

    def __init__(self, config: HardAttention, processes: ProcessGroup = SINGLE_PROCESS) -> None:
        self._config, self._processes = config, processes
        self._baseline: Tensor | None = None  # the first batch is its own

    def sample(self, words: Tensor, generator: torch.Generator) -> SampledAttention:
        """A φ for a batch of captions (B, W, T); the generator must be on their device."""
        coins = torch.rand(words.shape[:2], generator=generator, device=words.device)
        return SampledAttention(coins < self._config.sampled, generator)

    def __call__(
        self,
        sampled_attention: SampledAttention,
        log_likelihood: Tensor,
        alpha: Tensor,
        mask: Tensor,
    ) -> Tensor:
        """The loss to add, from a batch's log p (B, W, T) and alpha (B, W, T, K).

        `mask` (B, W, T) is false for padding. Updates the baseline.
        """
        reward = _mean_of(log_likelihood.detach().float(), mask)  # (B, W), a word
        drawn = sampled_attention.sampled
        if self._baseline is None:
            self._baseline = self._processes.mean(reward.mean())
        gain = torch.where(drawn, reward - self._baseline, 0.0)
        # One sample (eq. 12) of the second term of eq. 11, the gradient of eq. 10; the first term
        # is the gradient of the cross-entropy.
        reinforce = (gain * sampled_attention.log_probability(alpha, mask)).mean()
        entropy = _mean_of(-(alpha * _log(alpha)).sum(3), mask).mean()
        if (usual := self._processes.mean_where(reward, drawn)) is not None:
            keep = self._config.baseline_decay
            self._baseline = keep * self._baseline + (1 - keep) * usual
        return -(self._config.reinforce * reinforce + self._config.entropy * entropy)

    def state(self) -> dict[str, Tensor]:
        """The tensors that a resumed run needs: the baseline."""
        return {} if self._baseline is None else {"baseline": self._baseline}

    def load_state(self, tensors: dict[str, Tensor], device: torch.device) -> None:
        """Restore what `state` returned."""
        baseline = tensors.get("baseline")
        self._baseline = None if baseline is None else baseline.to(device)


def _log(alpha: Tensor) -> Tensor:
    return alpha.clamp(min=torch.finfo(torch.float32).tiny).log()


def _mean_of(numbers: Tensor, mask: Tensor) -> Tensor:
    return (numbers * mask).sum(2) / mask.sum(2).clamp(min=1)
