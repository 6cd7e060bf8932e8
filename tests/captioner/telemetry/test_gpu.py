"""The memory of a GPU, where there is one."""

from __future__ import annotations

import pytest
import torch

from captioner.telemetry.gpu import watch_gpu
from captioner.telemetry.metrics import REGISTRY


def memory(kind: str) -> float | None:
    return REGISTRY.get_sample_value("captionbot_gpu_memory_bytes", {"kind": kind})


def test_a_processor_has_none() -> None:
    watch_gpu("cpu")
    assert memory("total") is None


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_what_a_gpu_has() -> None:
    watch_gpu("cuda")
    something = torch.zeros(64_000_000, dtype=torch.uint8, device="cuda")
    process, used, total = (memory(kind) or 0.0 for kind in ("process", "used", "total"))
    assert something.numel() <= process <= used <= total
