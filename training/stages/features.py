"""Annotation vectors of a frozen encoder, computed once for several views of each photo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from captioner.model.encoder import Encoder
from captioner.model.preprocess import Preprocess
from training.config import DecoderStage, SelfCriticalStage
from training.data.augment import random_crops, resized_crops, uncropped_views
from training.data.cache import packed_pixels, shared_scratch_array
from training.distributed.processes import SINGLE_PROCESS, ProcessGroup
from training.loop import step_seed
from training.stages.caption_batches import CaptionBatches

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
    processes: ProcessGroup = SINGLE_PROCESS,
    batch_size: int = 32,
    bf16: bool = False,
) -> tuple[Tensor, Tensor]:
    """Float16 annotations (views, N, K, D) of the uint8 pixels (N, 3, size, size), and their crops.

    The crops are (views, N, 4), see `training.data.augment.random_crops`. View 0 is the photo as
    in serving and view 1 its mirror image. Further views are crops of `to_crop` (N, 3, S, S); every
    odd view is mirrored. The encoder runs in evaluation mode; `bf16` turns on mixed precision, for
    views to train on. Several processes share the work and the result, which is in memory mapped
    from an unnamed file in `cache`. Both tensors are on the CPU.
    """
    device = next(encoder.parameters()).device
    encoder = encoder.folded()
    if not len(pixels):
        raise ValueError("there are no photos to encode")
    one = encoder(torch.zeros(1, 3, preprocess.size, preprocess.size, device=device))
    out = shared_scratch_array(cache, (views, len(pixels), *one.shape[1:]), processes)
    crops = torch.empty(views, len(pixels), 4)
    chunks = torch.split(torch.arange(len(pixels)), batch_size)
    work = [(view, rows) for view in range(views) for rows in chunks]
    own = work[processes.rank :: processes.count]
    for view, rows in work:  # also that of other processes: each needs all crops
        mirrored = torch.full((len(rows),), view % 2 == 1)
        generator = torch.Generator().manual_seed(step_seed(seed + view, int(rows[0])))
        crops[view, rows] = (
            uncropped_views(mirrored)
            if view < WHOLE_VIEWS
            else random_crops(
                len(rows), generator=generator, scale=(crop_scale, 1.0), flip=mirrored
            )
        )
    for view, rows in track(own, "encoding photos", disable=not processes.is_main):
        images = (pixels if to_crop is None or view < WHOLE_VIEWS else to_crop)[rows].to(device)
        if view >= WHOLE_VIEWS:
            images = resized_crops(images, crops[view, rows], preprocess.size)
        elif view % 2 == 1:
            images = images.flip(3)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16):
            out[view, rows] = encoder(preprocess.normalise(images)).half().cpu()
    processes.wait()
    return out, crops


@dataclass(frozen=True)
class Features:
    """Float16 annotation vectors of a stage's photos, and the device to use them on."""

    train: Tensor  # (views, N, K, D); every odd view is mirrored
    crops: Tensor  # (views, N, 4), the crop of each view
    val: Tensor  # (N, K, D); K differs from that of `train` if the served size differs
    device: torch.device

    @classmethod
    def compute(
        cls,
        encoder: Encoder,
        config: DecoderStage | SelfCriticalStage,
        captions: CaptionBatches,
        preprocess: Preprocess,
        *,
        image_size: int,
        cache: Path,
        seed: int,
        device: torch.device,
        processes: ProcessGroup = SINGLE_PROCESS,
        bf16: bool = False,
    ) -> Features:
        """Compute the features with an encoder; raises DataError for photos that do not decode.

        Training photos have `image_size`, and `bf16` turns on mixed precision for them; validation
        photos are preprocessed as in serving.
        """
        packed = partial(packed_pixels, cache=cache, processes=processes)
        in_training = replace(preprocess, size=image_size)
        to_crop = (
            packed(captions.train, replace(preprocess, size=config.packed_size))
            if config.views > WHOLE_VIEWS and config.packed_size != image_size
            else None  # no crops, or they are of the same pixels
        )
        annotated = partial(
            annotate_views, encoder.to(device), seed=seed, cache=cache, processes=processes
        )
        train, crops = annotated(
            packed(captions.train, in_training), preprocess=in_training, views=config.views,
            to_crop=to_crop, crop_scale=config.crop_scale, bf16=bf16,
        )  # fmt: skip
        val, _ = annotated(packed(captions.val, preprocess), preprocess=preprocess, views=1)
        return cls(train, crops, val[0], device)

    def random_view(
        self, photos: Tensor, flippable: Tensor, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Annotations (B, K, D) of photos (B,), each in a random view, and the crops (B, 4).

        A photo gets a mirrored view only if it is `flippable` (B,).
        """
        view = torch.randint(len(self.train), (len(photos),), generator=generator)
        mirrored = (view % 2 == 1) & ~flippable
        view = torch.where(mirrored, view - 1, view)
        return self.train[view, photos].to(self.device).float(), self.crops[view, photos]
