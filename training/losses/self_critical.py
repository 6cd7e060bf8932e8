"""Self-critical sequence training (Rennie et al. 2017, arXiv 1612.00563): optimizes CIDEr-D itself.

The decoder samples captions. Each is made likelier if its reward is above a baseline, and less
likely if it is below. The baseline is the reward of the greedy caption, or the mean reward of the
other samples for the photo (Luo 2020, arXiv 2003.09971). Document frequencies come from the
training captions.

The end of a caption counts as a word, in captions and references. Without it, n-grams do not
punish a caption that breaks off ("a man in a red shirt and a"), and training learns to write such
captions: a known flaw. A caption that was cut at the maximum length has no end.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.decoder import Decoder
from captioner.model.search_types import Specials
from training.data.languages import says_left_or_right
from training.data.reader_base import CaptionedPhoto
from training.distributed.processes import SINGLE_PROCESS, ProcessGroup
from training.losses.caption_loss import doubly_stochastic_penalty
from training.losses.pointing import PointingLoss
from training.losses.rewards import CaptionRewards, NamingReward, encode_captions
from training.losses.sampling import generator_on, log_likelihood, sample_captions
from training.stage_config import SelfCriticalOptions, SelfCriticalStage


class SelfCriticalLoss:
    """The REINFORCE loss of sampled captions.

    The decoder must be in evaluation mode, so that samples and gradients come from the same
    distribution, without dropout.
    """

    def __init__(
        self,
        config: SelfCriticalOptions | SelfCriticalStage,
        photos: Sequence[CaptionedPhoto],
        said: Sequence[Sequence[Sequence[str]]],
        vocabulary: Vocabulary,
        specials: Specials,
        *,
        max_length: int,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        """`said` are the words of each reference caption of each photo."""
        self._pointing = PointingLoss(photos, vocabulary) if config.pointing else None
        self._naming = NamingReward(photos, vocabulary) if config.naming else None
        self._config, self._specials, self._pad = config, specials, vocabulary.pad
        self._longest = max_length + 1  # and the end
        self._processes = processes
        end = vocabulary.end
        self._rewards = CaptionRewards(
            [
                [(*caption, end) for caption in own if caption] or [(end,)]
                for own in encode_captions(said, vocabulary.numbers)
            ]
        )
        # (N,), whether the mirrored photo may keep its captions
        self.flippable = torch.tensor([not any(map(says_left_or_right, own)) for own in said])

    def __call__(
        self,
        decoder: Decoder,
        annotations: Tensor,
        crops: Tensor,
        photos: Tensor,
        generator: torch.Generator,
    ) -> tuple[Tensor, dict[str, float]]:
        """The loss per word of captions sampled for annotations (B, K, D) of crops (B, 4).

        `photos` (B,) are indices into `said`.
        """
        config, pad = self._config, self._pad
        random = generator_on(generator, annotations.device)
        captions = self._draw(decoder, annotations, config.samples, random)
        rewards = self._rewards_of(photos, captions)  # (B, W)
        baseline = self._baseline(decoder, photos, annotations, rewards)
        given = torch.full_like(captions[..., :1], self._specials.start)
        given = torch.cat([given, captions[..., :-1]], 2)
        scores, alpha = decoder(annotations, given)
        log_p = log_likelihood(scores, captions, self._specials)
        mask = captions != pad
        gain = (rewards - baseline).to(log_p.device).unsqueeze(2)
        words = self._processes.mean(mask.sum())  # gives every word the same weight everywhere
        loss = -(gain * log_p * mask).sum() / words
        if config.attention_penalty:
            penalty = doubly_stochastic_penalty(alpha, mask)
            loss = loss + config.attention_penalty / captions.shape[2] * penalty
        numbers = {"reward": float(rewards.mean()), "baseline": float(baseline.mean())}
        if self._pointing:
            pointing = self._pointing(alpha, captions, photos, crops)
            loss = loss + config.pointing * pointing
            numbers["pointing"] = float(pointing.detach())
        return loss, numbers

    def _baseline(
        self, decoder: Decoder, photos: Tensor, annotations: Tensor, rewards: Tensor
    ) -> Tensor:
        if self._config.baseline == "samples":
            others = rewards.sum(1, keepdim=True) - rewards
            return others / (rewards.shape[1] - 1)
        return self._rewards_of(photos, self._draw(decoder, annotations, 1, None))

    def _draw(
        self, decoder: Decoder, annotations: Tensor, width: int, generator: torch.Generator | None
    ) -> Tensor:
        return sample_captions(
            decoder,
            annotations,
            self._specials,
            width=width,
            longest=self._longest,
            pad=self._pad,
            generator=generator,
        )

    def _rewards_of(self, photos: Tensor, captions: Tensor) -> Tensor:
        """(B, W) of captions (B, W, T) of photos (B,), on the CPU."""
        weight, rewards = self._config.bleu_weight, []
        for photo, own in zip(photos.tolist(), captions.tolist(), strict=True):
            said = [tuple(word for word in caption if word != self._pad) for caption in own]
            scores = [self._rewards.cider_d(photo, caption) for caption in said]
            if weight:
                more = [weight * self._rewards.bleu_4(photo, caption) for caption in said]
                scores = [a + b for a, b in zip(scores, more, strict=True)]
            if self._naming:
                named = [self._config.naming * self._naming(photo, caption) for caption in said]
                scores = [a + b for a, b in zip(scores, named, strict=True)]
            rewards.append(scores)
        return torch.tensor(rewards)
