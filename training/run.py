"""A training run, from its configuration to a checkpoint; it can be resumed at any step."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from rich.console import Console
from torch import nn

from captioner.checkpoint.torch_checkpoint import Checkpoint, Generation
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.distribution import version
from captioner.model.configs import LSTMConfig
from captioner.model.decoder import Decoder
from captioner.model.encoder import Encoder
from captioner.model.factory import DecoderConfig, make_decoder, make_encoder
from captioner.model.preprocess import normalization_of
from captioner.model.transformer import TransformerConfig
from training.config import LanguagesConfig, LSTMOptions, RunConfig
from training.data.alignment import extended_decoder
from training.data.captions import build_vocabulary, caption_words, extend_vocabulary
from training.data.reader_base import CaptionedPhoto
from training.data.registry import read_sources
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.loop import Stage, explain_out_of_memory, step_seed, supports_fast_bf16, train_stage
from training.pretrained import load_pretrained, load_warm_start
from training.resume_state import (
    StateMismatch,
    add_prefix,
    load_tensors,
    save_tensors,
    select_prefix,
)
from training.run_metadata import RunMetadata
from training.stage_config import (
    AnyStage,
    DecoderStage,
    DistillationStage,
    EndToEndStage,
    LabelsStage,
    SelfCriticalStage,
    WordsStage,
)
from training.stages.caption_batches import CaptionBatches
from training.stages.distillation import Distillation, decoder_for
from training.stages.encoder_pretraining import LabelClassification, WordPrediction
from training.stages.end_to_end import EndToEndTraining
from training.stages.features import Features
from training.stages.frozen_encoder import frozen_encoder_stage
from training.stages.languages import (
    LanguageDecoders,
    LanguagesTraining,
    initial_language_decoders,
    languages_training,
    with_languages,
)


class Run:
    """Trains the stages of a configuration one after the other, in a folder of its own.

    The folder holds the configuration, a folder for each stage (log, state, and at the end the
    weights) and, at the end, `checkpoint.safetensors`.
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
        processes: ProcessGroup = SINGLE_PROCESS,
        accept_changed_data: bool = False,
    ) -> None:
        """`data` is the folder of data sets; `save_every` is in seconds.

        `accept_changed_data`: resume a run even if its data sets have changed.
        """
        self._config, self._folder, self._data = config, folder, data
        self._device, self._console, self._save_every = device, console, save_every
        self._cache = cache or folder / "cache"
        self._processes, self._accept_changed_data = processes, accept_changed_data
        self._start = load_warm_start(config.start) if config.start else None
        self._vocabulary = self._build_vocabulary()
        self._added = self._added_vocabularies()
        torch.manual_seed(step_seed(config.seed, 0))
        # Convolutions round differently in another memory format. The pretraining stages use
        # this one; so use it from the start, and a resumed run gives the same weights.
        encoder = self._initial_encoder().to(memory_format=torch.channels_last)
        self._encoder = processes.with_synchronized_batch_norm(encoder)
        mean, std = normalization_of(encoder.name)
        self._preprocess = replace(config.preprocess, mean=mean, std=std)
        self._decoder = self._initial_decoder()

    def _build_vocabulary(self) -> Vocabulary:
        sources = self._config.vocabulary
        if self._start and not sources:
            return self._start.checkpoint.vocabulary
        assert sources is not None, "the configuration was checked"
        words, language = caption_words(sources.sources, self._data, sources.texts)
        found = build_vocabulary(words, language, min_count=sources.min_count)
        if not sources.extend:
            return found
        assert self._start, "the configuration was checked"
        return extend_vocabulary(self._start.checkpoint.vocabulary, found)

    def _added_vocabularies(self) -> dict[str, Vocabulary]:
        added = self._config.languages
        if not added:
            return {}
        given = self._start.checkpoint.languages if self._start else {}
        return {
            code: given[code].vocabulary
            if code in given
            else build_vocabulary(
                *caption_words(
                    [added.source(source, code) for source in added.sources],
                    self._data,
                    added.texts_in(code),
                ),
                min_count=added.min_count,
            )
            for code in added.codes
        }

    def _initial_encoder(self) -> Encoder:
        if self._start and not self._config.distils:
            return self._start.checkpoint.encoder
        return make_encoder(self._config.encoder.name)

    def _initial_decoder(self) -> Decoder | LanguageDecoders:
        words = self._config.vocabulary
        if self._start and words and self._config.extends:
            captions, _ = caption_words(words.sources, self._data, words.texts)
            return extended_decoder(self._start.checkpoint.decoder, self._vocabulary, captions)
        if self._start and not self._config.vocabulary:
            decoder = self._start.checkpoint.decoder
            if self._config.distils:
                return decoder_for(self._encoder.dim, decoder)
            if not self._config.languages:
                return decoder
            return initial_language_decoders(
                self._start.checkpoint, self._added, self._config.languages, self._data
            )
        return make_decoder(self._decoder_config())

    def _decoder_config(self) -> DecoderConfig:
        sizes = self._config.decoder
        kind = LSTMConfig if isinstance(sizes, LSTMOptions) else TransformerConfig
        return kind(
            vocabulary_size=len(self._vocabulary),
            annotation_dim=self._encoder.dim,
            **sizes.model_dump(),
        )

    def train(self) -> Path:
        """Train or resume all stages; returns the checkpoint's path.

        Raises WeightsUnavailable, DataError, StateMismatch, Stopped, OutOfMemory and OSError; with
        several processes also DistributedError and ProcessLost.
        """
        with self._processes.detect_lost_processes():
            return self._train()

    def _train(self) -> Path:
        for stage_config in self._config.stages:
            self._processes.check_batch_size(stage_config.name, stage_config.batch_size)
        self._folder.mkdir(parents=True, exist_ok=True)
        scores: dict[str, float] = {}
        # Weights of a finished stage replace the pretrained ones anyway.
        first_done = (self._stage_folder(0) / "weights.safetensors").is_file()
        first_done = self._processes.broadcast(first_done)
        if self._processes.is_main:
            self._save_metadata()
        if self._config.encoder.weights != "scratch" and not first_done:
            self._load_pretrained()
        bf16 = self._in_bf16()
        for number, stage_config in enumerate(self._config.stages):
            weights = self._stage_folder(number) / "weights.safetensors"
            fingerprint = self._fingerprint(number)
            if weights.is_file():
                scores = self._load_stage(weights, fingerprint)
                self._console.log(f"{stage_config.name}: already done")
                continue
            with explain_out_of_memory(stage_config):
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
                self._save_stage(weights, fingerprint, scores)
        path = self._folder / "checkpoint.safetensors"
        if self._processes.is_main:
            self._checkpoint(scores).save(path)
            if self._cache == self._folder / "cache":
                shutil.rmtree(self._cache, ignore_errors=True)  # it can be made again
        self._processes.wait()
        return path

    def _save_metadata(self) -> None:
        """Record what is needed to repeat the run, and check that its data are unchanged."""
        stages = self._config.stages
        left = [
            stage
            for number, stage in enumerate(stages)
            if not (self._stage_folder(number) / "weights.safetensors").is_file()
        ]
        record = RunMetadata(self._folder, self._console)
        record.save_configuration(self._config)
        record.save_environment(self._device, self._processes.count)
        record.check_data(
            self._config, left, folder=self._data, accept_changes=self._accept_changed_data
        )

    def _in_bf16(self) -> bool:
        if self._config.precision == "float32":
            return False
        if not supports_fast_bf16(self._device):
            self._console.log(
                f"precision: float32, because this {self._device.type} has no bf16 instructions"
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
            return LabelClassification(
                self._encoder, config, data=self._data, cache=cache, seed=seed, device=device,
                processes=processes,
            )  # fmt: skip
        if isinstance(config, WordsStage):
            return WordPrediction(
                self._encoder, config, data=self._data, cache=cache, seed=seed, device=device,
                processes=processes,
            )  # fmt: skip
        if self._config.languages:
            assert isinstance(config, DecoderStage | SelfCriticalStage), "checked"
            return self._languages_stage(config, self._config.languages, bf16)
        assert isinstance(self._decoder, Decoder)
        if isinstance(config, DistillationStage):
            assert self._start, "the configuration was checked"
            return Distillation(
                self._encoder, self._decoder, self._start.checkpoint, config,
                self._config.generation, preprocess=self._preprocess,
                image_size=self._config.image_size, data=self._data, cache=cache, seed=seed,
                device=device, processes=processes, bf16=bf16,
            )  # fmt: skip
        captions = CaptionBatches(
            config, self._vocabulary, self._config.generation, data=self._data, seed=seed
        )
        if isinstance(config, EndToEndStage):
            return EndToEndTraining(
                self._encoder,
                self._decoder,
                config,
                captions,
                preprocess=self._preprocess,
                image_size=self._config.image_size,
                cache=cache,
                device=device,
                processes=processes,
            )
        features = self._features(config, captions.train, captions.val, bf16)
        return frozen_encoder_stage(
            self._decoder,
            config,
            captions,
            features,
            data=self._data,
            seed=seed,
            processes=processes,
        )

    def _languages_stage(
        self, config: DecoderStage | SelfCriticalStage, added: LanguagesConfig, bf16: bool
    ) -> LanguagesTraining:
        """The stage for all added languages; the photos are encoded once for all of them."""
        decoders = self._decoder
        assert isinstance(decoders, LanguageDecoders)
        train, val = (read_sources(sources, self._data) for sources in (config.train, config.val))
        return languages_training(
            decoders,
            config,
            added,
            self._added,
            self._features(config, train, val, bf16),
            (train, val),
            generation=self._config.generation,
            data=self._data,
            seed=self._config.seed,
            processes=self._processes,
        )

    def _features(
        self,
        config: DecoderStage | SelfCriticalStage,
        train: Sequence[CaptionedPhoto],
        val: Sequence[CaptionedPhoto],
        bf16: bool,
    ) -> Features:
        return Features.compute(
            self._encoder, config, train, val, self._preprocess,
            image_size=self._config.image_size, cache=self._cache, seed=self._config.seed,
            device=self._device, processes=self._processes, bf16=bf16,
        )  # fmt: skip

    def _save_stage(self, path: Path, fingerprint: str, scores: dict[str, float]) -> None:
        model = nn.ModuleDict({"encoder": self._encoder, "decoder": self._decoder})
        tensors = {n: t for n, t in model.state_dict().items() if not self._is_tie(n)}
        save_tensors(
            path, add_prefix("model", tensors), {"fingerprint": fingerprint, "scores": scores}
        )

    def _load_stage(self, path: Path, fingerprint: str) -> dict[str, float]:
        tensors, meta = load_tensors(path)
        if meta["fingerprint"] != fingerprint:
            raise StateMismatch(
                f"{path} belongs to another configuration; "
                "give this run another name or delete the folder"
            )
        model = nn.ModuleDict({"encoder": self._encoder, "decoder": self._decoder})
        own = {n: t for n, t in model.state_dict().items() if not self._is_tie(n)}
        given = select_prefix("model", tensors)
        with torch.no_grad():
            for name, tensor in own.items():
                tensor.copy_(given[name])
        return {str(k): float(v) for k, v in meta["scores"].items()}

    def _is_tie(self, name: str) -> bool:
        return self._decoder.config.tied and name.endswith("output.weight")

    def _checkpoint(self, scores: dict[str, float]) -> Checkpoint:
        provenance = {
            "configuration": self._config.without_local_paths(),
            "captionbot": version(),
            "torch": torch.__version__,
            "device": str(self._device),
            **({"start": self._start.describe()} if self._start else {}),
        }
        decoder = self._decoder.cpu().eval()
        if isinstance(decoder, LanguageDecoders):
            assert self._start, "the configuration was checked"
            assert self._config.languages, "it has language decoders"
            return with_languages(
                self._start.checkpoint, decoder, self._added, self._config.languages,
                provenance=provenance, scores=scores,
            )  # fmt: skip
        return Checkpoint(
            encoder=self._encoder.cpu().eval(),
            decoder=decoder,
            vocabulary=self._vocabulary,
            preprocess=self._preprocess,
            generation=Generation(**self._config.generation.model_dump()),
            provenance=provenance,
            scores={"last_validation": scores},
        )
