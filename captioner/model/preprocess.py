"""Preprocessing: turns a photo into an image tensor, in training and in serving alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captioner.model.configs import EncoderName, is_efficientnet

if TYPE_CHECKING:
    from torch import Tensor

Channels = tuple[float, float, float]

IMAGENET_MEAN: Channels = (0.485, 0.456, 0.406)
IMAGENET_STD: Channels = (0.229, 0.224, 0.225)
# What the published weights of EfficientNet-Lite were trained on: (pixel - 127) / 128.
LITE_MEAN: Channels = (127 / 255,) * 3
LITE_STD: Channels = (128 / 255,) * 3


def normalization_of(encoder: EncoderName) -> tuple[Channels, Channels]:
    """The mean and standard deviation of the channels (0…1) for an encoder."""
    if is_efficientnet(encoder):
        return LITE_MEAN, LITE_STD
    return IMAGENET_MEAN, IMAGENET_STD


@dataclass(frozen=True)
class Preprocess:
    """How a photo becomes an image tensor; stored in every checkpoint.

    A photo is squashed to a square of `size` pixels (without keeping the aspect ratio or cropping),
    scaled to 0…1 and normalised by channel.

    If the training photos had a lower resolution than `size`, `detail` is that resolution (pixels a
    side): every photo is scaled to it first, so that it has the same detail as those.
    """

    size: int = 224
    detail: int | None = None
    mean: Channels = IMAGENET_MEAN
    std: Channels = IMAGENET_STD

    def to_array(self, photo: Image.Image) -> NDArray[np.uint8]:
        """The photo's pixels (size, size, 3), in a new array."""
        rgb = photo if photo.mode == "RGB" else photo.convert("RGB")
        for side in (self.detail, self.size):
            if side is not None and rgb.size != (side, side):
                rgb = rgb.resize((side, side), Image.Resampling.BICUBIC, reducing_gap=3.0)
        return np.array(rgb, dtype=np.uint8)

    def to_pixels(self, photo: Image.Image) -> Tensor:
        """The photo as a uint8 tensor (3, size, size)."""
        import torch  # noqa: PLC0415 - a worker on OpenVINO has no use for it

        return torch.from_numpy(self.to_array(photo)).permute(2, 0, 1)

    def normalise(self, pixels: Tensor) -> Tensor:
        """Normalised float images (B, 3, H, W) of uint8 or 0…255 float pixels of that shape."""
        images = pixels.float()
        mean = images.new_tensor(self.mean).mul_(255).view(1, 3, 1, 1)
        std = images.new_tensor(self.std).mul_(255).view(1, 3, 1, 1)
        return (images - mean) / std
