"""The stages that train a decoder on a frozen encoder's features: cross-entropy, self-critical.

Cross-entropy trains on captions without photos as well, as Sennrich et al. 2016 (arXiv 1511.06709,
section 3.1) train a translator on sentences without originals: a constant stands for the photo,
here the mean of all photos, and the parts of the decoder that look at photos learn nothing from
these steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.decoder import Decoder, LSTMDecoder
from training.data.captions import CaptionTable, words_of_texts
from training.data.reader_base import DataError
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.loop import Stage
from training.losses.caption_loss import CaptionLoss, cross_entropy
from training.losses.self_critical import SelfCriticalLoss
from training.stage_config import DecoderStage, SelfCriticalStage
from training.stages.caption_batches import CaptionBatches, token_ids_of
from training.stages.features import Features


class FrozenEncoderStage(Stage):
    """The base of stages that train a decoder on cached annotation vectors."""

    module: Decoder

    def __init__(
        self,
        decoder: Decoder,
        config: DecoderStage | SelfCriticalStage,
        captions: CaptionBatches,
        features: Features,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        self.module = decoder.to(features.device)
        self._captions, self._features = captions, features
        self._processes = processes
        self._validate_photos = config.validate_photos

    def validate(self, module: nn.Module) -> dict[str, float]:
        """The loss on all validation captions, and scores of beam-search captions."""
        assert isinstance(module, Decoder)
        captions, features = self._captions, self._features
        table, losses = captions.val_table, []
        for rows in table.batches(batch_size=250, seed=0, epoch=0):
            annotations = features.val[table.photo[rows]].to(features.device).float()
            numbers = token_ids_of(table, rows, annotations)[:, None]
            scores, _ = module(annotations, numbers[..., :-1])
            losses.append(float(cross_entropy(scores, numbers[..., 1:], captions.vocabulary.pad)))
        chunks = [
            chunk.to(features.device).float()
            for chunk in torch.split(features.val[: self._validate_photos], 50)
        ]
        return {"val_entropy": sum(losses) / len(losses)} | captions.scores(module, chunks)


class DecoderTraining(FrozenEncoderStage):
    """Cross-entropy on captions, each time with a random view of the photo."""

    def __init__(
        self,
        decoder: Decoder,
        config: DecoderStage,
        captions: CaptionBatches,
        features: Features,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        super().__init__(decoder, config, captions, features, processes)
        self.steps_per_epoch = captions.steps_per_epoch
        self._loss = CaptionLoss(
            config,
            captions.vocabulary,
            photos=captions.train,
            steps=config.epochs * self.steps_per_epoch,
            processes=processes,
        )

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The caption loss of a batch of captions of similar length."""
        batch = self._captions.batch(step, self._processes)
        annotations, crops = self._features.random_view(batch.photos, batch.flippable, generator)
        return self._loss(self.module, annotations, crops, batch, step=step, generator=generator)

    def extra_state(self) -> dict[str, Tensor]:
        return self._loss.state()

    def load_extra_state(self, tensors: dict[str, Tensor]) -> None:
        self._loss.load_state(tensors, self._features.device)


class SelfCriticalTraining(FrozenEncoderStage):
    """`SelfCriticalLoss`, each time with a random view of the photo."""

    def __init__(
        self,
        decoder: Decoder,
        config: SelfCriticalStage,
        captions: CaptionBatches,
        features: Features,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        super().__init__(decoder, config, captions, features, processes)
        self._loss = SelfCriticalLoss(
            config,
            captions.train,
            captions.train_words,
            captions.vocabulary,
            captions.specials,
            max_length=captions.generation.max_length,
            processes=processes,
        )
        self.steps_per_epoch = max(1, len(captions.train) // config.batch_size)

    def set_training_mode(self) -> None:
        """Evaluation mode, as `SelfCriticalLoss` requires."""
        self.module.eval()

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The loss of captions sampled for a batch of photos."""
        photos = self._captions.photo_indices(step, self._processes)
        flippable = self._loss.flippable[photos]
        annotations, crops = self._features.random_view(photos, flippable, generator)
        return self._loss(self.module, annotations, crops, photos, generator)


class WithTexts(FrozenEncoderStage):
    """A stage between whose steps come some on captions without photos."""

    def __init__(
        self,
        stage: FrozenEncoderStage,
        config: DecoderStage,
        vocabulary: Vocabulary,
        texts: Sequence[Sequence[str]],
        photo: Tensor,
        *,
        seed: int,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        """`photo` (1, K, D) stands for those that are missing.

        Of the steps, `config.texts_share` have texts. Raises DataError for a decoder that is no
        LSTM.
        """
        if not isinstance(stage.module, LSTMDecoder):
            raise DataError("texts without photos train LSTM decoders alone")
        self.module, self._stage, self._decoder = stage.module, stage, stage.module
        self._config, self._vocabulary, self._seed = config, vocabulary, seed
        self._table = CaptionTable.build([texts], vocabulary, longest=config.longest)
        self._photo, self._processes, self._share = photo, processes, config.texts_share
        self.steps_per_epoch = round(stage.steps_per_epoch / (1 - self._share))
        self._epoch = -1
        self._batches: list[Tensor] = []

    def set_training_mode(self) -> None:
        self._stage.set_training_mode()

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The stage's own loss, or the cross-entropy of captions without photos."""
        done, next_one = int(step * self._share), int((step + 1) * self._share)
        if done == next_one:
            return self._stage.loss(step - done, generator)
        everyone = self._rows(done)
        rows = self._processes.shard(everyone)
        token_ids = token_ids_of(self._table, rows, self._photo)[:, None]
        with _looking_as_it_does(self._decoder):
            scores, _ = self._decoder(self._photo.expand(len(rows), -1, -1), token_ids[..., :-1])
        entropy = cross_entropy(
            scores,
            token_ids[..., 1:],
            self._vocabulary.pad,
            smoothing=self._config.label_smoothing,
        )
        words = self._table.length - 1  # to be predicted
        share = int(words[rows].sum()) / int(words[everyone].sum())
        entropy = self._processes.count * share * entropy  # every word has the same weight
        return entropy, {"text_entropy": float(entropy.detach())}

    def _rows(self, step: int) -> Tensor:
        """The rows of all processes of a step with texts."""
        if not self._batches:
            self._new_order(0)
        epoch, place = divmod(step, len(self._batches))
        if epoch != self._epoch:
            self._new_order(epoch)
        return self._batches[place]

    def _new_order(self, epoch: int) -> None:
        size = self._config.batch_size
        self._batches = self._table.batches(batch_size=size, seed=self._seed + 5, epoch=epoch)
        self._epoch = epoch

    def validate(self, module: nn.Module) -> dict[str, float]:
        return self._stage.validate(module)

    def extra_state(self) -> dict[str, Tensor]:
        return self._stage.extra_state()

    def load_extra_state(self, tensors: dict[str, Tensor]) -> None:
        self._stage.load_extra_state(tensors)


@contextmanager
def _looking_as_it_does(decoder: LSTMDecoder) -> Iterator[None]:
    """What looks at photos learns nothing meanwhile."""
    looking = [
        parameter
        for part in (
            decoder.attention,
            decoder.gate,
            decoder.init_hidden,
            decoder.init_cell,
            decoder.of_context,
        )
        for parameter in part.parameters()
        if parameter.requires_grad
    ]
    for parameter in looking:
        parameter.requires_grad = False
    try:
        yield
    finally:
        for parameter in looking:
            parameter.requires_grad = True


def frozen_encoder_stage(
    decoder: Decoder,
    config: DecoderStage | SelfCriticalStage,
    captions: CaptionBatches,
    features: Features,
    *,
    data: Path,
    seed: int,
    processes: ProcessGroup = SINGLE_PROCESS,
) -> FrozenEncoderStage:
    """The stage of this configuration, with its texts if it names any; raises DataError."""
    if isinstance(config, SelfCriticalStage):
        return SelfCriticalTraining(decoder, config, captions, features, processes)
    stage = DecoderTraining(decoder, config, captions, features, processes)
    if not config.texts:
        return stage
    vocabulary = captions.vocabulary
    texts = words_of_texts(config.texts, vocabulary.language, data)
    return WithTexts(
        stage, config, vocabulary, texts, features.mean(), seed=seed, processes=processes
    )
