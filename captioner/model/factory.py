"""Makes encoders by name, and decoders by configuration."""

from __future__ import annotations

from captioner.model.configs import (
    DecoderConfig,
    EncoderName,
    LSTMConfig,
    TransformerConfig,
    is_efficientnet,
    is_resnet,
    is_resnet_v2,
)
from captioner.model.decoder import Decoder
from captioner.model.efficientnet import EfficientNetLite
from captioner.model.encoder import Encoder
from captioner.model.lstm import LSTMDecoder
from captioner.model.resnet import ResNet, ResNetV2
from captioner.model.transformer import TransformerDecoder

__all__ = ["DecoderConfig", "make_decoder", "make_encoder"]


def make_encoder(name: EncoderName) -> Encoder:
    """An untrained encoder, its weights drawn from torch's global generator."""
    if is_resnet(name):
        return ResNet(name)
    if is_efficientnet(name):
        return EfficientNetLite(name)
    if is_resnet_v2(name):
        return ResNetV2(name)
    raise ValueError(f"there is no encoder {name!r}")


def make_decoder(config: DecoderConfig) -> Decoder:
    """An untrained decoder, its weights drawn from torch's global generator."""
    match config:
        case LSTMConfig():
            return LSTMDecoder(config)
        case TransformerConfig():
            return TransformerDecoder(config)
