"""ResNet v2: see `captioner.model.resnet`, whose layers these are.

A batch norm behind a convolution goes into the convolution's scales. One in front of a block has
only a sum in front of it: it stays a multiplication and an addition. The sum itself stays float32.
"""

from __future__ import annotations

from openvino import Node
from openvino import opset13 as op

from captioner.engines.encoder_graphs.base import EncoderGraph
from captioner.engines.encoder_graphs.resnet import max_pooled
from captioner.model.configs import BLOCKS, EXPANSIONS, ResNetV2Name


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
