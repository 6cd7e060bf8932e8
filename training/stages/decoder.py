"""Decoder training on annotation vectors that a frozen encoder computed once."""

from __future__ import annotations

import torch
from torch import Tensor

from captioner.model.decoder import Decoder
from training.config import DecoderStage
from training.distributed.processes import ALONE, Processes
from training.losses.caption_loss import CaptionLoss
from training.stages.caption_batches import Sentences
from training.stages.frozen_encoder import Features, OnFeatures


class DecoderOnFeatures(OnFeatures):
    """Cross-entropy on captions, with another view of the photo at random each time."""

    def __init__(
        self,
        decoder: Decoder,
        config: DecoderStage,
        sentences: Sentences,
        features: Features,
        processes: Processes = ALONE,
    ) -> None:
        super().__init__(decoder, config, sentences, features, processes)
        self.steps_per_epoch = sentences.steps_per_epoch
        self._loss = CaptionLoss(
            config,
            sentences.vocabulary,
            photos=sentences.train,
            steps=config.epochs * self.steps_per_epoch,
            processes=processes,
        )

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The captioning loss of one batch of captions of like length."""
        batch = self._sentences.batch(step, self._processes)
        annotations, crops = self._features.any_view(batch.photos, batch.flippable, generator)
        return self._loss(self.module, annotations, crops, batch, step=step, generator=generator)

    def extra_state(self) -> dict[str, Tensor]:
        return self._loss.state()

    def load_extra_state(self, tensors: dict[str, Tensor]) -> None:
        self._loss.load_state(tensors, self._features.device)
