"""An encoder as a graph of OpenVINO's, most of its convolutions in int8.

The weights are quantised per output channel, as checkpoints store them, and batch norm, which
multiplies channels, goes into their scales: nothing is rounded a second time. What flows between
the layers is quantised by the ranges that `measured_ranges` finds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import Node
from openvino import opset13 as op

from captioner.checkpoint.file import CheckpointFile, TensorReader
from captioner.checkpoint.metadata import Range
from captioner.engines.base import Pixels
from captioner.model.configs import (
    BLOCKS,
    EFFICIENTNET_EPSILON,
    EFFICIENTNET_HEAD,
    EFFICIENTNET_STEM,
    EXPANSIONS,
    EfficientNetName,
    EfficientNetStage,
    EncoderName,
    ResNetName,
    ResNetV2Name,
    efficientnet_stages,
    is_efficientnet,
    is_resnet,
    is_resnet_v2,
)
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


class EfficientNetGraph(EncoderGraph[EfficientNetName]):
    """EfficientNet-Lite0, 1 or 2; `captioner.model.encoder` has the same layers."""

    epsilon = EFFICIENTNET_EPSILON

    def feature_map(self, images: Node) -> Node:
        """The last feature map (B, 1280, H/32, W/32) of normalised images (B, 3, H, W)."""
        channels, number = EFFICIENTNET_STEM, 0
        stem = (channels, 3, 3)
        x = _relu6(self.convolution(images, "stem.0", "stem.1", stem, 2, exact=True, same=True))
        for stage in efficientnet_stages(self.name):
            for repeat in range(stage.repeats):
                stride = 1 if repeat else stage.stride
                x = self._block(x, f"blocks.{number}", channels, stage, stride)
                channels, number = stage.channels, number + 1
        x = self.quantised(x, "head.0")
        return _relu6(self.convolution(x, "head.0", "head.1", (EFFICIENTNET_HEAD, channels, 1)))

    def _block(
        self, x: Node, at: str, channels: int, stage: EfficientNetStage, stride: int
    ) -> Node:
        wide, y = channels * stage.expansion, x
        if stage.expansion > 1:
            x = y = self.quantised(x, f"{at}.expand")
            y = _relu6(self.convolution(y, f"{at}.expand", f"{at}.expand_bn", (wide, channels, 1)))
        y = self.quantised(y, f"{at}.depthwise")
        names = f"{at}.depthwise", f"{at}.depthwise_bn"
        y = _relu6(self.depthwise(y, *names, (wide, stage.kernel), stride))
        y = self.quantised(y, f"{at}.project")
        y = self.convolution(y, f"{at}.project", f"{at}.project_bn", (stage.channels, wide, 1))
        return op.add(y, x) if stride == 1 and channels == stage.channels else y


def _relu6(x: Node) -> Node:
    return op.clamp(x, 0, 6)


class ResNetGraph(EncoderGraph[ResNetName]):
    """ResNet-18, 34 or 50; `captioner.model.encoder` has the same layers."""

    def feature_map(self, images: Node) -> Node:
        """The last feature map (B, D, H/32, W/32) of normalised images (B, 3, H, W)."""
        x = op.relu(self.convolution(images, "stem.0", "stem.1", (64, 3, 7), 2, exact=True))
        x = max_pooled(x)
        block = self._bottleneck if EXPANSIONS[self.name] > 1 else self._basic
        channels = 64
        for number, depth in enumerate(BLOCKS[self.name]):
            width = 64 << number
            for place in range(depth):
                stride = 2 if number and not place else 1
                x = block(x, f"layer{number + 1}.{place}", channels, width, stride)
                channels = width * EXPANSIONS[self.name]
        return x

    def _basic(self, x: Node, at: str, channels: int, width: int, stride: int) -> Node:
        x = self.quantised(x, f"{at}.conv1")
        y = self._unit(x, at, 1, (width, channels, 3), stride)
        y = self.quantised(op.relu(y), f"{at}.conv2")
        y = self._unit(y, at, 2, (width, width, 3), 1)
        return op.relu(op.add(y, self._shortcut(x, at, channels, width, stride)))

    def _bottleneck(self, x: Node, at: str, channels: int, width: int, stride: int) -> Node:
        x = self.quantised(x, f"{at}.conv1")
        y = self._unit(x, at, 1, (width, channels, 1), 1)
        y = self.quantised(op.relu(y), f"{at}.conv2")
        y = self._unit(y, at, 2, (width, width, 3), stride)
        y = self.quantised(op.relu(y), f"{at}.conv3")
        y = self._unit(y, at, 3, (4 * width, width, 1), 1)
        return op.relu(op.add(y, self._shortcut(x, at, channels, 4 * width, stride)))

    def _shortcut(self, x: Node, at: str, channels: int, width: int, stride: int) -> Node:
        if stride == 1 and channels == width:
            return x
        names = f"{at}.downsample.0", f"{at}.downsample.1"
        return self.convolution(x, *names, (width, channels, 1), stride)

    def _unit(
        self, x: Node, at: str, number: int, shape: tuple[int, int, int], stride: int
    ) -> Node:
        return self.convolution(x, f"{at}.conv{number}", f"{at}.bn{number}", shape, stride)


def max_pooled(x: Node) -> Node:
    """The largest of each 3 × 3 places, at half of the size."""
    return op.max_pool(x, [2, 2], [1, 1], [1, 1], [1, 1], [3, 3]).output(0)


class ResNetV2Graph(EncoderGraph[ResNetV2Name]):
    """ResNet-50 v2; `captioner.model.encoder` has the same layers.

    A batch norm behind a convolution goes into the convolution's scales. One in front of a block
    has only a sum in front of it: it stays a multiplication and an addition. The sum itself stays
    float32.
    """

    def feature_map(self, images: Node) -> Node:
        """The last feature map (B, D, H/32, W/32) of normalised images (B, 3, H, W)."""
        x = self.normed(images, "stem.0", 3)
        x = max_pooled(op.relu(self.convolution(x, "stem.1", "stem.2", (64, 3, 7), 2, exact=True)))
        channels, expansion = 64, EXPANSIONS[self.name]
        for number, depth in enumerate(BLOCKS[self.name]):
            width = 64 << number
            for place in range(depth):
                stride = 2 if number and not place else 1
                at = f"layer{number + 1}.{place}"
                x = self._block(x, at, channels, width, stride, first=not place)
                channels = width * expansion
        return op.relu(self.normed(x, "last.0", channels))

    def _block(
        self, x: Node, at: str, channels: int, width: int, stride: int, *, first: bool
    ) -> Node:
        out = width * EXPANSIONS[self.name]
        h = self.quantised(op.relu(self.normed(x, f"{at}.bn1", channels)), f"{at}.conv1")
        y = self.convolution(h, f"{at}.conv1", f"{at}.bn2", (width, channels, 1))
        y = self.quantised(op.relu(y), f"{at}.conv2")
        y = self.convolution(y, f"{at}.conv2", f"{at}.bn3", (width, width, 3), stride)
        y = self.quantised(op.relu(y), f"{at}.conv3")
        y = self.convolution(y, f"{at}.conv3", None, (out, width, 1))
        if first:
            x = self.convolution(h, f"{at}.project", None, (out, channels, 1), stride)
        return op.add(y, x)


def make_encoder_graph(
    name: EncoderName,
    weights: TensorReader,
    preprocess: Preprocess,
    ranges: Mapping[str, Range] | None = None,
) -> EncoderGraph[Any]:
    """The builder of an encoder's graph: in int8 by the ranges, in float32 without them."""
    if is_resnet(name):
        return ResNetGraph(name, weights, preprocess, ranges)
    if is_efficientnet(name):
        return EfficientNetGraph(name, weights, preprocess, ranges)
    if is_resnet_v2(name):
        return ResNetV2Graph(name, weights, preprocess, ranges)
    raise ValueError(f"there is no encoder {name!r}")


def measured_ranges(file: CheckpointFile, photos: Iterable[Pixels]) -> dict[str, Range]:
    """The lowest and the highest value at each place over some photos, at least one.

    Raises CheckpointError for weights that do not fit.
    """
    encoder, pixels = _graph(file, None)
    encoder.annotations(pixels)
    ends = [reduce(x, np.arange(4)) for x in encoder.places.values() for reduce in (
        op.reduce_min, op.reduce_max)]  # fmt: skip
    model = _compiled(openvino.Model(ends, [pixels], "ranges"))
    seen = np.array([[float(v) for v in model(photo[None]).values()] for photo in photos])
    lowest, highest = seen[:, 0::2].min(axis=0), seen[:, 1::2].max(axis=0)
    return dict(
        zip(encoder.places, zip(lowest.tolist(), highest.tolist(), strict=True), strict=True)
    )


def int8_error(file: CheckpointFile, ranges: dict[str, Range], photos: Sequence[Pixels]) -> float:
    """How far int8 annotations are from float32 ones, over their own size; 0 is not at all."""
    exact, close = (_annotations(file, one, photos) for one in (None, ranges))
    return float(np.linalg.norm(close - exact) / np.linalg.norm(exact))


def _annotations(
    file: CheckpointFile, ranges: dict[str, Range] | None, photos: Sequence[Pixels]
) -> NDArray[np.float32]:
    encoder, pixels = _graph(file, ranges)
    model = _compiled(openvino.Model([encoder.annotations(pixels)], [pixels], "encoder"))
    return np.concatenate([np.array(model(photo[None])[0]) for photo in photos])


def _graph(
    file: CheckpointFile, ranges: dict[str, Range] | None
) -> tuple[EncoderGraph[Any], openvino.Node]:
    size = file.preprocess.size
    pixels = op.parameter([1, size, size, 3], np.uint8)
    return make_encoder_graph(file.encoder, file.weights, file.preprocess, ranges), pixels


def _compiled(model: openvino.Model) -> openvino.CompiledModel:
    return openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
