"""Makes encoders by name, and decoders by configuration."""

from __future__ import annotations

from dataclasses import replace

from captioner.model.configs import (
    DecoderConfig,
    EncoderName,
    LSTMConfig,
    TransformerConfig,
    is_efficientnet,
    is_of_the_words,
    is_resnet,
    is_resnet_v2,
)
from captioner.model.decoder import Decoder, LSTMDecoder
from captioner.model.encoder import EfficientNetLite, Encoder, ResNet, ResNetV2
from captioner.model.transformer import TransformerDecoder

__all__ = ["DecoderConfig", "make_decoder", "make_encoder", "with_vocabulary"]


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


def with_vocabulary(core: Decoder, vocabulary_size: int) -> Decoder:
    """A decoder for another vocabulary that shares the modules of `core`, not copies of them.

    Its embedding and its output layer are its own: new ones, drawn from torch's global generator.
    """
    decoder = make_decoder(replace(core.config, vocabulary_size=vocabulary_size))
    for name, module in core.named_children():
        if not is_of_the_words(name):
            setattr(decoder, name, module)
    given = core.embedding.weight
    for own in (decoder.embedding, decoder.output):
        own.to(given.device, given.dtype)
    return decoder.train(core.training)
