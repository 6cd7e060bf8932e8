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
