"""Captions for the stages that train a decoder: training batches and validation scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.language.writing import written
from captioner.model.beam_search import BeamSearch, SearchConfig
from captioner.model.decoder import Decoder
from training.config import GenerationConfig
from training.data.captions import CaptionTable, tokenize_captions
from training.data.reader_base import CaptionedPhoto, DataError
from training.data.registry import read_sources
from training.distributed import ProcessGroup
from training.evaluation.scores import score
from training.loop import batch_indices, step_seed
from training.stage_config import (
    DecoderStage,
    DistillationStage,
    EndToEndStage,
    SelfCriticalStage,
)


@dataclass(frozen=True)
class Batch:
    """A process's shard of a step's captions, W for each photo."""

    photos: Tensor  # (B,)
    flippable: Tensor  # (B,), whether the mirrored photo may keep its captions
    token_ids: Tensor  # (B, W, T + 1), padded to the longest caption of all processes
    weight: float  # this process's number of words over the mean of all processes


class CaptionBatches:
    """The captions of a stage's training and validation photos, as batches and for scoring."""

    def __init__(
        self,
        config: DecoderStage | EndToEndStage | SelfCriticalStage | DistillationStage,
        vocabulary: Vocabulary,
        generation: GenerationConfig,
        *,
        data: Path,
        seed: int,
        longest: int | None = None,
    ) -> None:
        """`longest`: train on so many captions of each photo, the longest ones."""
        self.train: Sequence[CaptionedPhoto] = [
            photo if longest is None else _with_longest(photo, longest)
            for photo in read_sources(config.train, data)
        ]
        self.val: Sequence[CaptionedPhoto] = read_sources(config.val, data)
        for photo in (*self.train, *self.val):
            if photo.language != vocabulary.language:
                raise DataError(
                    f"{photo.name} has captions in {photo.language!r}, "
                    f"and the vocabulary is of {vocabulary.language!r}"
                )
        self.train_words = tokenize_captions(self.train)  # of each caption of each photo
        self.vocabulary, self.generation = vocabulary, generation
        self.specials = vocabulary.specials
        self._config, self._seed = config, seed
        self.table = CaptionTable.build(self.train_words, vocabulary, longest=config.longest)
        self.val_table = CaptionTable.build(
            tokenize_captions(self.val), vocabulary, longest=config.longest
        )
        self.photos = self.table.photos()
        self._epoch = -1
        self._batches: list[Tensor] = []
        self.steps_per_epoch = len(self._of_epoch(0))

    def batch(self, step: int, processes: ProcessGroup) -> Batch:
        """This process's captions of a step, of similar length, one for each photo (W = 1)."""
        epoch, place = divmod(step, self.steps_per_epoch)
        return self._batch(self._of_epoch(epoch)[place].unsqueeze(1), processes)

    def photo_batch(self, step: int, captions: int, processes: ProcessGroup) -> Batch:
        """This process's photos of a step, each with `captions` of its captions."""
        chosen = batch_indices(
            step, count=len(self.photos), batch_size=self._config.batch_size, seed=self._seed
        )
        generator = torch.Generator().manual_seed(step_seed(self._seed + 3, step))
        rows = self.table.random_captions(self.photos[chosen], captions, generator)
        return self._batch(rows, processes)

    def photo_indices(self, step: int, processes: ProcessGroup) -> Tensor:
        """The indices of this process's photos of a step, with those that have no caption."""
        count, size = len(self.train), self._config.batch_size
        return processes.shard(batch_indices(step, count=count, batch_size=size, seed=self._seed))

    def _batch(self, everyone: Tensor, processes: ProcessGroup) -> Batch:
        """This process's shard of the rows (B, W) of all processes, one photo in each row."""
        table = self.table
        rows = processes.shard(everyone)
        words = table.length - 1  # to be predicted
        return Batch(
            photos=table.photo[rows[:, 0]],
            flippable=table.flippable[rows].all(1),
            token_ids=table.token_ids[rows, : int(table.length[everyone].max())],
            weight=processes.count * int(words[rows].sum()) / int(words[everyone].sum()),
        )

    def _of_epoch(self, epoch: int) -> list[Tensor]:
        if epoch != self._epoch:
            size = self._config.batch_size
            self._batches = self.table.batches(batch_size=size, seed=self._seed, epoch=epoch)
            self._epoch = epoch
        return self._batches

    def scores(self, decoder: Decoder, annotations: Sequence[Tensor]) -> dict[str, float]:
        """Scores of beam-search captions (5 beams) for the first validation photos.

        `annotations` are those of the photos, in chunks (B, K, D). The scores are BLEU-1, BLEU-4,
        CIDEr-D, the number of distinct captions and the share of captions that break off.
        """
        captions = self._captions(decoder, annotations)
        photos = self.val[: len(captions)]
        names = [str(i) for i in range(len(captions))]
        found = score(
            dict(zip(names, captions, strict=True)),
            {name: list(photo.captions) for name, photo in zip(names, photos, strict=True)},
            meteor=False,
            language=self.vocabulary.language,
        )
        return {
            "bleu_1": found.bleu_1,
            "bleu_4": found.bleu_4,
            "cider_d": found.cider_d,
            "distinct": float(len(set(captions))),
            **({} if found.bad_endings is None else {"bad_endings": found.bad_endings}),
        }

    def _captions(self, decoder: Decoder, annotations: Sequence[Tensor]) -> list[str]:
        search = BeamSearch(
            decoder,
            self.specials,
            SearchConfig(
                beam_size=5,
                max_length=self.generation.max_length,
                length_power=self.generation.length_power,
            ),
        )
        words, language = self.vocabulary.words, self.vocabulary.language
        return [
            written([words[w] for w in found[0].words], language)
            for chunk in annotations
            for found in search(chunk)
        ]


def _with_longest(photo: CaptionedPhoto, count: int) -> CaptionedPhoto:
    kept = sorted(photo.captions, key=len, reverse=True)[:count]
    return replace(photo, captions=tuple(kept))


def token_ids_of(table: CaptionTable, rows: Tensor, like: Tensor) -> Tensor:
    """The token ids (B, T) of rows (B,), cut after the longest caption, on the device of `like`."""
    return table.token_ids[rows, : int(table.length[rows].max())].to(like.device)
