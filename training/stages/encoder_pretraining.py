"""Encoder pretraining: on the words of captions, or on the classes of labelled photos."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from spacy.lang.en.stop_words import STOP_WORDS
from torch import Tensor, nn

from captioner.model.encoder import Encoder
from captioner.model.preprocess import Preprocess
from training.data.augment import colour_jitter, random_resized_crop
from training.data.cache import packed_pixels, read_labelled
from training.data.captions import tokenize_captions
from training.data.registry import read_sources
from training.data.tokenization import says_left_or_right
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.loop import Stage, batch_indices
from training.stage_config import LabelsStage, ResolutionStep, WordsStage


def content_words(captions: Sequence[Sequence[Sequence[str]]], *, min_count: int) -> list[str]:
    """The words in the captions of at least `min_count` photos, without stop words."""
    counts: dict[str, int] = {}
    for own in captions:
        for word in {w for caption in own for w in caption}:
            counts[word] = counts.get(word, 0) + 1
    return sorted(w for w, n in counts.items() if n >= min_count and w not in STOP_WORDS)


def word_distribution(captions: Sequence[Sequence[Sequence[str]]], words: Sequence[str]) -> Tensor:
    """The distribution of the words in each photo's captions (N, words); rows sum to 1 (or 0)."""
    number = {word: i for i, word in enumerate(words)}
    shares = torch.zeros(len(captions), len(words))
    for row, own in enumerate(captions):
        for caption in own:
            for word in set(caption):
                if word in number:
                    shares[row, number[word]] += 1
    return shares / shares.sum(1, keepdim=True).clamp(min=1)


class WordPrediction(Stage):
    """Predicts the distribution of the content words in a photo's captions.

    The loss is a softmax cross-entropy rather than a sigmoid for each word: Mahajan et al. 2018
    (arXiv 1805.00932) found it better for photos with several tags.
    """

    def __init__(
        self,
        encoder: Encoder,
        config: WordsStage,
        *,
        data: Path,
        cache: Path,
        seed: int,
        device: torch.device,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        train = read_sources(config.train, data)
        val = read_sources(config.val, data)
        train_words, val_words = tokenize_captions(train), tokenize_captions(val)
        vocabulary = content_words(train_words, min_count=config.min_count)
        self._targets = word_distribution(train_words, vocabulary)
        self._val_targets = word_distribution(val_words, vocabulary)
        self._pixels, self._val_pixels = (
            packed_pixels(
                photos, Preprocess(size=config.packed_size), cache=cache, processes=processes
            )
            for photos in (train, val)
        )
        self._flippable = torch.tensor(
            [not any(says_left_or_right(c) for c in own) for own in train_words]
        )
        self._config, self._seed, self._device = config, seed, device
        self._processes = processes
        self._preprocess = Preprocess(size=config.sizes[-1].size)
        self.module = Classifier(encoder, len(vocabulary)).to(
            device,
            memory_format=torch.channels_last,  # type: ignore[call-overload]  # torch's types lack it beside a device
        )
        self.steps_per_epoch = len(train) // config.batch_size

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy on one augmented batch."""
        config = self._config
        rows = batch_indices(
            step, count=len(self._targets), batch_size=config.batch_size, seed=self._seed
        )
        rows = self._processes.shard(rows)
        flip = (torch.rand(len(rows), generator=generator) < 0.5) & self._flippable[rows]
        images = random_resized_crop(
            self._pixels[rows].to(self._device),
            resolution_at(config.sizes, step / (config.epochs * self.steps_per_epoch)),
            generator=generator,
            scale=(config.crop_scale, 1.0),
            flip=flip,
        )
        images = self._preprocess.normalise(colour_jitter(images, generator=generator))
        logits = self.module(images.contiguous(memory_format=torch.channels_last)).float()
        return F.cross_entropy(logits, self._targets[rows].to(self._device)), {}

    def validate(self, module: nn.Module) -> dict[str, float]:
        """Cross-entropy and precision at 5 words on the validation photos."""
        loss, right = 0.0, 0.0
        size = self._config.sizes[-1].size
        for rows in torch.split(torch.arange(len(self._val_targets)), 100):
            pixels = self._val_pixels[rows].to(self._device).float()
            pixels = F.interpolate(pixels, (size, size), mode="bilinear", antialias=True)
            logits = module(self._preprocess.normalise(pixels))
            targets = self._val_targets[rows].to(self._device)
            loss += float(F.cross_entropy(logits, targets, reduction="sum"))
            right += float((targets.gather(1, logits.topk(5).indices) > 0).float().mean(1).sum())
        count = len(self._val_targets)
        return {"val_loss": loss / count, "val_precision_at_5": right / count}


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


def resolution_at(sizes: Sequence[ResolutionStep], progress: float) -> int:
    """The resolution (pixels a side) after a share `progress` of the stage."""
    return next((g.size for g in sizes if progress < g.until), sizes[-1].size)


class LabelClassification(Stage):
    """Predicts the class of labelled photos, at a growing resolution."""

    def __init__(
        self,
        encoder: Encoder,
        config: LabelsStage,
        *,
        data: Path,
        cache: Path,
        seed: int,
        device: torch.device,
        processes: ProcessGroup = SINGLE_PROCESS,
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
        rows = batch_indices(
            step, count=len(self._train.labels), batch_size=config.batch_size, seed=self._seed
        )
        rows = self._processes.shard(rows)
        size = resolution_at(config.sizes, step / (config.epochs * self.steps_per_epoch))
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
        """Accuracy and cross-entropy on the labelled validation photos, at the last resolution."""
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
