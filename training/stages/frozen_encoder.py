"""The stages that train a decoder on a frozen encoder's features: cross-entropy, self-critical."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from captioner.model.decoder import Decoder
from training.distributed.processes import SINGLE_PROCESS, ProcessGroup
from training.loop import Stage
from training.losses.caption_loss import CaptionLoss, cross_entropy
from training.losses.self_critical import SelfCriticalLoss
from training.stage_config import DecoderStage, SelfCriticalStage
from training.stages.caption_batches import CaptionBatches, token_ids_of
from training.stages.features import Features


class FrozenEncoderStage(Stage):
    """The base of stages that train a decoder on cached annotation vectors."""

    module: Decoder

    def __init__(
        self,
        decoder: Decoder,
        config: DecoderStage | SelfCriticalStage,
        captions: CaptionBatches,
        features: Features,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        self.module = decoder.to(features.device)
        self._captions, self._features = captions, features
        self._processes = processes
        self._validate_photos = config.validate_photos

    def validate(self, module: nn.Module) -> dict[str, float]:
        """The loss on all validation captions, and scores of beam-search captions."""
        assert isinstance(module, Decoder)
        captions, features = self._captions, self._features
        table, losses = captions.val_table, []
        for rows in table.batches(batch_size=250, seed=0, epoch=0):
            annotations = features.val[table.photo[rows]].to(features.device).float()
            numbers = token_ids_of(table, rows, annotations)[:, None]
            scores, _ = module(annotations, numbers[..., :-1])
            losses.append(float(cross_entropy(scores, numbers[..., 1:], captions.vocabulary.pad)))
        chunks = [
            chunk.to(features.device).float()
            for chunk in torch.split(features.val[: self._validate_photos], 50)
        ]
        return {"val_entropy": sum(losses) / len(losses)} | captions.scores(module, chunks)


class DecoderTraining(FrozenEncoderStage):
    """Cross-entropy on captions, each time with a random view of the photo."""

    def __init__(
        self,
        decoder: Decoder,
        config: DecoderStage,
        captions: CaptionBatches,
        features: Features,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        super().__init__(decoder, config, captions, features, processes)
        self.steps_per_epoch = captions.steps_per_epoch
        self._loss = CaptionLoss(
            config,
            captions.vocabulary,
            photos=captions.train,
            steps=config.epochs * self.steps_per_epoch,
            processes=processes,
        )

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The caption loss of a batch of captions of similar length."""
        batch = self._captions.batch(step, self._processes)
        annotations, crops = self._features.random_view(batch.photos, batch.flippable, generator)
        return self._loss(self.module, annotations, crops, batch, step=step, generator=generator)

    def extra_state(self) -> dict[str, Tensor]:
        return self._loss.state()

    def load_extra_state(self, tensors: dict[str, Tensor]) -> None:
        self._loss.load_state(tensors, self._features.device)


class SelfCriticalTraining(FrozenEncoderStage):
    """`SelfCriticalLoss`, each time with a random view of the photo."""

    def __init__(
        self,
        decoder: Decoder,
        config: SelfCriticalStage,
        captions: CaptionBatches,
        features: Features,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        super().__init__(decoder, config, captions, features, processes)
        self._loss = SelfCriticalLoss(
            config,
            captions.train,
            captions.train_words,
            captions.vocabulary,
            captions.specials,
            max_length=captions.generation.max_length,
            processes=processes,
        )
        self.steps_per_epoch = max(1, len(captions.train) // config.batch_size)

    def set_training_mode(self) -> None:
        """Evaluation mode, as `SelfCriticalLoss` requires."""
        self.module.eval()

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The loss of captions sampled for a batch of photos."""
        photos = self._captions.photo_indices(step, self._processes)
        flippable = self._loss.flippable[photos]
        annotations, crops = self._features.random_view(photos, flippable, generator)
        return self._loss(self.module, annotations, crops, photos, generator)


def frozen_encoder_stage(
    decoder: Decoder,
    config: DecoderStage | SelfCriticalStage,
    captions: CaptionBatches,
    features: Features,
    processes: ProcessGroup = SINGLE_PROCESS,
) -> FrozenEncoderStage:
    """The stage of this configuration."""
    if isinstance(config, SelfCriticalStage):
        return SelfCriticalTraining(decoder, config, captions, features, processes)
    return DecoderTraining(decoder, config, captions, features, processes)
