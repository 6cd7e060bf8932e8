"""What every engine does, and what it may fail with."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from captioner.capabilities import Capabilities
from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.file import CheckpointFile
from captioner.checkpoint.metadata import Generation
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.errors import OperatorError
from captioner.model.configs import LSTMConfig
from captioner.model.preprocess import Preprocess
from captioner.model.search_types import Hypothesis, SearchConfig, Specials

Pixels = NDArray[np.uint8]  # (size, size, 3)
Encoded = Any  # the photos as the same engine gave them


class DeviceError(OperatorError):
    """The device or the engine asked for is not there; the text says what to do."""


class Described(Protocol):
    """What a checkpoint says of itself, however its weights are held."""

    @property
    def path(self) -> Path | None: ...
    @property
    def name(self) -> str: ...
    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def preprocess(self) -> Preprocess: ...
    @property
    def generation(self) -> Generation: ...
    @property
    def calibration(self) -> Calibration | None: ...
    def describe(self) -> dict[str, Any]:
        """Everything but the weights, as it stands in the file."""


class Engine(ABC):
    """A model, loaded. To be used by one thread at a time."""

    name: str
    device: str
    checkpoint: Described

    @property
    def capabilities(self) -> Capabilities:
        """What it can do with its checkpoint; the first language is the default one."""
        return Capabilities(
            languages=(self.checkpoint.vocabulary.language,),
            attention=True,
            confidence=True,
            questions=False,
            lengths=("short",),
        )

    @abstractmethod
    def encode(self, photos: Sequence[Pixels]) -> Encoded:
        """Whatever the search needs of the photos, at least one."""

    @abstractmethod
    def search(
        self, encoded: Encoded, specials: Specials, config: SearchConfig
    ) -> list[list[Hypothesis]]:
        """For each photo at least one hypothesis, best first."""


def openvino_refuses(file: CheckpointFile) -> str | None:
    """Why OpenVINO cannot have a checkpoint, as the end of a sentence; None where it can."""
    if not isinstance(file.decoder, LSTMConfig):
        return "its decoder is one that runs on torch alone"
    return None
