"""Encoder and decoder trained together, to predict captions or self-critically."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from captioner.model.decoder import Decoder
from captioner.model.encoder import Encoder
from captioner.model.preprocess import Preprocess
from training.config import EndToEndStage, StageConfig
from training.data.augment import colour_jitter, random_resized_crop
from training.data.packed import packed_pixels
from training.distributed.processes import ALONE, Processes
from training.loop import Stage
from training.losses.caption_loss import CaptionLoss
from training.losses.self_critical import SelfCriticalLoss
from training.stages.caption_batches import Sentences


class Model(nn.Module):
    """Encoder and decoder under one roof, so that one optimizer and one average hold both."""

    def __init__(self, encoder: Encoder, decoder: Decoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder


class EndToEnd(Stage):
    """The loss of captions through the encoder too, at a smaller learning rate there.

    Photos held out are seen as `preprocess` makes them in serving; those trained on have
    `image_size`.

    Batch norm is explicit: "frozen" uses the running statistics as they are, "train" those of
    the batch, and moves the running ones.

    A batch is of photos, each with several of its captions or drawn ones, not of captions: the
    encoder is most of the work, and so runs once for all of them.
    """

    module: Model

    def __init__(
        self,
        encoder: Encoder,
        decoder: Decoder,
        config: EndToEndStage,
        sentences: Sentences,
        *,
        preprocess: Preprocess,
        image_size: int,
        cache: Path,
        device: torch.device,
        processes: Processes = ALONE,
    ) -> None:
        self._sentences, self._config, self._device = sentences, config, device
        self._preprocess, self._image_size, self._processes = preprocess, image_size, processes
        self.module = Model(encoder, decoder).to(device)
        photos = sentences.train if config.self_critical else sentences.photos
        self.steps_per_epoch = max(1, len(photos) // config.batch_size)
        self._self_critical = config.self_critical and SelfCriticalLoss(
            config.self_critical,
            sentences.train_words,
            sentences.vocabulary,
            sentences.specials,
            max_length=sentences.generation.max_length,
            processes=processes,
        )
        self._loss = CaptionLoss(
            config,
            sentences.vocabulary,
            steps=config.epochs * self.steps_per_epoch,
            processes=processes,
        )
        packed = partial(packed_pixels, cache=cache, processes=processes)
        self._pixels = packed(sentences.train, replace(preprocess, size=config.packed_size))
        self._val_pixels = packed(sentences.val, preprocess)  # as in serving

    def set_training_mode(self) -> None:
        """Training mode, but for what the loss wants otherwise, and for batch norm where the
        configuration freezes it.
        """
        self.module.train()
        if self._self_critical:
            self.module.decoder.eval()
        if self._config.batch_norm == "frozen":
            freeze_batch_norm(self.module.encoder)

    def parameter_groups(self, config: StageConfig) -> Iterable[dict[str, object]]:
        """The decoder at the full learning rate, the encoder at `encoder_lr_scale` of it."""
        parts = ((self.module.decoder, 1.0), (self.module.encoder, self._config.encoder_lr_scale))
        for part, scale in parts:
            weights = [p for p in part.parameters() if p.ndim > 1]
            others = [p for p in part.parameters() if p.ndim <= 1]
            yield {"params": weights, "weight_decay": config.weight_decay, "lr_scale": scale}
            yield {"params": others, "weight_decay": 0.0, "lr_scale": scale}

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The loss of one batch of photos."""
        if self._self_critical:
            photos = self._sentences.any_photos(step, self._processes)
            flippable = self._self_critical.flippable[photos]
            annotations = self._annotations(photos, flippable, generator)
            return self._self_critical(self.module.decoder, annotations, photos, generator)
        batch = self._sentences.photo_batch(step, self._config.captions, self._processes)
        annotations = self._annotations(batch.photos, batch.flippable, generator)
        return self._loss(self.module.decoder, annotations, batch, step=step, generator=generator)

    def _annotations(self, photos: Tensor, flippable: Tensor, generator: torch.Generator) -> Tensor:
        """Of photos (B,), each cropped, coloured and perhaps mirrored at random."""
        flip = (torch.rand(len(photos), generator=generator) < 0.5) & flippable
        images = random_resized_crop(
            self._pixels[photos].to(self._device),
            self._image_size,
            generator=generator,
            scale=(self._config.crop_scale, 1.0),
            flip=flip,
        )
        images = self._preprocess.normalise(colour_jitter(images, generator=generator))
        annotations: Tensor = self.module.encoder(images)
        return annotations

    def extra_state(self) -> dict[str, Tensor]:
        return self._loss.state()

    def load_extra_state(self, tensors: dict[str, Tensor]) -> None:
        self._loss.load_state(tensors, self._device)

    def validate(self, module: nn.Module) -> dict[str, float]:
        """Scores of captions searched for held-out photos."""
        assert isinstance(module, Model)
        chunks = [
            module.encoder(self._preprocess.normalise(pixels.to(self._device)))
            for pixels in torch.split(self._val_pixels[: self._config.validate_photos], 50)
        ]
        return self._sentences.scores(module.decoder, chunks)


def freeze_batch_norm(module: nn.Module) -> None:
    """Put every batch-norm layer of a module into evaluation mode, whatever the rest is in.

    A frozen encoder left in training mode lets its running statistics drift with every batch,
    and the captions with them.
    """
    for layer in module.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            layer.eval()
