"""An encoder as a graph of OpenVINO's, most of its convolutions in int8.

The weights are quantised per output channel, as checkpoints store them, and batch norm, which
multiplies channels, goes into their scales: nothing is rounded a second time. What flows between
the layers is quantised by the ranges that `captioner.engines.quantization_ranges` has measured.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from openvino import Node
from openvino import opset13 as op

from captioner.checkpoint.metadata import Range
from captioner.checkpoint.tensors import TensorReader
from captioner.model.configs import EncoderName
from captioner.model.preprocess import Preprocess

Floats = NDArray[np.float32]

Name = TypeVar("Name", bound=EncoderName)

_LEVELS = 256


class EncoderGraph(ABC, Generic[Name]):
    """Builds the graph of an encoder, taking its weights.

    Without `ranges` everything is float32, and `places` are the nodes whose ranges are wanted,
    by the name of the convolution that they go into.
    """

    epsilon = 1e-5  # batch norm's

    def __init__(
        self,
        name: Name,
        weights: TensorReader,
        preprocess: Preprocess,
        ranges: Mapping[str, Range] | None,
    ) -> None:
        self.name, self.weights = name, weights
        self.preprocess, self.ranges = preprocess, ranges
        self.places: dict[str, Node] = {}

    def annotations(self, pixels: Node) -> Node:
        """Annotation vectors (B, K, D) of pixels (B, size, size, 3), uint8.

        Raises CheckpointError for weights that do not fit, KeyError where a range is missing.
        """
        x = op.transpose(op.convert(pixels, np.float32), np.array([0, 3, 1, 2]))
        mean, std = _channels(self.preprocess.mean), _channels(self.preprocess.std)
        x = self.feature_map(op.divide(op.subtract(x, mean), std))  # (B, D, H/32, W/32)
        rows = op.reshape(x, np.array([0, 0, -1]), special_zero=True)
        return op.transpose(rows, np.array([0, 2, 1]))

    @abstractmethod
    def feature_map(self, images: Node) -> Node:
        """The last feature map (B, D, H/32, W/32) of normalised images (B, 3, H, W)."""

    def quantised(self, x: Node, place: str) -> Node:
        """What goes into the convolution called `place`: int8 if there are ranges."""
        if self.ranges is None:
            self.places[place] = x
            return x
        return _fake_quantised(x, *self.ranges[place])

    def convolution(
        self,
        x: Node,
        name: str,
        norm: str | None,
        shape: tuple[int, int, int],
        stride: int = 1,
        *,
        exact: bool = False,
        same: bool = False,
    ) -> Node:
        """A convolution and the batch norm behind it; `shape`: channels out, channels in, size.

        `exact`: in float32. The first layer is, for half of what int8 costs in accuracy would be
        lost there, and older CPUs, which add two products of 8 bits in 16, overflow on an image.
        `same`: padded as TensorFlow does, else by half of its size on every side.
        """
        out, into, size = shape
        gain, bias = self.batch_norm(norm, out) if norm else (np.ones(out, np.float32), None)
        weight = self._weight(name, (out, into, size, size), gain, exact=exact)
        pad = [size // 2] * 2
        y = op.convolution(
            x, weight, [stride] * 2, pad, pad, [1, 1], "same_upper" if same else "explicit"
        )
        return y if bias is None else op.add(y, _per_channel(bias))

    def depthwise(self, x: Node, name: str, norm: str, shape: tuple[int, int], stride: int) -> Node:
        """A convolution of each channel by itself, and the batch norm behind it, padded as
        TensorFlow does; `shape`: channels, size.
        """
        channels, size = shape
        gain, bias = self.batch_norm(norm, channels)
        weight = self._weight(name, (channels, 1, size, size), gain)
        groups = op.reshape(weight, np.array([channels, 1, 1, size, size]), special_zero=False)
        y = op.group_convolution(x, groups, [stride] * 2, [0, 0], [0, 0], [1, 1], "same_upper")
        return op.add(y, _per_channel(bias))

    def batch_norm(self, name: str, channels: int) -> tuple[Floats, Floats]:
        """What batch norm in evaluation mode multiplies with and adds."""
        parts = ("weight", "bias", "running_mean", "running_var")
        weight, bias, mean, var = (
            self.weights.take(f"encoder.{name}.{part}", (channels,)).astype(np.float32)
            for part in parts
        )
        self.weights.take(f"encoder.{name}.num_batches_tracked", ())
        gain = weight / np.sqrt(var + np.float32(self.epsilon))
        return gain, bias - mean * gain

    def normed(self, x: Node, name: str, channels: int) -> Node:
        """Batch norm by itself, where no convolution makes what it takes."""
        gain, bias = self.batch_norm(name, channels)
        return op.add(op.multiply(x, _per_channel(gain)), _per_channel(bias))

    def _weight(
        self, name: str, kernel: tuple[int, ...], gain: Floats, *, exact: bool = False
    ) -> Node:
        if exact or self.ranges is None:
            weight = self.weights.take(f"encoder.{name}.weight", kernel).astype(np.float32)
            return op.constant(weight * gain.reshape(-1, 1, 1, 1))
        whole, scale = self.weights.take_int8(f"encoder.{name}.weight", kernel)
        factor = op.constant((scale * gain).reshape(-1, 1, 1, 1))
        return op.multiply(op.convert(op.constant(whole), np.float32), factor)


def _channels(values: tuple[float, float, float]) -> Floats:
    return (np.array(values, np.float32) * np.float32(255)).reshape(1, 3, 1, 1)


def _per_channel(values: Floats) -> Node:
    return op.constant(values.reshape(1, -1, 1, 1))


def _fake_quantised(x: Node, low: float, high: float) -> Node:
    """Rounded to one of 256 values in a range, which holds 0."""
    ends = np.float32(min(low, 0.0)), np.float32(max(high, 1e-6))
    return op.fake_quantize(x, *ends, *ends, _LEVELS)
