"""ResNet-50 v2 (He et al. 2016, arXiv 1603.05027): batch norm and ReLU stand before convolutions.

Between the blocks runs a sum that nothing but additions touches; each block looks at it through a
batch norm and a ReLU of its own. So the last sum needs one more of both.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from captioner.model.configs import BLOCKS, EXPANSIONS, ResNetV2Name
from captioner.model.encoder import Encoder
from captioner.model.resnet import convolution


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
        self.image_bn = nn.BatchNorm2d(3)
        self.conv = convolution(3, 64, 7, 2)
        self.bn = nn.BatchNorm2d(64)
        made, channels, expansion = [], 64, EXPANSIONS[name]
        for number, depth in enumerate(BLOCKS[name]):
            width, blocks = 64 << number, []
            for place in range(depth):
                stride = 2 if number and not place else 1
                blocks.append(PreActivation(channels, width, stride, expansion, first=not place))
                channels = width * expansion
            made.append(nn.Sequential(*blocks))
        self.layer1, self.layer2, self.layer3, self.layer4 = made
        self.last_bn = nn.BatchNorm2d(channels)

    def stem(self, images: Tensor) -> Tensor:
        """The first layers, which bring an image to a quarter of its size in 64 channels."""
        x = functional.relu(self.bn(self.conv(self.image_bn(images))))
        return functional.max_pool2d(x, 3, 2, 1)

    def feature_map(self, images: Tensor) -> Tensor:
        """The last feature map, (B, 2048, H/32, W/32), of normalised images (B, 3, H, W)."""
        x = self.layer3(self.layer2(self.layer1(self.stem(images))))
        return functional.relu(self.last_bn(self.layer4(x)))
