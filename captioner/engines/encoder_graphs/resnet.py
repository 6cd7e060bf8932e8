"""ResNets of both versions: see `captioner.model.resnet`, whose layers these are.

In version 2, a batch norm behind a convolution goes into the convolution's scales. One in front of
a block has only a sum in front of it: it stays a multiplication and an addition. The sum itself
stays float32.
"""

from __future__ import annotations

from openvino import Node
from openvino import opset13 as op

from captioner.engines.encoder_graphs.base import EncoderGraph
from captioner.model.configs import BLOCKS, EXPANSIONS, ResNetName, ResNetV2Name


class ResNetGraph(EncoderGraph[ResNetName]):
    """ResNet-18, 34 or 50."""

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
    """ResNet-50 v2."""

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
