"""ResNets, versions 1 and 2, without their classifiers.

Version 1 (He et al. 2015, arXiv 1512.03385) has torchvision's names of weights, so that its files
can be loaded. A worker does not import torchvision itself, which takes a second and 160 MB, mostly
for a compiler. Version 2 (He et al. 2016, arXiv 1603.05027) has batch norm and ReLU before each
convolution (pre-activation), and needs one more of both after the last block.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn
from torch.nn import functional

from captioner.model.configs import BLOCKS, EXPANSIONS, ResNetName, ResNetV2Name
from captioner.model.encoder import Encoder


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
