"""A training run from its configuration to a checkpoint, resumable at any moment."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from captioner.checkpoint.torch_checkpoint import Checkpoint, Generation
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.distribution import version
from captioner.model.decoder import Decoder
from captioner.model.encoder import Encoder
from captioner.model.factory import DecoderConfig, make_decoder, make_encoder
from captioner.model.lstm import LSTMConfig
from captioner.model.preprocess import normalization_of
from captioner.model.transformer import TransformerConfig
from training.config import (
    AnyStage,
    DecoderSizes,
    EndToEndStage,
    LabelsStage,
    RunConfig,
    SelfCriticalStage,
    WordsStage,
)
from training.data.captions import tokenized
from training.data.reader_base import DataError
from training.data.registry import read_sources
from training.device import computes_in_bf16, memory_advice
from training.distributed.processes import ALONE, Processes
from training.loop import Stage, step_seed, train_stage
from training.pretrained import load_pretrained, read_start
from training.resume_state import (
    StateMismatch,
    load_tensors,
    save_tensors,
    under_prefix,
    with_prefix,
)
from training.run_metadata import Record
from training.stages.caption_batches import Sentences
from training.stages.encoder_pretraining import Labels, Words
from training.stages.end_to_end import EndToEnd, Model
from training.stages.features import Features
from training.stages.frozen_encoder import DecoderOnFeatures, SelfCritical


class Run:
    """One configuration's way through its stages, in a folder of its own.

    The folder holds the configuration, one folder a stage (its log, its state, in the end its
    weights) and, in the end, `checkpoint.safetensors`.
    """

    def __init__(
        self,
        config: RunConfig,
        *,
        folder: Path,
        data: Path,
        device: torch.device,
        console: Console,
        cache: Path | None = None,
        save_every: float = 60.0,
        processes: Processes = ALONE,
        accept_changed_data: bool = False,
    ) -> None:
        """`data` is the folder of data sets; `save_every` is in seconds.

        `accept_changed_data`: go on with a run though its data sets are not what they were.
        """
        self._config, self._folder, self._data = config, folder, data
        self._device, self._console, self._save_every = device, console, save_every
        self._cache = cache or folder / "cache"
        self._processes, self._accept_changed_data = processes, accept_changed_data
        self._start = read_start(config.start) if config.start else None
        self._vocabulary = self._words()
        torch.manual_seed(step_seed(config.seed, 0))
        # In this format from the beginning, as the pretraining stages have it: convolutions round
        # differently in another, and a resumed run would not be the same run.
        encoder = self._first_encoder().to(memory_format=torch.channels_last)
        self._encoder = processes.with_shared_batch_norm(encoder)
        mean, std = normalization_of(encoder.name)
        self._preprocess = replace(config.preprocess, mean=mean, std=std)
        self._decoder = self._first_decoder()

    def _words(self) -> Vocabulary:
        sources = self._config.vocabulary
        if self._start and not sources:
            return self._start.checkpoint.vocabulary
        assert sources is not None, "the configuration was checked"
        photos = read_sources(sources.sources, self._data)
        words = [caption for own in tokenized(photos) for caption in own]
        language, *others = sorted({photo.language for photo in photos})
        if others:
            raise DataError(f"a vocabulary is of one language, not of {language} and {others[0]}")
        return Vocabulary.build(words, min_count=sources.min_count, language=language)

    def _first_encoder(self) -> Encoder:
        if self._start:
            return self._start.checkpoint.encoder
        return make_encoder(self._config.encoder.name)

    def _first_decoder(self) -> Decoder:
        if self._start and not self._config.vocabulary:
            return self._start.checkpoint.decoder
        return make_decoder(self._decoder_config())

    def _decoder_config(self) -> DecoderConfig:
        sizes = self._config.decoder
        kind = LSTMConfig if isinstance(sizes, DecoderSizes) else TransformerConfig
        return kind(
            vocabulary_size=len(self._vocabulary),
            annotation_dim=self._encoder.dim,
            **sizes.model_dump(),
        )

    def train(self) -> Path:
        """Go through all stages, or on from where the run stood; returns the checkpoint's path.

        Raises WeightsUnavailable, DataError, StateMismatch, Stopped, OutOfMemory, OSError; in
        several processes ProcessesError and ProcessLost.
        """
        with self._processes.watched():
            return self._train()

    def _train(self) -> Path:
        for stage_config in self._config.stages:
            self._processes.check_batch_size(stage_config.name, stage_config.batch_size)
        self._folder.mkdir(parents=True, exist_ok=True)
        scores: dict[str, float] = {}
        # Before the first stage has ended, the encoder may be as it was begun.
        begun = (self._stage_folder(0) / "weights.safetensors").is_file()
        begun = self._processes.told(begun)
        if self._processes.is_main:
            self._record()
        if self._config.encoder.weights != "scratch" and not begun:
            self._load_pretrained()
        bf16 = self._in_bf16()
        for number, stage_config in enumerate(self._config.stages):
            weights = self._stage_folder(number) / "weights.safetensors"
            fingerprint = self._fingerprint(number)
            if weights.is_file():
                scores = self._take(weights, fingerprint)
                self._console.log(f"{stage_config.name}: done before")
                continue
            with memory_advice(stage_config):
                stage = self._stage(stage_config, bf16)
            scores = train_stage(
                stage,
                stage_config,
                seed=self._config.seed,
                folder=self._stage_folder(number),
                fingerprint=fingerprint,
                console=self._console,
                save_every=self._save_every,
                bf16=bf16,
                processes=self._processes,
            )
            if self._processes.is_main:
                self._keep(weights, fingerprint, scores)
        path = self._folder / "checkpoint.safetensors"
        if self._processes.is_main:
            self._checkpoint(scores).save(path)
            if self._cache == self._folder / "cache":
                shutil.rmtree(self._cache, ignore_errors=True)  # it can be made again
        self._processes.wait()
        return path

    def _record(self) -> None:
        """Write down what it takes to repeat the run; see that its data are what they were."""
        stages = self._config.stages
        left = [
            stage
            for number, stage in enumerate(stages)
            if not (self._stage_folder(number) / "weights.safetensors").is_file()
        ]
        record = Record(self._folder, self._console)
        record.configuration(self._config)
        record.environment(self._device, self._processes.count)
        record.data(self._config, left, folder=self._data, accept_changes=self._accept_changed_data)

    def _in_bf16(self) -> bool:
        if self._config.precision == "float32":
            return False
        if not computes_in_bf16(self._device):
            self._console.log(
                f"precision: float32, for this {self._device.type} has no instructions for bf16"
            )
            return False
        return True

    def _fingerprint(self, number: int) -> str:
        own = self._config.fingerprint(number)
        return self._start.fingerprint(own) if self._start else own

    def _stage_folder(self, number: int) -> Path:
        return self._folder / f"{number}-{self._config.stages[number].name}"

    def _load_pretrained(self) -> None:
        weights = self._config.encoder.weights
        if not self._processes.is_main:
            self._processes.wait()  # until it is downloaded
        missing = load_pretrained(self._encoder, weights, self._data)
        if self._processes.is_main:
            if missing:
                self._console.log(f"{weights} lacks {len(missing)} tensors: {', '.join(missing)}")
            self._processes.wait()

    def _stage(self, config: AnyStage, bf16: bool) -> Stage:
        seed, device, cache = self._config.seed, self._device, self._cache
        processes = self._processes
        if isinstance(config, LabelsStage):
            return Labels(
                self._encoder, config, data=self._data, cache=cache, seed=seed, device=device,
                processes=processes,
            )  # fmt: skip
        if isinstance(config, WordsStage):
            return Words(
                self._encoder, config, data=self._data, cache=cache, seed=seed, device=device,
                processes=processes,
            )  # fmt: skip
        sentences = Sentences(
            config, self._vocabulary, self._config.generation, data=self._data, seed=seed
        )
        if isinstance(config, EndToEndStage):
            return EndToEnd(
                self._encoder,
                self._decoder,
                config,
                sentences,
                preprocess=self._preprocess,
                image_size=self._config.image_size,
                cache=cache,
                device=device,
                processes=processes,
            )
        features = Features.compute(
            self._encoder, config, sentences, self._preprocess,
            image_size=self._config.image_size, cache=cache, seed=seed, device=device,
            processes=processes, bf16=bf16,
        )  # fmt: skip
        if isinstance(config, SelfCriticalStage):
            return SelfCritical(self._decoder, config, sentences, features, processes)
        return DecoderOnFeatures(self._decoder, config, sentences, features, processes)

    def _keep(self, path: Path, fingerprint: str, scores: dict[str, float]) -> None:
        model = Model(self._encoder, self._decoder)
        tensors = {n: t for n, t in model.state_dict().items() if not self._is_tie(n)}
        save_tensors(
            path, with_prefix("model", tensors), {"fingerprint": fingerprint, "scores": scores}
        )

    def _take(self, path: Path, fingerprint: str) -> dict[str, float]:
        tensors, meta = load_tensors(path)
        if meta["fingerprint"] != fingerprint:
            raise StateMismatch(
                f"{path} belongs to another configuration; "
                "give this run another name or delete the folder"
            )
        model = Model(self._encoder, self._decoder)
        own = {n: t for n, t in model.state_dict().items() if not self._is_tie(n)}
        given = under_prefix("model", tensors)
        with torch.no_grad():
            for name, tensor in own.items():
                tensor.copy_(given[name])
        return {str(k): float(v) for k, v in meta["scores"].items()}

    def _is_tie(self, name: str) -> bool:
        return self._decoder.config.tied and name == "decoder.output.weight"

    def _checkpoint(self, scores: dict[str, float]) -> Checkpoint:
        return Checkpoint(
            encoder=self._encoder.cpu().eval(),
            decoder=self._decoder.cpu().eval(),
            vocabulary=self._vocabulary,
            preprocess=self._preprocess,
            generation=Generation(**self._config.generation.model_dump()),
            provenance={
                "configuration": _to_share(self._config),
                "captionbot": version(),
                "torch": torch.__version__,
                "device": str(self._device),
                **({"start": self._start.describe()} if self._start else {}),
            },
            scores={"last_validation": scores},
        )


def _to_share(config: RunConfig) -> dict[str, Any]:
    """The configuration without the folders of whoever trains; the run's folder keeps them."""
    found = config.model_dump(mode="json")
    for name in ("data", "start"):
        path = Path(found[name])
        if path.is_absolute() or found[name].startswith("~"):
            found[name] = path.name
    return found
