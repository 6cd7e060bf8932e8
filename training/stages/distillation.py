"""Distillation: the later stages of a new encoder learn to see what a trained encoder sees.

A linear layer turns the new encoder's annotation vectors into those of the teacher, and is trained
with it (FitNets: Romero et al. 2015, arXiv 1412.6550, section 2.2, whose regressor is a convolution
as well). A decoder only multiplies annotations by matrices, so afterwards the layer disappears in
the matrices of the teacher's decoder, which can caption with the new encoder at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from captioner.checkpoint.torch_checkpoint import Checkpoint
from captioner.model.configs import LSTMConfig
from captioner.model.decoder import Decoder, LSTMDecoder
from captioner.model.encoder import Encoder
from captioner.model.factory import make_decoder
from captioner.model.preprocess import Preprocess
from training.config import GenerationConfig
from training.data.cache import packed_pixels
from training.data.reader_base import CaptionedPhoto, DataError
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.loop import Stage, batch_indices
from training.stage_config import DistillationStage
from training.stages.caption_batches import CaptionBatches
from training.stages.features import annotate_views


class Student(nn.Module):
    """The stages of an encoder that are trained, and the projection to the teacher's vectors."""

    def __init__(self, stages: Sequence[nn.Module], dim: int, teacher_dim: int) -> None:
        super().__init__()
        self.stages = nn.Sequential(*stages)
        self.projection = nn.Linear(dim, teacher_dim, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        """Annotations (B, K, teacher's D) of a feature map that earlier stages gave."""
        annotations = self.stages(features).flatten(2).transpose(1, 2)
        projected: Tensor = self.projection(annotations)
        return projected


class _FirstStages(Encoder):
    """The first stages of an encoder, their feature map as annotation vectors."""

    def __init__(self, encoder: Encoder, count: int) -> None:
        super().__init__(encoder.name)
        self.first = nn.Sequential(*encoder.stages()[:count])

    def stages(self) -> list[nn.Module]:
        return list(self.first)


class Distillation(Stage):
    """Minimises the squared error of the student's annotations, as a share of their variance.

    Both encoders see the whole photos as they are, so the frozen stages and the teacher run once.
    """

    module: Student

    def __init__(
        self,
        encoder: Encoder,
        decoder: Decoder,
        teacher: Checkpoint,
        config: DistillationStage,
        generation: GenerationConfig,
        *,
        preprocess: Preprocess,
        image_size: int,
        data: Path,
        cache: Path,
        seed: int,
        device: torch.device,
        processes: ProcessGroup = SINGLE_PROCESS,
        bf16: bool = False,
    ) -> None:
        """`decoder` is what `decoder_for` made; it gets its weights when the stage ends."""
        frozen = config.frozen_stages
        if frozen >= len(encoder.stages()):
            raise DataError(
                f"{config.name}: frozen_stages = {frozen}, but {encoder.name} has "
                f"{len(encoder.stages())} stages: leave one to be trained at least"
            )
        assert isinstance(decoder, LSTMDecoder)
        assert isinstance(teacher.decoder, LSTMDecoder)
        self._decoder, self._teacher = decoder, teacher.decoder.to(device).eval()
        self._seed, self._config, self._device = seed, config, device
        self._processes = processes
        self._captions = CaptionBatches(
            config, teacher.vocabulary, generation, data=data, seed=seed
        )
        train = self._captions.train
        self.steps_per_epoch = max(1, len(train) // config.batch_size)
        self._count = len(train)
        own = replace(preprocess, size=image_size, detail=None)
        theirs = replace(teacher.preprocess, size=image_size, detail=None)
        first = _FirstStages(encoder.to(device), frozen)
        annotated = partial(_annotations, seed=seed, cache=cache, processes=processes, bf16=bf16)
        self._features = annotated(first, train, own)
        self._targets = annotated(teacher.encoder.to(device), train, theirs)
        self._val_features = annotated(first, self._captions.val, own)
        self._val_targets = annotated(teacher.encoder, self._captions.val, theirs)
        self._variance = _variance(self._targets)
        student = Student(
            encoder.stages()[frozen:], encoder.dim, teacher.decoder.config.annotation_dim
        )
        self.module = student.to(device)

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The share of the variance of the teacher's annotations that is not explained."""
        del generator  # nothing is drawn: each photo is seen as it is
        rows = batch_indices(
            step, count=self._count, batch_size=self._config.batch_size, seed=self._seed
        )
        rows = self._processes.shard(rows)
        seen = self.module(_as_map(self._features[rows].to(self._device).float()))
        error = seen.float() - self._targets[rows].to(self._device).float()
        return error.square().mean() / self._variance, {}

    def validate(self, module: nn.Module) -> dict[str, float]:
        """That share, and scores of the captions that the teacher's decoder makes."""
        assert isinstance(module, Student)
        errors, chunks = 0.0, []
        for rows in torch.split(torch.arange(len(self._val_features)), 50):
            seen = module(_as_map(self._val_features[rows].to(self._device).float()))
            target = self._val_targets[rows].to(self._device).float()
            errors += float((seen - target).square().mean()) * len(rows)
            chunks.append(seen)
        unexplained = errors / len(self._val_features) / self._variance
        most = math.ceil(self._config.validate_photos / 50)
        return {"unexplained": unexplained} | self._captions.scores(self._teacher, chunks[:most])

    def finish(self) -> None:
        """Give the new decoder the teacher's weights, and the projection in them."""
        fold_projection(self.module.projection.weight, self._teacher, self._decoder)


def _annotations(
    encoder: Encoder,
    photos: Sequence[CaptionedPhoto],
    preprocess: Preprocess,
    *,
    seed: int,
    cache: Path,
    processes: ProcessGroup,
    bf16: bool,
) -> Tensor:
    pixels = packed_pixels(photos, preprocess, cache=cache, processes=processes)
    views, _ = annotate_views(
        encoder, pixels, preprocess, views=1, seed=seed, cache=cache, processes=processes, bf16=bf16
    )
    return views[0]


def _as_map(annotations: Tensor) -> Tensor:
    """Annotations (B, K, D) of a square map as the map (B, D, H, W), channels last in memory."""
    count, places, dim = annotations.shape
    side = math.isqrt(places)
    return annotations.transpose(1, 2).reshape(count, dim, side, side)


def _variance(annotations: Tensor) -> float:
    """The mean squared distance of annotations (N, K, D) from their mean vector (D,)."""
    some = annotations[:2000].float()
    return float((some - some.mean((0, 1))).square().mean())


def decoder_for(annotation_dim: int, teacher: Decoder) -> Decoder:
    """A decoder like the teacher's for another encoder's annotations; raises DataError."""
    if not isinstance(teacher, LSTMDecoder):
        raise DataError("distillation carries an LSTM decoder over, and start has another one")
    assert isinstance(teacher.config, LSTMConfig)
    return make_decoder(replace(teacher.config, annotation_dim=annotation_dim))


@torch.no_grad()
def fold_projection(projection: Tensor, teacher: LSTMDecoder, decoder: LSTMDecoder) -> None:
    """Make `decoder` say of annotations (…, D) what `teacher` says of `projection` times these.

    Each matrix that the teacher multiplies annotations by is multiplied by the projection
    (teacher's D, D) beforehand. The other weights are the teacher's.
    """
    words = teacher.config.embedding_dim
    state = dict(teacher.state_dict())
    for name in ("attention.of_annotation", "init_hidden", "init_cell", "of_context"):
        state[f"{name}.weight"] = state[f"{name}.weight"] @ projection
    inputs = state["lstm.weight_ih"]
    state["lstm.weight_ih"] = torch.cat([inputs[:, :words], inputs[:, words:] @ projection], dim=1)
    decoder.load_state_dict(state)
