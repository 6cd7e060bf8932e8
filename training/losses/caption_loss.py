"""The loss of predicting captions, with what the configuration adds to cross-entropy."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.decoder import Decoder, widened
from captioner.model.lstm import LSTMDecoder
from training.config import DecoderStage, EndToEndStage
from training.data.reader_base import CaptionedPhoto
from training.distributed.processes import ALONE, Processes
from training.losses.hard_attention import Glimpses, HardAttentionLoss
from training.losses.pointing import PointingLoss
from training.losses.sampling import on_device, unroll_with_own_words
from training.stages.caption_batches import Batch


class CaptionLoss:
    """Cross-entropy with label smoothing, eq. 14's penalty, scheduled sampling, hard attention."""

    def __init__(
        self,
        config: DecoderStage | EndToEndStage,
        vocabulary: Vocabulary,
        *,
        photos: Sequence[CaptionedPhoto],
        steps: int,
        processes: Processes = ALONE,
    ) -> None:
        """`photos` are those that batches count; `steps` is how many the stage has."""
        self._config, self._vocabulary, self._steps = config, vocabulary, steps
        self._hard = HardAttentionLoss(config.hard_attention, processes)
        self._pointing = PointingLoss(photos, vocabulary) if config.pointing else None

    def __call__(
        self,
        decoder: Decoder,
        annotations: Tensor,
        crops: Tensor,
        batch: Batch,
        *,
        step: int,
        generator: torch.Generator,
    ) -> tuple[Tensor, dict[str, float]]:
        """The loss of a batch's captions, W for each of annotations (B, K, D) of crops (B, 4)."""
        numbers = batch.numbers.to(annotations.device)
        words, targets = numbers[..., :-1], numbers[..., 1:]  # (B, W, T)
        mask = targets != self._vocabulary.pad
        scores, alpha, glimpses = self._scores(decoder, annotations, words, step, generator)
        entropy = cross_entropy(
            scores, targets, self._vocabulary.pad, smoothing=self._config.label_smoothing
        )
        entropy = batch.weight * entropy  # so that each word counts as much as any other
        penalty = doubly_stochastic_penalty(alpha, mask)
        # the entropy is a mean over words: so must the penalty be
        loss = entropy + self._config.attention_penalty / numbers.shape[2] * penalty  # eq. 14
        if glimpses is not None:
            log_p = torch.log_softmax(scores.detach().float(), 3)
            log_p = log_p.gather(3, targets.unsqueeze(3)).squeeze(3)
            loss = loss + self._hard(glimpses, log_p, alpha, mask)
        found = {"entropy": float(entropy.detach())}
        if self._pointing:
            pointing = self._pointing(alpha, targets, batch.photos, crops)
            loss = loss + self._config.pointing * pointing
            found["pointing"] = float(pointing.detach())
        return loss, found

    def _scores(
        self,
        decoder: Decoder,
        annotations: Tensor,
        words: Tensor,
        step: int,
        generator: torch.Generator,
    ) -> tuple[Tensor, Tensor, Glimpses | None]:
        memory, state = decoder.start(annotations)
        state = widened(state, words)
        glimpses = None
        if isinstance(decoder, LSTMDecoder) and decoder.config.attention == "hard":
            glimpses = self._hard.glimpses(words, on_device(generator, words.device))
            memory = memory._replace(phi=glimpses)
        scheduled = self._config.scheduled_sampling
        own = scheduled.probability(step / self._steps) if scheduled else 0.0
        if own:
            scores, alpha = unroll_with_own_words(
                decoder,
                words,
                memory,
                state,
                probability=own,
                generator=on_device(generator, words.device),
            )
        else:
            scores, alpha = decoder.unroll(words, memory, state)
        return scores, alpha, glimpses

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs beside weights and optimizer."""
        return self._hard.state()

    def load_state(self, tensors: dict[str, Tensor], device: torch.device) -> None:
        """Go on with what `state` gave."""
        self._hard.load_state(tensors, device)


def cross_entropy(scores: Tensor, targets: Tensor, pad: int, *, smoothing: float = 0.0) -> Tensor:
    """Nats a word, of targets (B, W, T) under scores (B, W, T, V); padding does not count."""
    return F.cross_entropy(
        scores.flatten(0, 2).float(), targets.flatten(), ignore_index=pad, label_smoothing=smoothing
    )


def doubly_stochastic_penalty(alpha: Tensor, mask: Tensor) -> Tensor:
    """The regulariser of eq. 14: every place should get about as much attention as every other.

    alpha (B, W, T, K), mask (B, W, T) true where a word counts. Reduction: the squared
    differences are summed over the K places and averaged over the captions.
    """
    total = (alpha * mask.unsqueeze(3)).sum(dim=2)  # (B, W, K)
    return (1 - total).square().sum(dim=2).mean()  # the second term of eq. 14
