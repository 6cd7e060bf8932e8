"""Encoder pretraining on labelled photos: which of the classes is it?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from captioner.model.encoder import Encoder
from captioner.model.preprocess import Preprocess
from training.config import Growing, LabelsStage
from training.data.augment import colour_jitter, random_resized_crop
from training.data.labelled import read_labelled
from training.distributed.processes import ALONE, Processes
from training.loop import Stage, batch_of


class Classifier(nn.Module):
    """The encoder, its annotation vectors averaged, and one linear layer."""

    def __init__(self, encoder: Encoder, classes: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.dim, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Logits (B, classes) of normalised images (B, 3, S, S)."""
        logits: Tensor = self.head(self.encoder.feature_map(images).mean(dim=(2, 3)))
        return logits


def size_at(sizes: Sequence[Growing], progress: float) -> int:
    """The resolution in force when a share `progress` of the stage is done."""
    return next((g.size for g in sizes if progress < g.until), sizes[-1].size)


class Labels(Stage):
    """Cross-entropy over the classes of all archives, at a growing resolution."""

    def __init__(
        self,
        encoder: Encoder,
        config: LabelsStage,
        *,
        data: Path,
        cache: Path,
        seed: int,
        device: torch.device,
        processes: Processes = ALONE,
    ) -> None:
        archives = [data / a for a in config.archives]
        read = partial(read_labelled, size=config.packed_size, cache=cache, processes=processes)
        self._train, self._val = read(archives, part="train"), read(archives[:1], part="val")
        own = {wnid: i for i, wnid in enumerate(self._train.classes)}
        self._val_labels = torch.tensor(
            [own[self._val.classes[int(label)]] for label in self._val.labels]
        )
        self._config, self._seed, self._device = config, seed, device
        self._processes = processes
        self._preprocess = Preprocess(size=config.sizes[-1].size)
        self.module = Classifier(encoder, len(self._train.classes)).to(
            device,
            memory_format=torch.channels_last,  # type: ignore[call-overload]  # torch's types lack it beside a device
        )
        self.steps_per_epoch = len(self._train.labels) // config.batch_size

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy with label smoothing on one augmented batch."""
        config = self._config
        rows = batch_of(
            step, count=len(self._train.labels), batch_size=config.batch_size, seed=self._seed
        )
        rows = self._processes.share(rows)
        size = size_at(config.sizes, step / (config.epochs * self.steps_per_epoch))
        pixels = self._train.pixels[rows].to(self._device)
        labels = self._train.labels[rows].to(self._device)
        images = random_resized_crop(
            pixels,
            size,
            generator=generator,
            scale=(config.crop_scale, 1.0),
            flip=torch.rand(len(rows), generator=generator) < 0.5,
        )
        images = self._preprocess.normalise(colour_jitter(images, generator=generator))
        logits = self.module(images.contiguous(memory_format=torch.channels_last)).float()
        loss = F.cross_entropy(logits, labels, label_smoothing=config.label_smoothing)
        accuracy = (logits.detach().argmax(1) == labels).float().mean()
        return loss, {"accuracy": float(accuracy)}

    def validate(self, module: nn.Module) -> dict[str, float]:
        """Accuracy and cross-entropy on the held-out labelled photos, at the last resolution."""
        right, loss = 0.0, 0.0
        for rows in torch.split(torch.arange(len(self._val_labels)), 250):
            pixels = self._val.pixels[rows].to(self._device).float()
            size = self._config.sizes[-1].size
            pixels = F.interpolate(pixels, (size, size), mode="bilinear", antialias=True)
            logits = module(self._preprocess.normalise(pixels))
            labels = self._val_labels[rows].to(self._device)
            right += float((logits.argmax(1) == labels).sum())
            loss += float(F.cross_entropy(logits, labels, reduction="sum"))
        count = len(self._val_labels)
        return {"val_accuracy": right / count, "val_loss": loss / count}
