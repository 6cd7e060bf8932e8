"""The cross-entropy loss of captions, with the terms that the configuration adds to it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.decoder import Decoder, LSTMDecoder, expand_state
from training.data.reader_base import CaptionedPhoto
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.losses.attention import HardAttentionLoss, PointingLoss, SampledAttention
from training.losses.sampling import generator_on, unroll_with_scheduled_sampling
from training.stage_config import DecoderStage, EndToEndStage
from training.stages.caption_batches import Batch


class CaptionLoss:
    """Cross-entropy with label smoothing, eq. 14's penalty, scheduled sampling, hard attention.

    The pointing loss is added if the configuration asks for it.
    """

    def __init__(
        self,
        config: DecoderStage | EndToEndStage,
        vocabulary: Vocabulary,
        *,
        photos: Sequence[CaptionedPhoto],
        steps: int,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        """`photos` are those that batches refer to; `steps` is the number of steps of the stage."""
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
        token_ids = batch.token_ids.to(annotations.device)
        words, targets = token_ids[..., :-1], token_ids[..., 1:]  # (B, W, T)
        mask = targets != self._vocabulary.pad
        scores, alpha, sampled_attention = self._scores(
            decoder, annotations, words, step, generator
        )
        entropy = cross_entropy(
            scores, targets, self._vocabulary.pad, smoothing=self._config.label_smoothing
        )
        entropy = batch.weight * entropy  # gives every word the same weight over all processes
        penalty = doubly_stochastic_penalty(alpha, mask)
        # the entropy is a mean over words, so the penalty must be one too
        loss = entropy + self._config.attention_penalty / token_ids.shape[2] * penalty  # eq. 14
        if sampled_attention is not None:
            log_p = torch.log_softmax(scores.detach().float(), 3)
            log_p = log_p.gather(3, targets.unsqueeze(3)).squeeze(3)
            loss = loss + self._hard(sampled_attention, log_p, alpha, mask)
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
    ) -> tuple[Tensor, Tensor, SampledAttention | None]:
        memory, state = decoder.start(annotations)
        state = expand_state(state, words)
        sampled_attention = None
        if isinstance(decoder, LSTMDecoder) and decoder.config.attention == "hard":
            sampled_attention = self._hard.sample(words, generator_on(generator, words.device))
            memory = memory._replace(phi=sampled_attention)
        scheduled = self._config.scheduled_sampling
        own = scheduled.probability(step / self._steps) if scheduled else 0.0
        if own:
            scores, alpha = unroll_with_scheduled_sampling(
                decoder,
                words,
                memory,
                state,
                probability=own,
                generator=generator_on(generator, words.device),
            )
        else:
            scores, alpha = decoder.unroll(words, memory, state)
        return scores, alpha, sampled_attention

    def state(self) -> dict[str, Tensor]:
        """The tensors that a resumed run needs besides weights and optimizer."""
        return self._hard.state()

    def load_state(self, tensors: dict[str, Tensor], device: torch.device) -> None:
        """Restore what `state` returned."""
        self._hard.load_state(tensors, device)


def cross_entropy(scores: Tensor, targets: Tensor, pad: int, *, smoothing: float = 0.0) -> Tensor:
    """The cross-entropy, in nats per word, of targets (B, W, T) under scores (B, W, T, V).

    Padding is ignored.
    """
    return F.cross_entropy(
        scores.flatten(0, 2).float(), targets.flatten(), ignore_index=pad, label_smoothing=smoothing
    )


def doubly_stochastic_penalty(alpha: Tensor, mask: Tensor) -> Tensor:
    """The doubly stochastic regulariser of eq. 14 (section 4.2.1): look at the whole photo.

    Every place should get about the same attention in the course of a caption. alpha is
    (B, W, T, K); mask (B, W, T) is true for words and false for padding. The squared differences
    are summed over the K places and averaged over the captions.
    """
    total = (alpha * mask.unsqueeze(3)).sum(dim=2)  # (B, W, K)
    return (1 - total).square().sum(dim=2).mean()  # the second term of eq. 14
