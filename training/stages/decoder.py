"""Decoder training on annotation vectors that a frozen encoder computed once."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from captioner.model.decoder import Decoder
from captioner.model.encoder import Encoder
from captioner.model.preprocess import Preprocess
from captioner.vocabulary import Vocabulary
from training.config import DecoderStage, GenerationConfig
from training.data.packed import packed_pixels
from training.features import annotate_views
from training.loop import Stage
from training.stages.sentences import Sentences


class DecoderOnFeatures(Stage):
    """Cross-entropy on captions, with another view of the photo at random each time."""

    def __init__(
        self,
        encoder: Encoder,
        decoder: Decoder,
        vocabulary: Vocabulary,
        config: DecoderStage,
        *,
        generation: GenerationConfig,
        preprocess: Preprocess,
        data: Path,
        cache: Path,
        seed: int,
        device: torch.device,
    ) -> None:
        self._sentences = Sentences(config, vocabulary, data=data, seed=seed)
        self._config, self._generation, self._device = config, generation, device
        self.module = decoder.to(device)
        self.steps_per_epoch = self._sentences.steps_per_epoch
        encoder = encoder.to(device)
        train, val = (
            packed_pixels(photos, size=config.packed_size, cache=cache)
            for photos in (self._sentences.train, self._sentences.val)
        )
        self._features = annotate_views(
            encoder, train, preprocess, views=config.views, crop_scale=config.crop_scale, seed=seed
        )
        self._val_features = annotate_views(
            encoder, val, preprocess, views=1, crop_scale=1.0, seed=seed
        )[0]

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The captioning loss of one batch of captions of like length."""
        rows = self._sentences.rows(step)
        table = self._sentences.table
        view = torch.randint(self._config.views, (len(rows),), generator=generator)
        mirrored = (view % 2 == 1) & ~table.flippable[rows]
        view = torch.where(mirrored, view - 1, view)
        annotations = self._features[view, table.photo[rows]].to(self._device).float()
        return self._sentences.loss(self.module, annotations, table, rows)  # type: ignore[arg-type]  # module is the decoder

    def validate(self, module: nn.Module) -> dict[str, float]:
        """Loss on all held-out captions; scores of captions searched for held-out photos."""
        assert isinstance(module, Decoder)
        table, losses = self._sentences.val_table, []
        for rows in table.batches(batch_size=250, seed=0, epoch=0):
            annotations = self._val_features[table.photo[rows]].to(self._device).float()
            losses.append(
                float(self._sentences.loss(module, annotations, table, rows)[1]["entropy"])
            )
        chunks = [
            chunk.to(self._device).float()
            for chunk in torch.split(self._val_features[: self._config.validate_photos], 50)
        ]
        captions = self._sentences.captions(
            module,
            chunks,
            length_power=self._generation.length_power,
            max_length=self._generation.max_length,
        )
        return {"val_entropy": sum(losses) / len(losses)} | self._sentences.scores(captions)
