"""Annotation vectors of a frozen encoder, computed once for several views of each photo."""

from __future__ import annotations

from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from captioner.model.encoder import Encoder
from captioner.model.preprocess import Preprocess
from training.data.augment import random_resized_crop
from training.data.cache import scratch
from training.distributed.processes import ALONE, Processes
from training.loop import step_seed

WHOLE_VIEWS = 2  # the photo and its mirror image


@torch.no_grad()
def annotate_views(
    encoder: Encoder,
    pixels: Tensor,
    preprocess: Preprocess,
    *,
    views: int,
    to_crop: Tensor | None = None,
    crop_scale: float = 1.0,
    seed: int,
    cache: Path,
    processes: Processes = ALONE,
    batch_size: int = 32,
    bf16: bool = False,
) -> Tensor:
    """Float16 annotations (views, N, K, D) of the uint8 pixels (N, 3, size, size) of photos.

    View 0 is the photo as serving sees it, view 1 its mirror, further ones are crops of `to_crop`
    (N, 3, S, S), mirrored by turns: every odd view is a mirrored one. The encoder runs in
    evaluation mode; `bf16` is mixed precision in it, for views that are trained on. Several
    processes share the work, and the result in a file that has no name any more, in the folder
    `cache`. They are on the CPU.
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
        images = (pixels if to_crop is None or view < WHOLE_VIEWS else to_crop)[rows].to(device)
        mirrored = view % 2 == 1
        if view >= WHOLE_VIEWS:
            images = random_resized_crop(
                images,
                preprocess.size,
                generator=torch.Generator().manual_seed(step_seed(seed + view, int(rows[0]))),
                scale=(crop_scale, 1.0),
                flip=torch.full((len(rows),), mirrored),
            )
        elif mirrored:
            images = images.flip(3)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16):
            out[view, rows] = encoder(preprocess.normalise(images)).half().cpu()
    processes.wait()
    return out
