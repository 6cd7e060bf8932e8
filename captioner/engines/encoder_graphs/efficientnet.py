"""EfficientNet-Lite: see `captioner.model.efficientnet`, whose layers these are."""

from __future__ import annotations

from openvino import Node
from openvino import opset13 as op

from captioner.engines.encoder_graphs.base import EncoderGraph
from captioner.model.configs import (
    EFFICIENTNET_EPSILON,
    EFFICIENTNET_HEAD,
    EFFICIENTNET_STEM,
    EfficientNetName,
    EfficientNetStage,
    efficientnet_stages,
)


class EfficientNetGraph(EncoderGraph[EfficientNetName]):
    """EfficientNet-Lite0, 1 or 2."""

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
