"""A decoder raised to better scores, on the annotation vectors of a frozen encoder."""

from __future__ import annotations

import torch
from torch import Tensor

from captioner.model.decoder import Decoder
from training.config import SelfCriticalStage
from training.distributed.processes import ALONE, Processes
from training.losses.self_critical import SelfCriticalLoss
from training.stages.caption_batches import Sentences
from training.stages.frozen_encoder import Features, OnFeatures


class SelfCritical(OnFeatures):
    """`SelfCriticalLoss` on photos, each in another view at random each time."""

    def __init__(
        self,
        decoder: Decoder,
        config: SelfCriticalStage,
        sentences: Sentences,
        features: Features,
        processes: Processes = ALONE,
    ) -> None:
        super().__init__(decoder, config, sentences, features, processes)
        self._loss = SelfCriticalLoss(
            config,
            sentences.train,
            sentences.train_words,
            sentences.vocabulary,
            sentences.specials,
            max_length=sentences.generation.max_length,
            processes=processes,
        )
        self.steps_per_epoch = max(1, len(sentences.train) // config.batch_size)

    def set_training_mode(self) -> None:
        """Evaluation mode, as the loss wants it."""
        self.module.eval()

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The loss of captions drawn for one batch of photos."""
        photos = self._sentences.any_photos(step, self._processes)
        flippable = self._loss.flippable[photos]
        annotations, crops = self._features.any_view(photos, flippable, generator)
        return self._loss(self.module, annotations, crops, photos, generator)
