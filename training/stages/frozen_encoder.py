"""What the stages on a frozen encoder share: annotation vectors computed once, validation."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from captioner.model.decoder import Decoder
from training.config import DecoderStage, SelfCriticalStage
from training.distributed.processes import ALONE, Processes
from training.loop import Stage
from training.losses.caption_loss import CaptionLoss, cross_entropy
from training.losses.self_critical import SelfCriticalLoss
from training.stages.caption_batches import Sentences, numbers_of
from training.stages.features import Features


class OnFeatures(Stage):
    """A stage that trains a decoder on cached annotation vectors."""

    module: Decoder

    def __init__(
        self,
        decoder: Decoder,
        config: DecoderStage | SelfCriticalStage,
        sentences: Sentences,
        features: Features,
        processes: Processes = ALONE,
    ) -> None:
        self.module = decoder.to(features.device)
        self._sentences, self._features = sentences, features
        self._processes = processes
        self._validate_photos = config.validate_photos

    def validate(self, module: nn.Module) -> dict[str, float]:
        """Loss on all held-out captions; scores of captions searched for held-out photos."""
        assert isinstance(module, Decoder)
        sentences, features = self._sentences, self._features
        table, losses = sentences.val_table, []
        for rows in table.batches(batch_size=250, seed=0, epoch=0):
            annotations = features.val[table.photo[rows]].to(features.device).float()
            numbers = numbers_of(table, rows, annotations)[:, None]
            scores, _ = module(annotations, numbers[..., :-1])
            losses.append(float(cross_entropy(scores, numbers[..., 1:], sentences.vocabulary.pad)))
        chunks = [
            chunk.to(features.device).float()
            for chunk in torch.split(features.val[: self._validate_photos], 50)
        ]
        return {"val_entropy": sum(losses) / len(losses)} | sentences.scores(module, chunks)


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
