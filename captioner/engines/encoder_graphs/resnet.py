"""The encoder as a graph of OpenVINO's, its convolutions but the first in int8.

The weights are quantised per output channel, as checkpoints store them, and batch norm, which
multiplies channels, goes into their scales: nothing is rounded a second time. What flows between
the layers is quantised by the ranges that `captioner.engines.quantization_ranges` has measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from openvino import Node
from openvino import opset13 as op

from captioner.checkpoint.metadata import Range
from captioner.checkpoint.tensor_reader import TensorReader
from captioner.model.configs import BLOCKS, EXPANSIONS, EncoderName
from captioner.model.preprocess import Preprocess

_LEVELS = 256
_EPSILON = 1e-5  # batch norm's


@dataclass
class ResNetGraph:
    """Builds the graph of an encoder, taking its weights.

    Without `ranges` everything is float32, and `places` are the nodes whose ranges are wanted,
    by the name of the convolution that they go into.
    """

    weights: TensorReader
    preprocess: Preprocess
    ranges: Mapping[str, Range] | None
    places: dict[str, Node] = field(default_factory=dict)

    def annotations(self, pixels: Node, name: EncoderName) -> Node:
        """Annotation vectors (B, K, D) of pixels (B, size, size, 3), uint8.

        Raises CheckpointError for weights that do not fit, KeyError where a range is missing.
        """
        x = self._normalised(pixels)
        x = op.relu(self._convolution(x, "stem.0", "stem.1", (64, 3, 7), 2, exact=True))
        x = op.max_pool(x, [2, 2], [1, 1], [1, 1], [1, 1], [3, 3]).output(0)
        block = self._bottleneck if EXPANSIONS[name] > 1 else self._basic
        channels = 64
        for number, depth in enumerate(BLOCKS[name]):
            width = 64 << number
            for place in range(depth):
                stride = 2 if number and not place else 1
                x = block(x, f"layer{number + 1}.{place}", channels, width, stride)
                channels = width * EXPANSIONS[name]
        rows = op.reshape(x, np.array([0, 0, -1]), special_zero=True)
        return op.transpose(rows, np.array([0, 2, 1]))

    def _normalised(self, pixels: Node) -> Node:
        x = op.transpose(op.convert(pixels, np.float32), np.array([0, 3, 1, 2]))
        mean, std = self._channels(self.preprocess.mean), self._channels(self.preprocess.std)
        return op.divide(op.subtract(x, mean), std)

    @staticmethod
    def _channels(values: tuple[float, float, float]) -> NDArray[np.float32]:
        return np.array(values, np.float32).reshape(1, 3, 1, 1) * np.float32(255)

    def _basic(self, x: Node, at: str, channels: int, width: int, stride: int) -> Node:
        x = self._quantised(x, f"{at}.conv1")
        y = self._unit(x, at, 1, (width, channels, 3), stride)
        y = self._quantised(op.relu(y), f"{at}.conv2")
        y = self._unit(y, at, 2, (width, width, 3), 1)
        return op.relu(op.add(y, self._shortcut(x, at, channels, width, stride)))

    def _bottleneck(self, x: Node, at: str, channels: int, width: int, stride: int) -> Node:
        x = self._quantised(x, f"{at}.conv1")
        y = self._unit(x, at, 1, (width, channels, 1), 1)
        y = self._quantised(op.relu(y), f"{at}.conv2")
        y = self._unit(y, at, 2, (width, width, 3), stride)
        y = self._quantised(op.relu(y), f"{at}.conv3")
        y = self._unit(y, at, 3, (4 * width, width, 1), 1)
        return op.relu(op.add(y, self._shortcut(x, at, channels, 4 * width, stride)))

    def _shortcut(self, x: Node, at: str, channels: int, width: int, stride: int) -> Node:
        if stride == 1 and channels == width:
            return x
        names = f"{at}.downsample.0", f"{at}.downsample.1"
        return self._convolution(x, *names, (width, channels, 1), stride)

    def _unit(
        self, x: Node, at: str, number: int, shape: tuple[int, int, int], stride: int
    ) -> Node:
        return self._convolution(x, f"{at}.conv{number}", f"{at}.bn{number}", shape, stride)

    def _quantised(self, x: Node, place: str) -> Node:
        if self.ranges is None:
            self.places[place] = x
            return x
        return _fake_quantised(x, *self.ranges[place])

    def _convolution(
        self,
        x: Node,
        name: str,
        norm: str,
        shape: tuple[int, int, int],
        stride: int,
        *,
        exact: bool = False,
    ) -> Node:
        """A convolution and its batch norm; `shape`: channels out, channels in, size.

        `exact`: in float32. The first layer is, for half of what int8 costs in accuracy would be
        lost there, and older CPUs, which add two products of 8 bits in 16, overflow on an image.
        """
        out, into, size = shape
        gain, bias = self._norm(norm, out)
        kernel = (out, into, size, size)
        weight = self._weight(
            f"encoder.{name}.weight", kernel, gain, exact=exact or self.ranges is None
        )
        pad = [size // 2] * 2
        y = op.convolution(x, weight, [stride] * 2, pad, pad, [1, 1])
        return op.add(y, op.constant(bias.reshape(1, -1, 1, 1)))

    def _weight(
        self, name: str, kernel: tuple[int, ...], gain: NDArray[np.float32], *, exact: bool
    ) -> Node:
        if exact:
            weight = self.weights.take(name, kernel).astype(np.float32)
            return op.constant(weight * gain.reshape(-1, 1, 1, 1))
        whole, scale = self.weights.take_int8(name, kernel)
        factor = op.constant((scale * gain).reshape(-1, 1, 1, 1))
        return op.multiply(op.convert(op.constant(whole), np.float32), factor)

    def _norm(self, name: str, channels: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What batch norm in evaluation mode multiplies with and adds."""
        parts = ("weight", "bias", "running_mean", "running_var")
        weight, bias, mean, var = (
            self.weights.take(f"encoder.{name}.{part}", (channels,)).astype(np.float32)
            for part in parts
        )
        self.weights.take(f"encoder.{name}.num_batches_tracked", ())
        gain = weight / np.sqrt(var + np.float32(_EPSILON))
        return gain, bias - mean * gain


def _fake_quantised(x: Node, low: float, high: float) -> Node:
    """Rounded to one of 256 values in a range, which holds 0."""
    ends = np.float32(min(low, 0.0)), np.float32(max(high, 1e-6))
    return op.fake_quantize(x, *ends, *ends, _LEVELS)
