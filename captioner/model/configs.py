"""What a model is made of, in names and sizes; needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

EncoderName = Literal["resnet18", "resnet34", "resnet50"]
ENCODER_NAMES: tuple[EncoderName, ...] = get_args(EncoderName)
ANNOTATION_DIMS: dict[EncoderName, int] = {"resnet18": 512, "resnet34": 512, "resnet50": 2048}
BLOCKS: dict[EncoderName, tuple[int, ...]] = {  # in each of the four layers
    "resnet18": (2, 2, 2, 2),
    "resnet34": (3, 4, 6, 3),
    "resnet50": (3, 4, 6, 3),
}
EXPANSIONS: dict[EncoderName, int] = {"resnet18": 1, "resnet34": 1, "resnet50": 4}
STRIDE = 32  # pixels a place: an image of H x W pixels has H/32 x W/32 annotation vectors


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
