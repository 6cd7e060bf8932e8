"""The names and sizes that define a model; needs no torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeGuard, get_args

ResNetName = Literal["resnet18", "resnet34", "resnet50"]
ResNetV2Name = Literal["resnet50v2"]
EfficientNetName = Literal["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"]
EncoderName = ResNetName | ResNetV2Name | EfficientNetName
RESNET_NAMES: tuple[ResNetName, ...] = get_args(ResNetName)
RESNETV2_NAMES: tuple[ResNetV2Name, ...] = get_args(ResNetV2Name)
EFFICIENTNET_NAMES: tuple[EfficientNetName, ...] = get_args(EfficientNetName)
ENCODER_NAMES: tuple[EncoderName, ...] = (*RESNET_NAMES, *RESNETV2_NAMES, *EFFICIENTNET_NAMES)


def is_resnet(name: EncoderName) -> TypeGuard[ResNetName]:
    """Whether an encoder is a ResNet as of 2015."""
    return name in RESNET_NAMES


def is_efficientnet(name: EncoderName) -> TypeGuard[EfficientNetName]:
    """Whether an encoder is an EfficientNet-Lite."""
    return name in EFFICIENTNET_NAMES


def is_resnet_v2(name: EncoderName) -> TypeGuard[ResNetV2Name]:
    """Whether an encoder is a ResNet with pre-activation, as of 2016."""
    return name in RESNETV2_NAMES


ANNOTATION_DIMS: dict[EncoderName, int] = {
    "resnet18": 512,
    "resnet34": 512,
    "resnet50": 2048,
    "resnet50v2": 2048,
    "efficientnet_lite0": 1280,
    "efficientnet_lite1": 1280,
    "efficientnet_lite2": 1280,
}
BLOCKS: dict[EncoderName, tuple[int, ...]] = {  # of ResNets, in each of the four layers
    "resnet18": (2, 2, 2, 2),
    "resnet34": (3, 4, 6, 3),
    "resnet50": (3, 4, 6, 3),
    "resnet50v2": (3, 4, 6, 3),
}
EXPANSIONS: dict[EncoderName, int] = {
    "resnet18": 1,
    "resnet34": 1,
    "resnet50": 4,
    "resnet50v2": 4,
}
EFFICIENTNET_FACTORS: dict[EfficientNetName, tuple[float, float]] = {  # of width and of depth
    "efficientnet_lite0": (1.0, 1.0),
    "efficientnet_lite1": (1.0, 1.1),
    "efficientnet_lite2": (1.1, 1.2),
}
EFFICIENTNET_STEM, EFFICIENTNET_HEAD = 32, 1280  # channels
EFFICIENTNET_EPSILON = 1e-3  # batch norm's


@dataclass(frozen=True)
class EfficientNetStage:
    """Blocks of one kind (table 1 of the paper); the first has the stride, and channels change."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


_EFFICIENTNET_BASELINE = (
    EfficientNetStage(1, 3, 1, 1, 16),
    EfficientNetStage(2, 3, 2, 6, 24),
    EfficientNetStage(2, 5, 2, 6, 40),
    EfficientNetStage(3, 3, 2, 6, 80),
    EfficientNetStage(3, 5, 1, 6, 112),
    EfficientNetStage(4, 5, 2, 6, 192),
    EfficientNetStage(1, 3, 1, 6, 320),
)


def efficientnet_stages(name: EfficientNetName) -> tuple[EfficientNetStage, ...]:
    """The baseline's stages, wider and deeper by the factors of `name` (section 3.3)."""
    width, depth = EFFICIENTNET_FACTORS[name]
    last = len(_EFFICIENTNET_BASELINE) - 1
    return tuple(
        EfficientNetStage(
            stage.repeats if at in (0, last) else math.ceil(depth * stage.repeats),
            stage.kernel,
            stage.stride,
            stage.expansion,
            _divisible(width * stage.channels),
        )
        for at, stage in enumerate(_EFFICIENTNET_BASELINE)
    )


def _divisible(channels: float, by: int = 8) -> int:
    """Rounded to a multiple of 8, but never down by more than a tenth."""
    rounded = max(by, int(channels + by / 2) // by * by)
    return rounded + by if rounded < 0.9 * channels else rounded


@dataclass(frozen=True)
class LSTMConfig:
    """Sizes of an LSTM decoder, in the paper's letters where it has them."""

    vocabulary_size: int  # V
    annotation_dim: int  # D
    hidden_dim: int = 512  # n
    embedding_dim: int = 512  # m
    attention_dim: int = 512  # A
    dropout: float = 0.5
    tied: bool = False  # the output layer L_o is the embedding E, transposed
    attention: Literal["soft", "hard"] = "soft"  # how it was trained; in use both are the same
    kind: Literal["lstm"] = "lstm"


@dataclass(frozen=True)
class TransformerConfig:
    """Sizes of a Transformer decoder."""

    vocabulary_size: int  # V
    annotation_dim: int  # D
    width: int = 512  # m, numbers a word; even, and a multiple of heads
    layers: int = 3
    heads: int = 8
    feed_forward: int = 2048
    dropout: float = 0.1
    tied: bool = True  # the output layer is the embedding, transposed
    kind: Literal["transformer"] = "transformer"

    def __post_init__(self) -> None:
        if self.width % (2 * self.heads):
            raise ValueError(f"width ({self.width}) must be an even multiple of heads")


DecoderConfig = LSTMConfig | TransformerConfig


_OF_THE_WORDS = ("embedding", "output")


def is_of_the_words(name: str) -> bool:
    """Whether a decoder's module or tensor depends on its vocabulary; the others are its core."""
    return name.partition(".")[0] in _OF_THE_WORDS
