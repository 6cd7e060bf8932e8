"""Weights as int8 with a scale per output channel: a quarter of the bytes."""

from __future__ import annotations

import torch
from torch import Tensor

SMALLEST = 4096  # tensors with fewer numbers stay as they are: they weigh nothing
_SCALE = ".scale"


def quantise(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors, with each large float matrix as int8 `NAME` and float32 `NAME.scale`.

    Symmetric, per output channel (the first dimension): the error of a weight is at most half
    of its channel's largest weight / 127.
    """
    small: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if tensor.ndim < 2 or tensor.numel() < SMALLEST or not tensor.is_floating_point():
            small[name] = tensor
            continue
        rows = tensor.float().flatten(1)
        scale = (rows.abs().amax(dim=1) / 127).clamp(min=1e-12)
        small[name] = (rows / scale.unsqueeze(1)).round().to(torch.int8).view(tensor.shape)
        small[name + _SCALE] = scale
    return small


def restore(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Float32 tensors again; raises ValueError where an int8 tensor and its scale do not fit."""
    whole: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if name.endswith(_SCALE) and name.removesuffix(_SCALE) in tensors:
            continue
        if tensor.dtype != torch.int8:
            whole[name] = tensor
            continue
        scale = tensors.get(name + _SCALE)
        if scale is None or tensor.ndim < 2 or scale.shape != tensor.shape[:1]:
            raise ValueError(f"{name} is int8 without a fitting scale")
        rows = tensor.float().flatten(1) * scale.float().unsqueeze(1)
        whole[name] = rows.view(tensor.shape)
    return whole
