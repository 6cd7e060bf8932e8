"""A run's configuration: one TOML file, checked before anything is loaded."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from captioner.model.encoder import EncoderName


class ConfigError(ValueError):
    """A configuration file is missing, is not TOML, or says something that cannot be."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StageConfig(_Strict):
    """What every stage has; each kind adds its own."""

    name: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    epochs: int = Field(gt=0)
    batch_size: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    weight_decay: float = Field(default=0.0, ge=0)
    optimizer: Literal["sgd", "adamw"] = "adamw"
    beta2: float = Field(default=0.999, gt=0, lt=1)
    warm_up: float = Field(default=0.05, ge=0, lt=1)  # share of all steps
    average: float = Field(default=0.999, ge=0, lt=1)  # decay of the EMA
    clip: float = Field(default=0.0, ge=0)  # norm of the gradient; 0 is none
    validate_every: int = Field(default=1, gt=0)  # epochs


class Growing(_Strict):
    """A resolution in pixels and the share of the stage after which the next one begins."""

    until: float = Field(gt=0, le=1)
    size: int = Field(ge=32, le=512)


Sizes = Annotated[tuple[Growing, ...], Field(min_length=1)]


class LabelsStage(StageConfig):
    """Encoder pretraining on labelled photos."""

    kind: Literal["labels"]
    archives: tuple[str, ...] = Field(min_length=1)
    packed_size: int = Field(default=72, ge=32)
    sizes: Sizes
    label_smoothing: float = Field(default=0.1, ge=0, lt=1)
    crop_scale: float = Field(default=0.35, gt=0, le=1)


class _OnCaptions(StageConfig):
    train: tuple[str, ...] = Field(min_length=1)  # sources, see training/data/sources.py
    val: tuple[str, ...] = Field(min_length=1)
    packed_size: int = Field(default=224, ge=32)


class WordsStage(_OnCaptions):
    """Encoder pretraining on the words of photos' captions."""

    kind: Literal["words"]
    sizes: Sizes
    min_count: int = Field(default=10, ge=1)
    crop_scale: float = Field(default=0.35, gt=0, le=1)


class _OnSentences(_OnCaptions):
    longest: int = Field(default=20, ge=1)  # words of a caption; longer ones are cut
    label_smoothing: float = Field(default=0.1, ge=0, lt=1)
    attention_penalty: float = Field(default=1.0, ge=0)  # lambda of eq. 14
    validate_photos: int = Field(default=1000, ge=1)  # captioned by beam search each time


class DecoderStage(_OnSentences):
    """Decoder training on the annotation vectors of a frozen encoder, computed once."""

    kind: Literal["decoder"]
    views: int = Field(default=2, ge=1, le=16)  # 1: the photo; 2: and its mirror; more: crops
    crop_scale: float = Field(default=0.6, gt=0, le=1)


class EndToEndStage(_OnSentences):
    """Encoder and decoder trained together."""

    kind: Literal["end_to_end"]
    crop_scale: float = Field(default=0.6, gt=0, le=1)
    encoder_lr_scale: float = Field(default=0.1, ge=0, le=1)
    batch_norm: Literal["frozen", "train"] = "frozen"


AnyStage = Annotated[
    LabelsStage | WordsStage | DecoderStage | EndToEndStage, Field(discriminator="kind")
]


class EncoderConfig(_Strict):
    """Which ResNet, and what it starts from."""

    name: EncoderName = "resnet50"
    weights: Literal["scratch", "imagenet"] = "scratch"


class DecoderSizes(_Strict):
    """See captioner.model.decoder.DecoderConfig."""

    hidden_dim: int = Field(default=512, ge=1, le=4096)
    embedding_dim: int = Field(default=512, ge=1, le=4096)
    attention_dim: int = Field(default=512, ge=1, le=4096)
    dropout: float = Field(default=0.5, ge=0, lt=1)
    tied: bool = False


class VocabularyConfig(_Strict):
    """Whose captions the words are taken from."""

    sources: tuple[str, ...] = Field(min_length=1)
    min_count: int = Field(default=5, ge=1)


class GenerationConfig(_Strict):
    """See captioner.checkpoint.Generation."""

    max_length: int = Field(default=20, ge=1, le=100)
    length_power: float = Field(default=0.7, ge=0, le=2)


class RunConfig(_Strict):
    """A whole run."""

    name: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    seed: int = Field(default=1, ge=0)
    data: str  # the folder that sources and archives are relative to
    image_size: int = Field(default=224, ge=32, le=1024)  # pixels a side, in serving too
    encoder: EncoderConfig = EncoderConfig()
    decoder: DecoderSizes = DecoderSizes()
    vocabulary: VocabularyConfig
    generation: GenerationConfig = GenerationConfig()
    stages: tuple[AnyStage, ...] = Field(min_length=1)

    def fingerprint(self, stage: int) -> str:
        """Changes with whatever changes the weights after stage number `stage`."""
        parts: list[object] = [self.seed, self.encoder, *self.stages[: stage + 1]]
        if isinstance(self.stages[stage], _OnSentences):
            parts += [self.image_size, self.decoder, self.vocabulary]
        text = "\n".join(map(repr, parts))
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
        lines = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"{path}: {lines}") from error
