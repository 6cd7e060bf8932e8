"""Which decoders there are, by the configuration that says which one is meant."""

from __future__ import annotations

from captioner.model.configs import DecoderConfig, LSTMConfig, TransformerConfig
from captioner.model.decoder import Decoder
from captioner.model.lstm import LSTMDecoder
from captioner.model.transformer import TransformerDecoder

__all__ = ["DecoderConfig", "make_decoder"]


def make_decoder(config: DecoderConfig) -> Decoder:
    """An untrained decoder, its weights drawn from torch's global generator."""
    match config:
        case LSTMConfig():
            return LSTMDecoder(config)
        case TransformerConfig():
            return TransformerDecoder(config)
