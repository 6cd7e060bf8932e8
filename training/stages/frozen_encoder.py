"""What the stages on a frozen encoder share: annotation vectors computed once, validation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from captioner.model.decoder import Decoder
from captioner.model.encoder import Encoder
from captioner.model.preprocess import Preprocess
from training.config import DecoderStage, SelfCriticalStage
from training.data.packed import packed_pixels
from training.distributed.processes import ALONE, Processes
from training.loop import Stage
from training.losses.caption_loss import cross_entropy
from training.stages.caption_batches import Sentences, numbers_of
from training.stages.features import WHOLE_VIEWS, annotate_views


@dataclass(frozen=True)
class Features:
    """Float16 annotation vectors of a stage's photos, and the device that they are used on."""

    train: Tensor  # (views, N, K, D); every odd view is a mirrored one
    crops: Tensor  # (views, N, 4), what each view is of
    val: Tensor  # (N, K, D), of another K where photos are served in another size
    device: torch.device

    @classmethod
    def compute(
        cls,
        encoder: Encoder,
        config: DecoderStage | SelfCriticalStage,
        sentences: Sentences,
        preprocess: Preprocess,
        *,
        image_size: int,
        cache: Path,
        seed: int,
        device: torch.device,
        processes: Processes = ALONE,
        bf16: bool = False,
    ) -> Features:
        """Those that an encoder makes; raises DataError for photos that do not decode.

        `bf16` is mixed precision for the photos trained on, which have `image_size`; those held out
        are seen as in serving.
        """
        packed = partial(packed_pixels, cache=cache, processes=processes)
        in_training = replace(preprocess, size=image_size)
        to_crop = (
            packed(sentences.train, replace(preprocess, size=config.packed_size))
            if config.views > WHOLE_VIEWS and config.packed_size != image_size
            else None  # no crops, or they are of the same pixels
        )
        annotated = partial(
            annotate_views, encoder.to(device), seed=seed, cache=cache, processes=processes
        )
        train, crops = annotated(
            packed(sentences.train, in_training), preprocess=in_training, views=config.views,
            to_crop=to_crop, crop_scale=config.crop_scale, bf16=bf16,
        )  # fmt: skip
        val, _ = annotated(packed(sentences.val, preprocess), preprocess=preprocess, views=1)
        return cls(train, crops, val[0], device)

    def any_view(
        self, photos: Tensor, flippable: Tensor, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Annotations (B, K, D) of photos (B,), each in a view at random, and the crops (B, 4).

        A photo that is not `flippable` (B,) is not seen in a mirror.
        """
        view = torch.randint(len(self.train), (len(photos),), generator=generator)
        mirrored = (view % 2 == 1) & ~flippable
        view = torch.where(mirrored, view - 1, view)
        return self.train[view, photos].to(self.device).float(), self.crops[view, photos]


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
