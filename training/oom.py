"""What to do when a GPU's memory does not suffice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from captioner.errors import OperatorError
from training.config import StageConfig


class OutOfMemory(OperatorError, RuntimeError):
    """The GPU's memory does not suffice; the text says which setting to lower."""


@contextmanager
def memory_advice(config: StageConfig) -> Iterator[None]:
    """Turn a GPU's out-of-memory error into an OutOfMemory that says what to lower."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        lower = [f"batch_size ({config.batch_size})"]
        if samples := getattr(config, "samples", None):
            lower.append(f"samples ({samples})")
        sizes = getattr(config, "sizes", ())
        lower.append(f"sizes (up to {max(s.size for s in sizes)})" if sizes else "image_size")
        raise OutOfMemory(
            f"{config.name}: the GPU's memory is full; lower the stage's {' or '.join(lower)}: "
            + str(error).splitlines()[0]
        ) from error
