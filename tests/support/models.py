"""Small random models: real in every part but what they learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from captioner.checkpoint.torch_checkpoint import (
    Checkpoint,
    Generation,
    LanguageDecoder,
    Source,
)
from captioner.checkpoint.vocabulary import SPECIALS, Vocabulary
from captioner.model.configs import LSTMConfig
from captioner.model.decoder import Decoder, LSTMDecoder
from captioner.model.encoder import Encoder, ResNet
from captioner.model.factory import with_vocabulary
from captioner.model.preprocess import Preprocess
from captioner.model.transformer import TransformerConfig, TransformerDecoder

WORDS = ("a", "dog", "runs", "on", "the", "red", "grass", "two", "people", "sit", "in", "snow")
# By group: German and Portuguese share a core, Chinese has its own.
LANGUAGES: dict[str, dict[str, tuple[str, ...]]] = {
    "latin": {
        "de": ("ein", "eine", "Hund", "Frau", "läuft", "sitzt", "auf", "im", "Gras", "Schnee"),
        "pt": ("um", "uma", "cachorro", "mulher", "corre", "senta", "na", "grama", "neve", "dois",
               "vermelho", "pessoas", "areia"),
    },
    "chinese": {"zh": ("一", "只", "狗", "人", "在", "草地", "雪", "跑", "坐")},
}  # fmt: skip
FUNCTION_WORDS = {
    "de": ("ein", "eine", "auf", "im"),
    "pt": ("um", "uma", "na", "dois"),
    "zh": ("一", "只", "在"),
}


def small_decoder(
    *,
    vocabulary_size: int = 9,
    annotation_dim: int = 6,
    seed: int = 0,
    sharpness: float = 6.0,
    tied: bool = False,
) -> LSTMDecoder:
    """A decoder whose scores differ enough from word to word for a search to have a choice."""
    torch.manual_seed(seed)
    config = LSTMConfig(
        vocabulary_size=vocabulary_size, annotation_dim=annotation_dim, hidden_dim=10,
        embedding_dim=10 if tied else 8, attention_dim=7, tied=tied,
    )  # fmt: skip
    decoder = LSTMDecoder(config).eval()
    with torch.no_grad():
        decoder.output.weight.mul_(sharpness)
        decoder.embedding.weight.mul_(1 if tied else sharpness)
    return decoder


def small_transformer(
    *,
    vocabulary_size: int = 9,
    annotation_dim: int = 6,
    seed: int = 0,
    sharpness: float = 6.0,
    tied: bool = False,
) -> TransformerDecoder:
    """The same for a Transformer decoder."""
    torch.manual_seed(seed)
    config = TransformerConfig(
        vocabulary_size=vocabulary_size, annotation_dim=annotation_dim, width=8, layers=2, heads=2,
        feed_forward=12, tied=tied,
    )  # fmt: skip
    decoder = TransformerDecoder(config).eval()
    with torch.no_grad():
        decoder.output.weight.mul_(sharpness)
        for layer in decoder.layers:
            for weight in layer.parameters():
                if weight.ndim > 1:
                    weight.mul_(2)
    return decoder


Make = Callable[..., Decoder]
SMALL_DECODERS: dict[str, Make] = {
    "lstm": small_decoder,
    "transformer": small_transformer,
}


def small_checkpoint(
    *, seed: int = 0, size: int = 64, words: tuple[str, ...] = WORDS
) -> Checkpoint:
    """A resnet18 with batch-norm statistics of its own, and a small decoder."""
    torch.manual_seed(seed)
    vocabulary = Vocabulary(SPECIALS + words)
    encoder = ResNet("resnet18")
    with torch.no_grad():  # statistics that differ from a fresh layer's, so losing them shows
        encoder.train()(torch.randn(8, 3, size, size) * 2 + 0.5)
        encoder.train()(torch.randn(8, 3, size, size) - 0.5)
    decoder = _checkpoint_decoder(len(vocabulary), encoder, size)
    return Checkpoint(
        encoder=encoder.eval(),
        decoder=decoder.eval(),
        vocabulary=vocabulary,
        preprocess=Preprocess(size=size),
        generation=Generation(max_length=10),
    )


def _checkpoint_decoder(vocabulary_size: int, encoder: Encoder, size: int) -> LSTMDecoder:
    decoder = LSTMDecoder(
        LSTMConfig(
            vocabulary_size=vocabulary_size, annotation_dim=encoder.dim, hidden_dim=64,
            embedding_dim=64, attention_dim=32, tied=True,
        )
    )  # fmt: skip
    with torch.no_grad():
        decoder.embedding.weight.mul_(12)
        decoder.of_context.weight.mul_(40)
        decoder.of_context.bias.sub_(decoder.of_context.weight @ _usual_annotation(encoder, size))
    return decoder


def with_languages(checkpoint: Checkpoint, *codes: str, seed: int = 1) -> Checkpoint:
    """The same with decoders for German, Portuguese and Chinese, or for some of them."""
    torch.manual_seed(seed)
    languages: dict[str, LanguageDecoder] = {}
    for group, own in LANGUAGES.items():
        core = None
        for code, words in own.items():
            size = len(SPECIALS) + len(words)
            if core is None:
                decoder: Decoder = _checkpoint_decoder(
                    size, checkpoint.encoder, checkpoint.preprocess.size
                )
                core = decoder
            else:
                decoder = with_vocabulary(core, size)
                with torch.no_grad():
                    decoder.embedding.weight.mul_(12)
            languages[code] = LanguageDecoder(
                decoder.eval(),
                Vocabulary(SPECIALS + words, code, FUNCTION_WORDS[code]),
                group,
                scores={"dev": {"CIDEr-D": 0.5}},
                sources=(Source("Sentences made up for tests", "CC0"),),
            )
    chosen = {code: one for code, one in languages.items() if code in (codes or languages)}
    return replace(checkpoint, languages=chosen)


def _usual_annotation(encoder: Encoder, size: int) -> torch.Tensor:
    """What an untrained encoder says of anything; without it, the rest depends on the photo."""
    annotations: torch.Tensor = encoder.eval()(torch.randn(16, 3, size, size))
    return annotations.mean(dim=(0, 1)) / 2  # beta is about ½


def save_small_checkpoint(path: Path, *, seed: int = 0, languages: bool = False) -> Path:
    """A checkpoint file for whoever needs one; with `languages` in more than English."""
    small = small_checkpoint(seed=seed)
    (with_languages(small) if languages else small).save(path)
    return path
