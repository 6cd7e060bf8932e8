"""What the training device can do: whether bf16 is fast on it, and what to change if it is full."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from captioner.errors import OperatorError
from training.stage_config import StageConfig


class OutOfMemory(OperatorError, RuntimeError):
    """The GPU's memory is full; the message says which setting to lower."""


@contextmanager
def explain_out_of_memory(config: StageConfig) -> Iterator[None]:
    """Turn torch's out-of-memory error into an OutOfMemory that says which setting to lower."""
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


_CPU_INSTRUCTIONS = ("avx512_bf16", "amx_bf16", "bf16")  # x86-64's two, ARM's


def supports_fast_bf16(device: torch.device) -> bool:
    """Whether bf16 is faster than float32: on CUDA, and on CPUs that have instructions for it.

    A CPU without them has to emulate it. On other devices (Apple's, Intel's GPUs) nobody tried.
    """
    if device.type != "cpu":
        return device.type == "cuda"
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) is True for name in _CPU_INSTRUCTIONS)
