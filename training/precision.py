"""Mixed precision: whether a device computes faster in bf16 than in float32."""

from __future__ import annotations

import torch

_CPU_INSTRUCTIONS = ("avx512_bf16", "amx_bf16", "bf16")  # x86-64's two, ARM's


def computes_in_bf16(device: torch.device) -> bool:
    """Whether bf16 pays: on CUDA, and on CPUs that have instructions for it.

    A CPU without them has to emulate it. Elsewhere (Apple's, Intel's GPUs) it was not tried.
    """
    if device.type != "cpu":
        return device.type == "cuda"
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) is True for name in _CPU_INSTRUCTIONS)
