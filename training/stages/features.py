"""Annotation vectors of a frozen encoder, computed once for several views of each photo."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from captioner.model.encoder import Encoder
from captioner.model.preprocess import Preprocess
from training.data.augment import random_crops, resized_crops, uncropped_views
from training.data.cache import load_array, new_array, packed_pixels, shared_scratch_array
from training.data.reader_base import CaptionedPhoto
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.loop import step_seed
from training.stage_config import DecoderStage, SelfCriticalStage

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
    views to train on. One process keeps the annotations in `cache`, for a resumed run and the next
    stage. Several processes share the work and the result, which is in memory mapped from an
    unnamed file in `cache`. Both tensors are on the CPU.
    """
    device = next(encoder.parameters()).device
    encoder = encoder.folded()
    if not len(pixels):
        raise ValueError("there are no photos to encode")
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
    kept = cache / f"annotations-{_key(encoder, pixels, to_crop, crops, preprocess, bf16)}.npy"
    if kept.is_file():
        return load_array(kept, processes), crops
    one = encoder(torch.zeros(1, 3, preprocess.size, preprocess.size, device=device))
    shape = (views, len(pixels), *one.shape[1:])

    def fill(out: Tensor) -> None:
        for view, rows in track(own, "encoding photos", disable=not processes.is_main):
            images = (pixels if to_crop is None or view < WHOLE_VIEWS else to_crop)[rows]
            images = images.to(device)
            if view >= WHOLE_VIEWS:
                images = resized_crops(images, crops[view, rows], preprocess.size)
            elif view % 2 == 1:
                images = images.flip(3)
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16):
                out[view, rows] = encoder(preprocess.normalise(images)).half().cpu()

    if processes.count == 1:
        with new_array(kept, shape) as out:
            fill(out)
        return load_array(kept, processes), crops
    shared = shared_scratch_array(cache, shape, processes)
    fill(shared)
    processes.wait()
    return shared, crops


def _key(
    encoder: Encoder,
    pixels: Tensor,
    to_crop: Tensor | None,
    crops: Tensor,
    preprocess: Preprocess,
    bf16: bool,
) -> str:
    """A hash of everything that the annotations depend on."""
    found = hashlib.sha256(f"{preprocess} {bf16}".encode())
    weights = [tensor.detach().cpu() for tensor in encoder.state_dict().values()]
    for tensor in (*weights, pixels, crops, *([] if to_crop is None else [to_crop])):
        found.update(tensor.contiguous().numpy().tobytes())
    return found.hexdigest()[:16]


@dataclass(frozen=True)
class Features:
    """Float16 annotation vectors of a stage's photos, and the device to use them on."""

    train: Tensor  # (views, N, K, D); every odd view is mirrored
    crops: Tensor  # (views, N, 4), the crop of each view
    val: Tensor  # (N, K, D); K differs from that of `train` if the served size differs
    device: torch.device
    rows: Tensor | None = None  # which photos of `train` count, in order; all, if it is None

    @classmethod
    def compute(
        cls,
        encoder: Encoder,
        config: DecoderStage | SelfCriticalStage,
        train: Sequence[CaptionedPhoto],
        val: Sequence[CaptionedPhoto],
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
            packed(train, replace(preprocess, size=config.packed_size))
            if config.views > WHOLE_VIEWS and config.packed_size != image_size
            else None  # no crops, or they are of the same pixels
        )
        annotated = partial(
            annotate_views, encoder.to(device), seed=seed, cache=cache, processes=processes
        )
        views, crops = annotated(
            packed(train, in_training), preprocess=in_training, views=config.views,
            to_crop=to_crop, crop_scale=config.crop_scale, bf16=bf16,
        )  # fmt: skip
        served, _ = annotated(packed(val, preprocess), preprocess=preprocess, views=1)
        return cls(views, crops, served[0], device)

    def of(self, train: Tensor, val: Tensor) -> Features:
        """The features of some of the photos, given by their indices."""
        return replace(self, rows=train, val=self.val[val])

    def mean(self) -> Tensor:
        """The mean annotations (1, K, D) of all training photos as they are."""
        total = torch.zeros(self.train.shape[2:])
        for chunk in torch.split(self.train[0], 256):
            total += chunk.float().sum(0)
        return (total / self.train.shape[1])[None].to(self.device)

    def random_view(
        self, photos: Tensor, flippable: Tensor, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Annotations (B, K, D) of photos (B,), each in a random view, and the crops (B, 4).

        A photo gets a mirrored view only if it is `flippable` (B,).
        """
        view = torch.randint(len(self.train), (len(photos),), generator=generator)
        mirrored = (view % 2 == 1) & ~flippable
        view = torch.where(mirrored, view - 1, view)
        photos = photos if self.rows is None else self.rows[photos]
        return self.train[view, photos].to(self.device).float(), self.crops[view, photos]
