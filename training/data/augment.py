"""Augmentation of whole batches, on whatever device the batch lies."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def random_resized_crop(
    pixels: Tensor,
    size: int,
    *,
    generator: torch.Generator,
    scale: tuple[float, float] = (0.35, 1.0),
    ratio: tuple[float, float] = (3 / 4, 4 / 3),
    flip: Tensor | None = None,
) -> Tensor:
    """Each photo's own random crop, resized to a square: (B, 3, size, size) floats, 0…255.

    `scale` is the share of the area kept, `ratio` the crop's width over its height, `flip` a
    mask (B,) of the photos to mirror. One grid_sample does all; crops more than twice the
    output are averaged first, for grid_sample does not anti-alias.
    """
    count, _, height, width = pixels.shape
    device = pixels.device
    uniform = torch.rand(4, count, generator=generator).to(device)
    area = scale[0] + (scale[1] - scale[0]) * uniform[0]
    low, high = math.log(ratio[0]), math.log(ratio[1])
    aspect = torch.exp(low + (high - low) * uniform[1])
    # half extents of the crop in grid_sample's −1…1 coordinates
    half_w = (area * aspect).sqrt().clamp(max=1.0)
    half_h = (area / aspect).sqrt().clamp(max=1.0)
    centre_x = (1 - half_w) * (2 * uniform[2] - 1)
    centre_y = (1 - half_h) * (2 * uniform[3] - 1)
    if flip is not None:
        half_w = torch.where(flip.to(device), -half_w, half_w)
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


def colour_jitter(
    images: Tensor, *, generator: torch.Generator, strength: float = 0.3, grey: float = 0.05
) -> Tensor:
    """Brightness, contrast and saturation changed by up to `strength`; a few turned grey."""
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
