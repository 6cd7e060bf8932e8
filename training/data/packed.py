"""Photos decoded once into one uint8 array, so that an epoch reads no file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.progress import track
from torch import Tensor

from captioner.model.preprocess import Preprocess
from training.data.cache import load_whole, save_whole
from training.data.decoding import open_rgb
from training.data.photos import CaptionedPhoto
from training.distributed.processes import ALONE, Processes


def packed_pixels(
    photos: Sequence[CaptionedPhoto],
    preprocess: Preprocess,
    *,
    cache: Path,
    processes: Processes = ALONE,
) -> Tensor:
    """All photos squashed to squares, uint8 (N, 3, size, size), from `cache` where it is there.

    They are what `preprocess` makes of photos in serving, of its size, before it normalises them.

    Of several processes, the main one decodes.

    Raises DataError naming the first photo that does not decode, and where the cache is full.
    """
    stamp = "|".join(f"{p.path.name}:{p.path.stat().st_size}" for p in photos)
    key = hashlib.sha256(stamp.encode()).hexdigest()[:12]
    size, detail = preprocess.size, preprocess.detail
    path = cache / f"photos-{key}-{size}{f'-of-{detail}' if detail else ''}.npy"
    if processes.is_main and not path.is_file():
        pixels = np.empty((len(photos), 3, size, size), dtype=np.uint8)
        for row, photo in enumerate(track(photos, f"decoding {len(photos)} photos")):
            rgb = open_rgb(photo.path, str(photo.path))
            pixels[row] = preprocess.to_pixels(rgb).numpy()
        save_whole(path, pixels)
    processes.wait()
    return load_whole(path, processes)
