"""Annotation vectors of a frozen encoder, computed once for several views of each photo."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from rich.progress import track
from torch import Tensor

from captioner.model.encoder import Encoder
from captioner.model.preprocess import Preprocess
from training.augment import random_resized_crop
from training.data.cache import scratch
from training.loop import step_seed
from training.processes import ALONE, Processes


@torch.no_grad()
def annotate_views(
    encoder: Encoder,
    pixels: Tensor,
    preprocess: Preprocess,
    *,
    views: int,
    crop_scale: float,
    seed: int,
    cache: Path,
    processes: Processes = ALONE,
    batch_size: int = 32,
    bf16: bool = False,
) -> Tensor:
    """Float16 annotations (views, N, K, D) of uint8 pixels (N, 3, S, S), on the CPU.

    View 0 is the photo itself, view 1 its mirror, further ones are crops, mirrored by turns:
    every odd view is a mirrored one. The encoder runs in evaluation mode; `bf16` is mixed precision
    in it, for views that are trained on. Several processes share
    the work, and the result in a file that has no name any more, in the folder `cache`.
    """
    device = next(encoder.parameters()).device
    encoder = encoder.folded()
    if not len(pixels):
        raise ValueError("there are no photos to encode")
    one = encoder(torch.zeros(1, 3, preprocess.size, preprocess.size, device=device))
    out = scratch(cache, (views, len(pixels), *one.shape[1:]), processes)
    chunks = torch.split(torch.arange(len(pixels)), batch_size)
    work = [(view, rows) for view in range(views) for rows in chunks]
    own = work[processes.rank :: processes.count]
    for view, rows in track(own, "encoding photos", disable=not processes.is_main):
        images = _view(
            pixels[rows].to(device),
            view,
            preprocess.size,
            crop_scale,
            torch.Generator().manual_seed(step_seed(seed + view, int(rows[0]))),
        )
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16):
            out[view, rows] = encoder(preprocess.normalise(images)).half().cpu()
    processes.wait()
    return out


def _view(
    pixels: Tensor, view: int, size: int, crop_scale: float, generator: torch.Generator
) -> Tensor:
    if view >= 2:
        flip = torch.full((len(pixels),), view % 2 == 1)
        scale = (crop_scale, 1.0)
        return random_resized_crop(pixels, size, generator=generator, scale=scale, flip=flip)
    images = pixels.float()
    if images.shape[-1] != size:
        images = F.interpolate(images, (size, size), mode="bilinear", antialias=True)
    return images.flip(3) if view == 1 else images
