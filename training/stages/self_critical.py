"""Self-critical sequence training (Rennie et al. 2017, arXiv 1612.00563): CIDEr-D itself, raised.

The decoder draws captions, and each is made likelier or less likely by how much better or worse
it is than a baseline: what the decoder says greedily, or the mean of the other captions drawn for
the photo (Luo 2020, arXiv 2003.09971). Document frequencies are those of the training captions.

The end of a caption counts as a word, in captions and references. Without it, n-grams have
nothing against a caption that breaks off ("a man in a red shirt and a"), and training learns to
write such ones: a known flaw. A caption that is cut at the greatest length has no end to count.

Dropout is off: the gradient is that of the distribution drawn from, and that is the one of use.
"""

from __future__ import annotations

import torch
from torch import Tensor

from captioner.model.decoder import Decoder, doubly_stochastic_penalty
from training.config import SelfCriticalStage
from training.drawing import draw_captions, log_likelihood, on_device
from training.loop import batch_of
from training.processes import ALONE, Processes
from training.rewards import Rewards, numbered
from training.stages.on_features import Features, OnFeatures
from training.stages.sentences import Sentences
from training.tokenizer import says_left_or_right


class SelfCritical(OnFeatures):
    """REINFORCE on captions drawn for photos, each in another view at random each time."""

    def __init__(
        self,
        decoder: Decoder,
        config: SelfCriticalStage,
        sentences: Sentences,
        features: Features,
        *,
        seed: int,
        processes: Processes = ALONE,
    ) -> None:
        super().__init__(decoder, config, sentences, features, processes)
        self._config, self._seed = config, seed
        words, end = sentences.vocabulary, sentences.vocabulary.end
        references = numbered(sentences.train_words, words.numbers)
        self._rewards = Rewards(
            [[(*caption, end) for caption in own if caption] or [(end,)] for own in references]
        )
        self._flippable = torch.tensor(
            [not any(map(says_left_or_right, own)) for own in sentences.train_words]
        )
        self.steps_per_epoch = max(1, len(references) // config.batch_size)

    def set_training_mode(self) -> None:
        """Evaluation mode: see the module's text."""
        self.module.eval()

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """Minus the gain of the captions drawn, weighted by their log-probability, a word."""
        config, pad = self._config, self._sentences.vocabulary.pad
        photos = batch_of(
            step, count=len(self._flippable), batch_size=config.batch_size, seed=self._seed
        )
        photos = self._processes.share(photos)
        annotations = self._features.any_view(photos, self._flippable[photos], generator)
        captions = self._draw(annotations, config.samples, on_device(generator, annotations.device))
        rewards = self._rewards_of(photos, captions)  # (B, W)
        baseline = self._baseline(photos, annotations, rewards)
        given = torch.full_like(captions[..., :1], self._sentences.specials.start)
        given = torch.cat([given, captions[..., :-1]], 2)
        scores, alpha = self.module(annotations, given)
        log_p = log_likelihood(scores, captions, self._sentences.specials)
        mask = captions != pad
        gain = (rewards - baseline).to(log_p.device).unsqueeze(2)
        words = self._processes.mean(mask.sum())  # so that each word counts as much as any other
        loss = -(gain * log_p * mask).sum() / words
        if config.attention_penalty:
            penalty = doubly_stochastic_penalty(alpha, mask)
            loss = loss + config.attention_penalty / captions.shape[2] * penalty
        return loss, {"reward": float(rewards.mean()), "baseline": float(baseline.mean())}

    def _baseline(self, photos: Tensor, annotations: Tensor, rewards: Tensor) -> Tensor:
        if self._config.baseline == "samples":
            others = rewards.sum(1, keepdim=True) - rewards
            return others / (rewards.shape[1] - 1)
        return self._rewards_of(photos, self._draw(annotations, 1, None))

    def _draw(self, annotations: Tensor, width: int, generator: torch.Generator | None) -> Tensor:
        return draw_captions(
            self.module,
            annotations,
            self._sentences.specials,
            width=width,
            longest=self._sentences.generation.max_length + 1,  # and the end
            pad=self._sentences.vocabulary.pad,
            generator=generator,
        )

    def _rewards_of(self, photos: Tensor, captions: Tensor) -> Tensor:
        """(B, W) of captions (B, W, T) of photos (B,), on the CPU."""
        pad, weight = self._sentences.vocabulary.pad, self._config.bleu_weight
        rewards = []
        for photo, own in zip(photos.tolist(), captions.tolist(), strict=True):
            said = [tuple(word for word in caption if word != pad) for caption in own]
            scores = [self._rewards.cider_d(photo, caption) for caption in said]
            if weight:
                more = [weight * self._rewards.bleu_4(photo, caption) for caption in said]
                scores = [a + b for a, b in zip(scores, more, strict=True)]
            rewards.append(scores)
        return torch.tensor(rewards)
