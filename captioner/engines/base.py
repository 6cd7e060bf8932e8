"""What every engine does, what it may fail with, and which one runs a checkpoint."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from captioner.capabilities import Capabilities
from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.file import CheckpointFile, read_file
from captioner.checkpoint.metadata import Generation
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.distribution import how_to_install
from captioner.errors import OperatorError
from captioner.model.configs import LSTMConfig
from captioner.model.preprocess import Preprocess
from captioner.model.search_types import Hypothesis, SearchConfig

Pixels = NDArray[np.uint8]  # (size, size, 3)


class DeviceError(OperatorError):
    """The device or the engine asked for is not there; the text says what to do."""


class DescribedLanguage(Protocol):
    """What captions in a language are made of, and how sure the model is of them."""

    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def calibration(self) -> Calibration | None: ...


class FurtherLanguage(DescribedLanguage, Protocol):
    """A language beside that of the first decoder."""

    @property
    def length_power(self) -> float | None: ...


class Described(DescribedLanguage, Protocol):
    """What a checkpoint says of itself and of its first language, however its weights are held."""

    @property
    def path(self) -> Path | None: ...
    @property
    def name(self) -> str: ...
    @property
    def preprocess(self) -> Preprocess: ...
    @property
    def generation(self) -> Generation: ...
    @property
    def languages(self) -> Mapping[str, FurtherLanguage]: ...
    def describe(self) -> dict[str, Any]:
        """Everything but the weights, as it stands in the file."""


class Encoded(NamedTuple):
    """Photos that an engine encoded for captions in one language."""

    language: str
    places: list[int]  # of the photos, among all that were given
    photos: Any  # in a form of the engine's own


class Engine(ABC):
    """A model, loaded. To be used by one thread at a time."""

    name: str
    device: str
    checkpoint: Described

    @property
    def capabilities(self) -> Capabilities:
        """What it can do with its checkpoint; the first language is the default one."""
        return Capabilities(
            languages=tuple(self.languages),
            attention=True,
            confidence=True,
            questions=False,
            lengths=("short",),
        )

    @property
    def languages(self) -> dict[str, DescribedLanguage]:
        """The checkpoint's languages, that of its first decoder first."""
        return {self.checkpoint.vocabulary.language: self.checkpoint, **self.checkpoint.languages}

    @abstractmethod
    def encode(self, photos: Sequence[Pixels], languages: Sequence[str]) -> list[Encoded]:
        """Whatever the search needs of the photos, at least one, each for its language."""

    def search(self, encoded: Sequence[Encoded], config: SearchConfig) -> list[list[Hypothesis]]:
        """For each photo at least one hypothesis in its language, best first.

        A language's own `length_power` goes before that of `config`.
        """
        found: dict[int, list[Hypothesis]] = {}
        for part in encoded:
            further = self.checkpoint.languages.get(part.language)
            usual = config
            if further and further.length_power is not None:
                usual = replace(config, length_power=further.length_power)
            own = self._search(part.language, part.photos, usual)
            found.update(zip(part.places, own, strict=True))
        return [found[place] for place in range(len(found))]

    @abstractmethod
    def _search(
        self,
        language: str,
        photos: Any,  # noqa: ANN401 - of `Encoded`
        config: SearchConfig,
    ) -> list[list[Hypothesis]]:
        """For each of the photos at least one hypothesis, best first."""


def by_language(languages: Sequence[str]) -> dict[str, list[int]]:
    """The places of each language in a sequence."""
    places: dict[str, list[int]] = {}
    for place, language in enumerate(languages):
        places.setdefault(language, []).append(place)
    return places


def openvino_refuses(file: CheckpointFile) -> str | None:
    """Why OpenVINO cannot have a checkpoint, as the end of a sentence; None where it can."""
    decoders = [file.decoder, *(one.decoder for one in file.languages.values())]
    if not all(isinstance(decoder, LSTMConfig) for decoder in decoders):
        return "it has a decoder that runs on torch alone"
    return None


_DEVICES = Path("/dev")
_GPUS = ("nvidia[0-9]*", "dxg", "kfd")  # NVIDIA's, those of WSL, AMD's

log = logging.getLogger("captioner.engines")


def load_engine(path: Path, *, engine: str = "auto", device: str = "auto") -> Engine:
    """The model in a checkpoint's file, ready to run.

    `auto` is OpenVINO where there is no GPU to compute on, the package is installed and the
    decoder is one that it runs; else torch. Raises CheckpointError or DeviceError.
    """
    if engine == "openvino":
        if device.startswith("cuda"):
            raise DeviceError(
                f"CAPTIONBOT_ENGINE=openvino computes on the CPU, not on {device}; "
                "set CAPTIONBOT_DEVICE to cpu"
            )
        if reason := _no_openvino():
            raise DeviceError(f"CAPTIONBOT_ENGINE=openvino: {reason}; or set it to auto")
        return _on_openvino(read_file(path))
    file = read_file(path)
    if engine == "auto" and not device.startswith("cuda") and not (device == "auto" and _gpu()):
        if (reason := _no_openvino() or openvino_refuses(file)) is None:
            return _on_openvino(file)
        log.info("the engine is torch, which is slower on a CPU: %s", reason)
    return _on_torch(file, device)


def _no_openvino() -> str | None:
    if find_spec("openvino") is None:
        return f"OpenVINO is not installed ({how_to_install('openvino')})"
    return None


def _on_openvino(file: CheckpointFile) -> Engine:
    from captioner.engines.openvino_engine import OpenVINOEngine  # noqa: PLC0415 - if chosen

    if not file.activations:
        log.info("the model runs in float32; `captionbot weights engine` makes it faster, in int8")
    return OpenVINOEngine(file)


def _on_torch(file: CheckpointFile, device: str) -> Engine:
    if find_spec("torch") is None and device.startswith("cuda"):
        raise DeviceError(
            f"a GPU ({device}) needs torch, which is not installed: {how_to_install('worker')}; "
            "or choose the device auto or cpu"
        )
    if find_spec("torch") is None:
        raise DeviceError(
            f"torch is not installed: {how_to_install('worker')}; or use a checkpoint that runs on "
            "OpenVINO"
        )
    from captioner.checkpoint.torch_checkpoint import to_modules  # noqa: PLC0415 - slow, if chosen
    from captioner.engines.torch_engine import TorchEngine, pick_device  # noqa: PLC0415 - slow

    place = pick_device(device)
    return TorchEngine(to_modules(file, device=place), place)


def _gpu() -> bool:
    """Whether there is a GPU that torch may know; asking torch takes two seconds."""
    return find_spec("torch") is not None and any(
        True for name in _GPUS for _ in _DEVICES.glob(name)
    )
