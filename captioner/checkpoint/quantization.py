"""Weights as int8 with a scale per output channel: a quarter of the bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
SMALLEST = 4096  # tensors with fewer numbers stay as they are: they weigh nothing
SCALE = ".scale"


def quantize(tensors: dict[str, Array]) -> dict[str, Array]:
    """The same tensors, with each large float matrix as int8 `NAME` and float32 `NAME.scale`."""
    small: dict[str, Array] = {}
    for name, tensor in tensors.items():
        large = tensor.ndim >= 2 and tensor.size >= SMALLEST
        if large and np.issubdtype(tensor.dtype, np.floating):
            small[name], small[name + SCALE] = to_int8(tensor)
        else:
            small[name] = tensor
    return small


def to_int8(tensor: Array) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix as int8 and its scales, one for each output channel (the first dimension).

    Symmetric: the error of a weight is at most half of its channel's largest weight / 127.
    """
    rows = np.asarray(tensor, np.float32).reshape(len(tensor), -1)
    scale = np.maximum(np.abs(rows).max(axis=1) / np.float32(127), np.float32(1e-12))
    whole = np.rint(rows / scale[:, None]).astype(np.int8)
    return whole.reshape(tensor.shape), scale


def restore(tensors: dict[str, Array]) -> dict[str, Array]:
    """Float32 tensors again; raises ValueError where an int8 tensor and its scale do not fit."""
    whole: dict[str, Array] = {}
    for name, tensor in tensors.items():
        if is_scale(name, tensors):
            continue
        if tensor.dtype != np.int8:
            whole[name] = tensor
            continue
        scale = fitting_scale(name, tensors)
        rows = tensor.reshape(len(tensor), -1).astype(np.float32) * scale[:, None]
        whole[name] = rows.reshape(tensor.shape)
    return whole


def is_scale(name: str, tensors: dict[str, Array]) -> bool:
    """Whether a tensor is another one's scale."""
    return name.endswith(SCALE) and name.removesuffix(SCALE) in tensors


def fitting_scale(name: str, tensors: dict[str, Array]) -> NDArray[np.float32]:
    """The scale of an int8 tensor; raises ValueError where there is none that fits."""
    scale, tensor = tensors.get(name + SCALE), tensors[name]
    if scale is None or tensor.ndim < 2 or scale.shape != tensor.shape[:1]:
        raise ValueError(f"{name} is int8 without a fitting scale")
    return np.asarray(scale, np.float32)
