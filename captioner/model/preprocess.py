"""From a photo to an image tensor: what the checkpoint says, in training and in serving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from torch import Tensor

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Preprocess:
    """How a photo becomes an image; stored in every checkpoint.

    A photo is squashed to a square of `size` pixels (its aspect ratio is given up, nothing is
    cut off), scaled to 0…1 and normalised by channel.
    """

    size: int = 224
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD

    def to_array(self, photo: Image.Image) -> NDArray[np.uint8]:
        """The photo's pixels (size, size, 3), an array of their own."""
        rgb = photo if photo.mode == "RGB" else photo.convert("RGB")
        if rgb.size != (self.size, self.size):
            rgb = rgb.resize((self.size, self.size), Image.Resampling.BICUBIC, reducing_gap=3.0)
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
