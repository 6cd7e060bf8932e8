"""Trains encoder and decoder together, by cross-entropy or self-critically.

Batch norm is frozen meanwhile, trained, or folded into the convolution before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from captioner.model.decoder import Decoder
from captioner.model.encoder import Encoder
from captioner.model.preprocess import Preprocess
from training.data.augment import colour_jitter, random_crops, resized_crops
from training.data.cache import packed_pixels
from training.data.reader_base import DataError
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.loop import Stage
from training.losses.caption_loss import CaptionLoss
from training.losses.self_critical import SelfCriticalLoss
from training.stage_config import EndToEndStage, StageConfig
from training.stages.caption_batches import CaptionBatches


class CaptionModel(nn.Module):
    """Encoder and decoder in one module, so that one optimizer and one EMA cover both."""

    def __init__(self, encoder: Encoder, decoder: Decoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder


class EndToEndTraining(Stage):
    """Trains the encoder too, at a lower learning rate than the decoder's.

    Training photos have `image_size`; validation photos are preprocessed as in serving.

    `batch_norm` is explicit. "frozen" uses the running statistics as they are. "train" uses those
    of the batch and updates the running ones. "folded" is frozen as well, with scale and shift
    folded into the convolution, which takes two thirds of the time.

    A batch consists of photos, each with several reference or sampled captions: the encoder does
    most of the work, so it runs once for all captions of a photo.
    """

    module: CaptionModel

    def __init__(
        self,
        encoder: Encoder,
        decoder: Decoder,
        config: EndToEndStage,
        captions: CaptionBatches,
        *,
        preprocess: Preprocess,
        image_size: int,
        cache: Path,
        device: torch.device,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        self._captions, self._config, self._device = captions, config, device
        self._preprocess, self._image_size, self._processes = preprocess, image_size, processes
        stages = len(encoder.stages())
        if config.frozen_stages > stages:
            raise DataError(
                f"{config.name}: frozen_stages = {config.frozen_stages}, but {encoder.name} has "
                f"{stages} stages"
            )
        self._encoder = encoder.to(device)
        trained = encoder.folded() if config.batch_norm == "folded" else encoder
        trained.requires_grad_()  # folding leaves the biases that it makes out
        self.module = CaptionModel(trained, decoder).to(device)
        for stage in trained.stages()[: config.frozen_stages]:
            stage.requires_grad_(requires_grad=False)
        photos = captions.train if config.self_critical else captions.photos
        self.steps_per_epoch = max(1, len(photos) // config.batch_size)
        self._self_critical = config.self_critical and SelfCriticalLoss(
            config.self_critical,
            captions.train,
            captions.train_words,
            captions.vocabulary,
            captions.specials,
            max_length=captions.generation.max_length,
            processes=processes,
        )
        self._loss = CaptionLoss(
            config,
            captions.vocabulary,
            photos=captions.train,
            steps=config.epochs * self.steps_per_epoch,
            processes=processes,
        )
        packed = partial(packed_pixels, cache=cache, processes=processes)
        self._pixels = packed(captions.train, replace(preprocess, size=config.packed_size))
        self._val_pixels = packed(captions.val, preprocess)  # as in serving

    def set_training_mode(self) -> None:
        """Training mode, except for frozen parts and a self-critical decoder."""
        self.module.train()
        if self._self_critical:
            self.module.decoder.eval()
        if self._config.batch_norm != "train":
            freeze_batch_norm(self.module.encoder)
        for stage in self.module.encoder.stages()[: self._config.frozen_stages]:
            stage.eval()

    def parameter_groups(self, config: StageConfig) -> Iterable[dict[str, object]]:
        """The decoder at the full learning rate, the encoder at `encoder_lr_scale` of it."""
        parts = ((self.module.decoder, 1.0), (self.module.encoder, self._config.encoder_lr_scale))
        for part, scale in parts:
            trained = [p for p in part.parameters() if p.requires_grad]
            weights = [p for p in trained if p.ndim > 1]
            others = [p for p in trained if p.ndim <= 1]
            yield {"params": weights, "weight_decay": config.weight_decay, "lr_scale": scale}
            yield {"params": others, "weight_decay": 0.0, "lr_scale": scale}

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The loss of one batch of photos."""
        decoder = self.module.decoder
        if self._self_critical:
            photos = self._captions.photo_indices(step, self._processes)
            flippable = self._self_critical.flippable[photos]
            annotations, crops = self._annotations(photos, flippable, generator)
            return self._self_critical(decoder, annotations, crops, photos, generator)
        batch = self._captions.photo_batch(step, self._config.captions, self._processes)
        annotations, crops = self._annotations(batch.photos, batch.flippable, generator)
        return self._loss(decoder, annotations, crops, batch, step=step, generator=generator)

    def _annotations(
        self, photos: Tensor, flippable: Tensor, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Annotations of photos (B,), randomly cropped, coloured and mirrored, and the crops."""
        flip = (torch.rand(len(photos), generator=generator) < 0.5) & flippable
        crops = random_crops(
            len(photos), generator=generator, scale=(self._config.crop_scale, 1.0), flip=flip
        )
        pixels = self._pixels[photos].to(self._device)
        images = resized_crops(pixels, crops, self._image_size)
        x = self._preprocess.normalise(colour_jitter(images, generator=generator))
        x = x.contiguous(memory_format=torch.channels_last)
        stages, frozen = self.module.encoder.stages(), self._config.frozen_stages
        with torch.no_grad():
            for stage in stages[:frozen]:
                x = stage(x)
        with self._trained_encoder_precision():
            x = x.float() if torch.is_grad_enabled() and not self._in_bf16() else x
            for stage in stages[frozen:]:
                x = stage(x)
        return x.flatten(2).transpose(1, 2), crops

    def _in_bf16(self) -> bool:
        return self._device.type != "cpu" or self.module.encoder.trains_in_bf16

    def _trained_encoder_precision(self) -> AbstractContextManager[object]:
        """float32 on CPUs, if the encoder's gradients take longer in bf16."""
        if self._in_bf16():
            return nullcontext()
        return torch.autocast(self._device.type, enabled=False)

    def finish(self) -> None:
        """Copy the weights of a folded encoder back into the original one."""
        if self._config.batch_norm == "folded":
            unfold(self.module.encoder, self._encoder)

    def extra_state(self) -> dict[str, Tensor]:
        return self._loss.state()

    def load_extra_state(self, tensors: dict[str, Tensor]) -> None:
        self._loss.load_state(tensors, self._device)

    def validate(self, module: nn.Module) -> dict[str, float]:
        """Scores of beam-search captions of the validation photos."""
        assert isinstance(module, CaptionModel)
        chunks = [
            module.encoder(self._preprocess.normalise(pixels.to(self._device)))
            for pixels in torch.split(self._val_pixels[: self._config.validate_photos], 50)
        ]
        return self._captions.scores(module.decoder, chunks)


def freeze_batch_norm(module: nn.Module) -> None:
    """Put every batch-norm layer of a module into evaluation mode.

    In training mode, the running statistics of a frozen encoder would drift with every batch, and
    the captions with them.
    """
    for layer in module.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            layer.eval()


def unfold(folded: Encoder, encoder: Encoder) -> None:
    """Copy the weights of a folded encoder into a normal one; its batch norm then only adds a bias.

    Except for rounding, both compute the same annotations, and the checkpoint has the same tensors
    as that of any other encoder.
    """
    with torch.no_grad():
        for module, simple in zip(encoder.modules(), list(folded.modules()), strict=True):
            own, given = list(module.named_children()), dict(simple.named_children())
            behind = [*(layer for _, layer in own[1:]), None]
            for (name, layer), after in zip(own, behind, strict=False):
                source = given[name]
                if isinstance(layer, nn.Conv2d) and isinstance(source, nn.Conv2d):
                    layer.weight.copy_(source.weight)
                    if isinstance(after, nn.BatchNorm2d) and source.bias is not None:
                        _add_only(after, source.bias)
                elif isinstance(layer, nn.BatchNorm2d) and isinstance(source, nn.BatchNorm2d):
                    layer.load_state_dict(source.state_dict())


def _add_only(norm: nn.BatchNorm2d, bias: Tensor) -> None:
    own = norm.state_dict()
    own["weight"].fill_(1.0)
    own["bias"].copy_(bias)
    own["running_mean"].zero_()
    own["running_var"].fill_(1 - norm.eps)
