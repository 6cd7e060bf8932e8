"""The model that is timed: full size, with random weights, for speed does not ask what is said.

Its encoder is a ResNet-50 at 224 pixels and its decoder has the paper's sizes, as in the
configurations for COCO. Its end has so low a score that every caption has the same length, so that
nothing depends on what the random weights happen to say.
"""

from __future__ import annotations

import dataclasses
from importlib.util import find_spec
from pathlib import Path

import torch

from benchmarks import samples
from benchmarks.samples import WORDS
from captioner.captioner import BUNDLED, Captioner
from captioner.checkpoint.file import read_file, write_file
from captioner.checkpoint.torch_checkpoint import Checkpoint, Generation, load_checkpoint
from captioner.checkpoint.vocabulary import SPECIALS, Vocabulary
from captioner.engines.torch_engine import TorchEngine
from captioner.model.configs import LSTMConfig
from captioner.model.decoder import LSTMDecoder
from captioner.model.encoder import ResNet
from captioner.model.preprocess import Preprocess

_VOCABULARY = 10_000
_UNLIKELY = -30.0
_PHOTOS = 4  # from which the ranges of the int8 encoder are measured


def full_size(path: Path, *, words: int = WORDS) -> Path:
    """A checkpoint file with the full-size model, fit for every engine that is here.

    As the bundled one is: its weights are stored as int8, which torch's engine restores.
    """
    if not path.is_file():
        half = path.with_name(path.name + ".part")
        full_size_checkpoint(words=words).save(half, int8=True)
        if "openvino" in engines():
            _prepare(half)
        half.rename(path)
    return path


def _prepare(path: Path) -> None:
    """What `captionbot weights engine` does, from a few photos: speed does not ask how well."""
    from captioner.engines.encoder_graph import measured_ranges  # noqa: PLC0415 - imports OpenVINO

    file = read_file(path)
    pixels = [file.preprocess.to_array(samples.small(seed)) for seed in range(_PHOTOS)]
    ready = dataclasses.replace(file, activations=measured_ranges(file, pixels))
    write_file(path, ready.describe(), ready.tensors)


def full_size_checkpoint(*, words: int = WORDS) -> Checkpoint:
    """The full-size model, the same every time."""
    torch.manual_seed(0)
    vocabulary = Vocabulary((*SPECIALS, *(f"word{n}" for n in range(_VOCABULARY - len(SPECIALS)))))
    encoder = ResNet("resnet50")
    with torch.no_grad():
        encoder.train()(torch.randn(8, 3, 224, 224))  # statistics that keep numbers in bounds
    decoder = LSTMDecoder(LSTMConfig(vocabulary_size=len(vocabulary), annotation_dim=encoder.dim))
    with torch.no_grad():
        decoder.output.bias[vocabulary.end] = _UNLIKELY
    return Checkpoint(
        encoder=encoder.eval(),
        decoder=decoder.eval(),
        vocabulary=vocabulary,
        preprocess=Preprocess(),
        generation=Generation(max_length=words),
        provenance={"configuration": {"name": "full size, random"}},
    )


def with_words(path: Path, words: int) -> Checkpoint:
    """The checkpoint in a file, its captions of another length."""
    return dataclasses.replace(load_checkpoint(path), generation=Generation(max_length=words))


def engines() -> tuple[str, ...]:
    """The engines that `load` can be asked for here."""
    return ("torch", "openvino") if find_spec("openvino") else ("torch",)


def load_exact(path: Path | None) -> Captioner:
    """A captioner on OpenVINO that rounds nothing, as for a checkpoint without ranges."""
    from captioner.engines.openvino_engine import OpenVINOEngine  # noqa: PLC0415 - if installed

    return Captioner(
        OpenVINOEngine(dataclasses.replace(read_file(path or BUNDLED), activations={}))
    )


def load_half(path: Path | None) -> Captioner:
    """A captioner on torch and the CPU that rounds as one on a GPU does."""
    half = TorchEngine(load_checkpoint(path or BUNDLED), "cpu", precision=torch.bfloat16)
    return Captioner(half)


def load(path: Path | None, *, engine: str = "torch", device: str = "cpu") -> Captioner:
    """A captioner as a worker has it; the bundled one where no path is given."""
    return Captioner.load(path, device=device, engine=engine)
