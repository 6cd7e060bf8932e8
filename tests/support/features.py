"""Stages on annotation vectors that were made up: no encoder, no photos, seconds of training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from pydantic import TypeAdapter
from torch import Tensor

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.configs import LSTMConfig
from captioner.model.decoder import Decoder
from captioner.model.factory import make_decoder
from captioner.model.transformer import TransformerConfig
from training.config import GenerationConfig
from training.data.augment import uncropped_views
from training.data.captions import tokenize_captions
from training.data.registry import read_sources
from training.stage_config import AnyStage, DecoderStage, SelfCriticalStage
from training.stages.caption_batches import CaptionBatches
from training.stages.features import Features
from training.stages.frozen_encoder import DecoderTraining, SelfCriticalTraining

DIM, PLACES = 6, 4
TRAIN, DEV = ("flickr8k:shapes:train",), ("flickr8k:shapes:dev",)
USUAL = {
    "name": "stage", "train": TRAIN, "val": DEV, "packed_size": 64, "batch_size": 16,
    "learning_rate": 1e-2, "average": 0.9, "validate_every": 1000, "views": 2,
}  # fmt: skip


def shape_annotations(first: int, count: int) -> Tensor:
    """What an encoder might say of the photos that `make_flickr8k` draws, (N, K, D).

    Colour and shape stand at one place; nothing but noise at the others.
    """
    generator = torch.Generator().manual_seed(first)
    a = torch.randn(count, PLACES, DIM, generator=generator) * 0.2
    for row, number in enumerate(range(first, first + count)):
        a[row, number % PLACES, number % 3] += 3
        a[row, number % PLACES, 3 + (number // 3) % 2] += 3
        a[row, number % PLACES, 5] += 3  # here it is
    return a


def shape_features(train: int = 48, dev: int = 12) -> Features:
    """Of the data set that `make_flickr8k` makes by default, two views a photo."""
    a = shape_annotations(0, train)
    views = torch.stack([a, a.flip(1)])
    mirrored = torch.tensor([[False], [True]]).expand(2, train)
    crops = torch.stack([uncropped_views(one) for one in mirrored])
    val = shape_annotations(train, dev).half()
    return Features(views.half(), crops, val, torch.device("cpu"))


def vocabulary_of(data: Path) -> Vocabulary:
    """All words of the drawn data set."""
    photos = read_sources(TRAIN, data)
    return Vocabulary.build([c for own in tokenize_captions(photos) for c in own], min_count=2)


def shape_decoder(kind: str, words: int, *, seed: int = 0) -> Decoder:
    """An untrained decoder: `soft`, `hard` (both LSTMs) or `transformer`."""
    torch.manual_seed(seed)
    if kind == "transformer":
        return make_decoder(
            TransformerConfig(words, DIM, width=32, layers=1, heads=4, feed_forward=64, dropout=0.0)
        )
    attention: Any = kind
    return make_decoder(
        LSTMConfig(words, DIM, 32, 32, 16, dropout=0.1, tied=True, attention=attention)
    )


def shape_stage(data: Path, decoder: Decoder, **options: object) -> tuple[AnyStage, Any]:
    """A stage's configuration and the stage, on `data` that holds the drawn `shapes/`."""
    config: AnyStage = TypeAdapter[AnyStage](AnyStage).validate_python(USUAL | options)
    assert isinstance(config, DecoderStage | SelfCriticalStage)
    generation = GenerationConfig(max_length=10)
    captions = CaptionBatches(config, vocabulary_of(data), generation, data=data, seed=1)
    if isinstance(config, SelfCriticalStage):
        return config, SelfCriticalTraining(decoder, config, captions, shape_features())
    return config, DecoderTraining(decoder, config, captions, shape_features())
