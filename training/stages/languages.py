"""Trains decoders of several languages on one frozen encoder, one language in each step."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from captioner.checkpoint.torch_checkpoint import Checkpoint, LanguageDecoder, Source
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.language.writing import ENGLISH
from captioner.model.configs import is_of_the_words
from captioner.model.decoder import Decoder
from captioner.model.factory import with_vocabulary
from training.config import GenerationConfig, LanguagesConfig
from training.data.alignment import initialise, translations
from training.data.captions import tokenize_captions
from training.data.reader_base import CaptionedPhoto, DataError
from training.data.registry import read_sources
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.loop import Stage, step_seed
from training.resume_state import add_prefix, select_prefix
from training.stage_config import DecoderStage, SelfCriticalStage
from training.stages.caption_batches import CaptionBatches
from training.stages.features import Features
from training.stages.frozen_encoder import FrozenEncoderStage, frozen_encoder_stage

log = logging.getLogger(__name__)


class LanguageDecoders(nn.Module):
    """The decoders of several languages.

    They share everything but the embedding and the output layer (`shared`), or each has a decoder
    of its own.
    """

    def __init__(
        self,
        core: Decoder,
        vocabularies: Mapping[str, Vocabulary],
        *,
        shared: bool,
        given: Mapping[str, Decoder] | None = None,
    ) -> None:
        """`core`: the decoder whose weights they begin with; it is changed if it is shared.

        `given` are the languages' own decoders, if there are any already.
        """
        super().__init__()
        self.config = core.config
        self._decoders: dict[
            str, Decoder
        ] = {}  # not modules of this one: parameters would be listed several times
        self.languages = nn.ModuleDict()
        for code, vocabulary in vocabularies.items():
            decoder = (
                given[code]
                if given and code in given
                else with_vocabulary(core if shared else deepcopy(core), len(vocabulary))
            )
            self._decoders[code] = decoder
            self.languages[code] = nn.ModuleDict(
                {n: m for n, m in decoder.named_children() if not shared or is_of_the_words(n)}
            )
        self.core = nn.ModuleDict(
            {n: m for n, m in core.named_children() if shared and not is_of_the_words(n)}
        )

    def __getitem__(self, code: str) -> Decoder:
        return self._decoders[code]

    def train(self, mode: bool = True) -> LanguageDecoders:
        """As `nn.Module.train`, for the decoders as well."""
        super().train(mode)
        for decoder in self._decoders.values():
            decoder.train(mode)
        return self


class LanguagesTraining(Stage):
    """The same stage for each language, their steps in random order.

    A language has the share of the steps that its number of steps to the power of `balance` is: 1
    is as often as it has captions, 0 is as often as every other (arXiv 1907.05019, section 4.2,
    calls it temperature sampling). Then it is multiplied by the language's `share`, if it has one.
    """

    module: LanguageDecoders

    def __init__(
        self,
        module: LanguageDecoders,
        stages: Mapping[str, FrozenEncoderStage],
        *,
        balance: float,
        seed: int,
        share: Mapping[str, float] | None = None,
    ) -> None:
        self.module, self._stages, self._seed = module, stages, seed
        own = {code: stage.steps_per_epoch for code, stage in stages.items()}
        total, powers = sum(own.values()), {code: n**balance for code, n in own.items()}
        self.steps = {
            code: max(1, round(total * power / sum(powers.values()) * (share or {}).get(code, 1.0)))
            for code, power in powers.items()
        }
        self.steps_per_epoch = sum(self.steps.values())
        self._epoch = -1
        self._order: list[tuple[str, int]] = []

    def set_training_mode(self) -> None:
        """As the languages' stages want it."""
        self.module.train()
        for stage in self._stages.values():
            stage.set_training_mode()

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The loss of a step of one language."""
        code, own_step = self.of_step(step)
        loss, numbers = self._stages[code].loss(own_step, generator)
        return loss, {f"{code}_{name}": value for name, value in numbers.items()}

    def of_step(self, step: int) -> tuple[str, int]:
        """The language of a step, and the number of the step among those of the language."""
        epoch, place = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            codes = [code for code, count in self.steps.items() for _ in range(count)]
            generator = torch.Generator().manual_seed(step_seed(self._seed + 11, epoch))
            seen = {code: epoch * count for code, count in self.steps.items()}
            self._order = []
            for at in torch.randperm(len(codes), generator=generator).tolist():
                code = codes[at]
                self._order.append((code, seen[code]))
                seen[code] += 1
            self._epoch = epoch
        return self._order[place]

    def validate(self, module: nn.Module) -> dict[str, float]:
        """The scores of each language, as `de_cider_d`, and the mean of CIDEr-D and BLEU-4."""
        assert isinstance(module, LanguageDecoders)
        found = {code: stage.validate(module[code]) for code, stage in self._stages.items()}
        means = {
            name: sum(scores[name] for scores in found.values()) / len(found)
            for name in ("cider_d", "bleu_4")
        }
        return means | {
            f"{code}_{name}": value
            for code, scores in found.items()
            for name, value in scores.items()
        }

    def extra_state(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for code, stage in self._stages.items():
            found |= add_prefix(code, stage.extra_state())
        return found

    def load_extra_state(self, tensors: dict[str, Tensor]) -> None:
        for code, stage in self._stages.items():
            stage.load_extra_state(select_prefix(code, tensors))


def languages_training(
    decoders: LanguageDecoders,
    config: DecoderStage | SelfCriticalStage,
    added: LanguagesConfig,
    vocabularies: Mapping[str, Vocabulary],
    features: Features,
    photos: tuple[Sequence[CaptionedPhoto], Sequence[CaptionedPhoto]],
    *,
    generation: GenerationConfig,
    data: Path,
    seed: int,
    processes: ProcessGroup = SINGLE_PROCESS,
) -> LanguagesTraining:
    """A stage for all of `vocabularies`; `features` are of the photos to train on and to score."""
    train, val = photos
    stages: dict[str, FrozenEncoderStage] = {}
    for code, vocabulary in vocabularies.items():
        own = config.by_cross_entropy() if code in added.cross_entropy else config
        own = own.model_copy(
            update={
                "train": tuple(added.source(source, code) for source in config.train),
                "val": tuple(added.source(source, code) for source in config.val),
            }
        )
        power = added.length_power.get(code, generation.length_power)
        captions = CaptionBatches(
            own,
            vocabulary,
            generation.model_copy(update={"length_power": power}),
            data=data,
            seed=seed,
            longest=added.longest.get(code),
        )
        if texts := added.texts_in(code):
            assert isinstance(own, DecoderStage), "the configuration was checked"
            own = own.model_copy(update={"texts": texts, "texts_share": added.texts_share})
        stages[code] = frozen_encoder_stage(
            decoders[code],
            own,
            captions,
            features.of(places_of(captions.train, train), places_of(captions.val, val)),
            data=data,
            seed=seed,
            processes=processes,
        )
    return LanguagesTraining(decoders, stages, balance=added.balance, share=added.share, seed=seed)


def initial_language_decoders(
    start: Checkpoint, vocabularies: Mapping[str, Vocabulary], config: LanguagesConfig, data: Path
) -> LanguageDecoders:
    """The decoders of languages that `start` has, to be trained further, and of new ones.

    New languages share the decoder of those that are there; without any, they begin as the decoder
    of `start`. Each of their words begins as the words for the same photos in English, or in the
    language of `config.like`; `config.sources` name these photos. Raises DataError if some of the
    languages are not shared in `start` as they are to be.
    """
    there = {code: start.languages[code] for code in config.codes if code in start.languages}
    groups = {one.group for one in there.values()}
    left_out = {c for c, one in start.languages.items() if one.group in groups} - there.keys()
    expected = 1 if config.shared else len(config.codes)
    if config.words_only:
        if not config.shared or len(there) < len(config.codes) or len(groups) != 1:
            raise DataError(
                f"words_only: {start.name} has no decoder that the languages "
                f"{', '.join(config.codes)} share"
            )
        left_out = set()  # what the others share stays as it is
    if there and (left_out or len(groups) != expected):
        raise DataError(
            f"{start.name} shares the decoders of the languages {', '.join(config.codes)} in "
            f"another way ({', '.join(sorted(groups))}): name those that are to be trained together"
        )
    core = next(iter(there.values())).decoder if there else deepcopy(start.decoder)
    given = {code: one.decoder for code, one in there.items()}
    decoders = LanguageDecoders(core, vocabularies, shared=config.shared, given=given)
    decoders.core.requires_grad_(not config.words_only)
    words_in = cache(partial(_words_by_photo, config, data))  # of English, most of all
    for code, vocabulary in vocabularies.items():
        if code in there:
            continue
        other = config.like.get(code, ENGLISH)
        if other != ENGLISH and other not in start.languages:
            raise DataError(f"like: {start.name} has no words in {other!r} for those in {code!r}")
        model = start if other == ENGLISH else start.languages[other]
        own, theirs = words_in(code), words_in(other)
        photos = own.keys() & theirs.keys()
        weights = translations(
            [own[photo] for photo in own if photo in photos],
            [theirs[photo] for photo in own if photo in photos],
            vocabulary,
            model.vocabulary,
        )
        decoder, like = decoders[code], (model.decoder.embedding, model.decoder.output)
        found = initialise(decoder.embedding, decoder.output, weights, like)
        log.info("%s: %d of %d words begin as those of %r", code, found, len(vocabulary), other)
    return decoders


def _words_by_photo(
    config: LanguagesConfig, data: Path, code: str
) -> Mapping[Path, Sequence[Sequence[str]]]:
    """The words of each caption of each photo of `config.sources` in a language."""
    photos = read_sources(tuple(config.source(one, code) for one in config.sources), data)
    words = tokenize_captions(photos)
    return {photo.path: own for photo, own in zip(photos, words, strict=True)}


def with_languages(
    start: Checkpoint,
    decoders: LanguageDecoders,
    vocabularies: Mapping[str, Vocabulary],
    config: LanguagesConfig,
    *,
    provenance: dict[str, Any],
    scores: Mapping[str, float],
) -> Checkpoint:
    """The checkpoint `start` with the trained languages; its other languages stay as they are."""
    trained = {
        code: LanguageDecoder(
            decoder=decoders[code],
            vocabulary=vocabulary,
            group=_group(code, start, vocabularies, config),
            length_power=config.length_power.get(code),
            scores={"last_validation": _of_language(scores, code)},
            sources=tuple(
                Source(name=credit.name, licence=credit.licence)
                for credit in config.credits.get(code, ())
            )
            or (start.languages[code].sources if code in start.languages else ()),
        )
        for code, vocabulary in vocabularies.items()
    }
    return replace(
        start, provenance=provenance, languages={**start.languages, **trained}, path=None
    )


def _group(
    code: str, start: Checkpoint, vocabularies: Mapping[str, Vocabulary], config: LanguagesConfig
) -> str:
    if config.words_only:
        return start.languages[code].group
    return "-".join(vocabularies) if config.shared else code


def _of_language(scores: Mapping[str, float], code: str) -> dict[str, float]:
    begin = f"{code}_"
    return {n.removeprefix(begin): value for n, value in scores.items() if n.startswith(begin)}


def places_of(photos: Sequence[CaptionedPhoto], among: Sequence[CaptionedPhoto]) -> Tensor:
    """The index of each photo among others, by its path."""
    places = {photo.path: place for place, photo in enumerate(among)}
    return torch.tensor([places[photo.path] for photo in photos])
