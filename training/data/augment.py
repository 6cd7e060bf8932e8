"""Augmentation of whole batches, on the batch's device."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def uncropped_views(mirrored: Tensor) -> Tensor:
    """Crops (B, 4) that keep the whole photo, mirrored where `mirrored` (B,) is true."""
    crops = torch.tensor([1.0, 1.0, 0.0, 0.0]).repeat(len(mirrored), 1)
    crops[mirrored, 0] = -1.0
    return crops


def random_crops(
    count: int,
    *,
    generator: torch.Generator,
    scale: tuple[float, float] = (0.35, 1.0),
    ratio: tuple[float, float] = (3 / 4, 4 / 3),
    flip: Tensor | None = None,
) -> Tensor:
    """Random crops (B, 4): half width, half height and centre (x, y), in coordinates -1…1.

    `scale` is the range of the area kept, `ratio` that of width / height. Where `flip` (B,) is
    true, the half width is negative: the crop is mirrored.
    """
    uniform = torch.rand(4, count, generator=generator)
    area = scale[0] + (scale[1] - scale[0]) * uniform[0]
    low, high = math.log(ratio[0]), math.log(ratio[1])
    aspect = torch.exp(low + (high - low) * uniform[1])
    half_w = (area * aspect).sqrt().clamp(max=1.0)
    half_h = (area / aspect).sqrt().clamp(max=1.0)
    centre_x = (1 - half_w) * (2 * uniform[2] - 1)
    centre_y = (1 - half_h) * (2 * uniform[3] - 1)
    if flip is not None:
        half_w = torch.where(flip, -half_w, half_w)
    return torch.stack([half_w, half_h, centre_x, centre_y], 1)


def resized_crops(pixels: Tensor, crops: Tensor, size: int) -> Tensor:
    """Each photo's crop (B, 4), resized to a square: (B, 3, size, size) floats, 0…255.

    One grid_sample does it all. It does not anti-alias, so photos of at least twice the output
    size are averaged first.
    """
    count, _, height, width = pixels.shape
    half_w, half_h, centre_x, centre_y = crops.to(pixels.device).unbind(1)
    zeros = torch.zeros_like(half_w)
    theta = torch.stack(
        [
            torch.stack([half_w, zeros, centre_x], 1),
            torch.stack([zeros, half_h, centre_y], 1),
        ],
        1,
    )  # (B, 2, 3)
    source = pixels.float()
    shrink = min(height, width) // (2 * size) + 1 if min(height, width) >= 2 * size else 1
    if shrink > 1:
        source = F.avg_pool2d(source, shrink)
    grid = F.affine_grid(theta, [count, 3, size, size], align_corners=False)
    return F.grid_sample(
        source, grid, mode="bilinear", padding_mode="reflection", align_corners=False
    )


def random_resized_crop(
    pixels: Tensor,
    size: int,
    *,
    generator: torch.Generator,
    scale: tuple[float, float] = (0.35, 1.0),
    ratio: tuple[float, float] = (3 / 4, 4 / 3),
    flip: Tensor | None = None,
) -> Tensor:
    """A random crop of each photo, resized; see `random_crops` and `resized_crops`."""
    crops = random_crops(len(pixels), generator=generator, scale=scale, ratio=ratio, flip=flip)
    return resized_crops(pixels, crops, size)


def colour_jitter(
    images: Tensor, *, generator: torch.Generator, strength: float = 0.3, grey: float = 0.05
) -> Tensor:
    """Brightness, contrast and saturation, each changed by up to `strength`; a share is grey."""
    count = images.shape[0]
    factors = 1 + strength * (2 * torch.rand(3, count, generator=generator) - 1)
    brightness, contrast, saturation = factors.to(images.device).view(3, count, 1, 1, 1)
    to_grey = (torch.rand(count, generator=generator) < grey).to(images.device)
    saturation = torch.where(to_grey.view(-1, 1, 1, 1), torch.zeros_like(saturation), saturation)
    images = images * brightness
    mean = images.mean(dim=(1, 2, 3), keepdim=True)
    images = (images - mean) * contrast + mean
    luma = images.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
    luminance = (images * luma).sum(1, keepdim=True)
    return ((images - luminance) * saturation + luminance).clamp_(0, 255)
