"""Opens the photos of jobs ahead of the model: decoded, and scaled to what the model looks at."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captioner.queue.messages import CaptionJob

MAX_PIXELS = 4_000_000  # intake makes photos of at most 512 px a side
_THREADS = 2

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Opened:
    """A photo, and its pixels as the model has them."""

    photo: Image.Image
    pixels: Pixels


class ImagePreload:
    """Opens photos in threads of its own; Pillow lets go of Python while it decodes and scales.

    Photos are not decoded at a reduced scale (JPEG's draft mode), which would be faster: training
    does not do so, and what the model sees must not differ.
    """

    def __init__(self, to_pixels: Callable[[Image.Image], Pixels]) -> None:
        self._to_pixels = to_pixels
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="opening")
        self._begun: dict[str, list[Future[Opened | None]]] = {}  # by job

    def begin(self, job: CaptionJob) -> None:
        """Opens a job's photos soon; returns at once."""
        self._begun[job.id] = [self._pool.submit(self._open, photo) for photo in job.photos]

    def forget(self, job: CaptionJob) -> None:
        """Nobody will ask for these photos."""
        for future in self._begun.pop(job.id, []):
            future.cancel()

    def opened(self, job: CaptionJob) -> list[Opened | None]:
        """A job's photos, each None if it is none; opened now, if that was not begun before."""
        begun = self._begun.pop(job.id, None)
        if begun is None:
            return [self._open(photo) for photo in job.photos]
        return [future.result() for future in begun]

    def _open(self, jpeg: bytes) -> Opened | None:
        """The photo, or None: the wire may bring anything, whatever intake promised."""
        try:
            with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as photo:
                if photo.width * photo.height > MAX_PIXELS:
                    return None
                rgb = photo.convert("RGB")
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None
        return Opened(rgb, self._to_pixels(rgb))
