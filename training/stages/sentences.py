"""What the decoder stage and the end-to-end stage share: the captions, the loss, the scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch.nn.functional as F
from torch import Tensor

from captioner.model.beam_search import BeamSearch, SearchConfig, Specials
from captioner.model.decoder import Decoder, doubly_stochastic_penalty
from captioner.vocabulary import Vocabulary
from training.config import DecoderStage, EndToEndStage
from training.data.captions import CaptionTable, tokenized
from training.data.photos import CaptionedPhoto
from training.data.sources import read_sources
from training.scores import score


class Sentences:
    """The captions of a stage's photos, in batches, and the loss of predicting them."""

    def __init__(
        self, config: DecoderStage | EndToEndStage, vocabulary: Vocabulary, *, data: Path, seed: int
    ) -> None:
        self.train: Sequence[CaptionedPhoto] = read_sources(config.train, data)
        self.val: Sequence[CaptionedPhoto] = read_sources(config.val, data)
        self._config, self._vocabulary, self._seed = config, vocabulary, seed
        self.table = CaptionTable.build(tokenized(self.train), vocabulary, longest=config.longest)
        self.val_table = CaptionTable.build(tokenized(self.val), vocabulary, longest=config.longest)
        self._epoch = -1
        self._batches: list[Tensor] = []
        self.steps_per_epoch = len(self._of_epoch(0))

    def rows(self, step: int) -> Tensor:
        """The captions of a step: rows of `table`."""
        epoch, place = divmod(step, self.steps_per_epoch)
        return self._of_epoch(epoch)[place]

    def _of_epoch(self, epoch: int) -> list[Tensor]:
        if epoch != self._epoch:
            size = self._config.batch_size
            self._batches = self.table.batches(batch_size=size, seed=self._seed, epoch=epoch)
            self._epoch = epoch
        return self._batches

    def loss(
        self, decoder: Decoder, annotations: Tensor, table: CaptionTable, rows: Tensor
    ) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy of the captions in `rows` and eq. 14's penalty; one photo a caption."""
        longest = int(table.length[rows].max())
        numbers = table.numbers[rows, :longest].to(annotations.device)
        scores, alpha = decoder(annotations, numbers[:, None, :-1])
        targets = numbers[:, 1:]
        entropy = F.cross_entropy(
            scores.squeeze(1).flatten(0, 1),
            targets.flatten(),
            ignore_index=self._vocabulary.pad,
            label_smoothing=self._config.label_smoothing if decoder.training else 0.0,
        )
        mask = (targets != self._vocabulary.pad)[:, None]
        penalty = doubly_stochastic_penalty(alpha, mask)
        share = self._config.attention_penalty / longest  # the entropy is a mean over words
        return entropy + share * penalty, {"entropy": float(entropy.detach())}

    def captions(
        self,
        decoder: Decoder,
        annotations: Sequence[Tensor],
        *,
        length_power: float,
        max_length: int,
    ) -> list[str]:
        """Captions by beam search (5 beams) for chunks of annotations."""
        words = self._vocabulary
        search = BeamSearch(
            decoder,
            Specials(words.start, words.end, (words.pad, words.start, words.unknown)),
            SearchConfig(beam_size=5, max_length=max_length, length_power=length_power),
        )
        return [
            " ".join(words.words[w] for w in found[0].words)
            for chunk in annotations
            for found in search(chunk)
        ]

    def scores(self, captions: Sequence[str]) -> dict[str, float]:
        """BLEU-4, CIDEr-D and the number of distinct captions of the first validation photos."""
        photos = self.val[: len(captions)]
        names = [str(i) for i in range(len(captions))]
        found = score(
            dict(zip(names, captions, strict=True)),
            {name: list(photo.captions) for name, photo in zip(names, photos, strict=True)},
        )
        return {
            "bleu_1": found.bleu_1,
            "bleu_4": found.bleu_4,
            "cider_d": found.cider_d,
            "distinct": float(len(set(captions))),
        }
