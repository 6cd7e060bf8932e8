"""Turns a batch of jobs into replies: decodes photos, runs the model, draws attention.

One bad photo fails alone.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captioner.base import PhotoCaptioner, PhotoCaptions
from captioner.queue.messages import Answer, CaptionJob, CaptionReply, Failure, Output
from captioner.rendering.attention_gif import attention_gif, attention_sheet
from captioner.telemetry.stages import Stage, timed_together

__all__ = ["MAX_PIXELS", "BatchHandler"]


class BatchHandler:
    """Answers batches of jobs with a PhotoCaptioner."""

    def __init__(self, captioner: PhotoCaptioner) -> None:
        self._captioner = captioner
        self.model = captioner.identity
        self.capabilities = captioner.capabilities
        self._opening = ImagePreload(captioner.pixels)

    def expect(self, job: CaptionJob) -> None:
        """Begin to decode a job's photos, while the model works on another batch."""
        self._opening.begin(job)

    def forget(self, job: CaptionJob) -> None:
        """Drop the decoded photos of a job that will not be answered here."""
        self._opening.forget(job)

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        """One reply for each job, in order; photos with the same options run in one batch."""
        with timed_together(Stage.DECODE, jobs):
            photos = [self._opening.opened(job) for job in jobs]
        found: dict[tuple[int, int], PhotoCaptions] = {}
        good = [
            (row, place)
            for row, own in enumerate(photos)
            for place, photo in enumerate(own)
            if photo is not None
        ]

        def options(at: tuple[int, int]) -> tuple[int, int]:
            job = jobs[at[0]]
            return job.beam_size, min(job.n_best, job.beam_size)

        with timed_together(Stage.MODEL, jobs):
            for (beam_size, n_best), group in groupby(sorted(good, key=options), key=options):
                places = list(group)
                batch = [one.pixels for row, at in places if (one := photos[row][at]) is not None]
                languages = [jobs[row].language for row, _ in places]
                said = self._captioner.caption(
                    batch, beam_size=beam_size, n_best=n_best, languages=languages
                )
                found.update(zip(places, said, strict=True))
        return [
            self._reply(job, own, [found.get((row, at)) for at in range(len(own))])
            for row, (job, own) in enumerate(zip(jobs, photos, strict=True))
        ]

    def _reply(
        self,
        job: CaptionJob,
        photos: Sequence[DecodedPhoto | None],
        found: Sequence[PhotoCaptions | None],
    ) -> CaptionReply:
        media, media_type = b"", ""
        photo, first = photos[0], found[0]
        if photo is not None and first is not None and job.output is not Output.CAPTION:
            with timed_together(Stage.DRAW, [job]):
                media, media_type = _drawn(job.output, photo.photo, first)
        answer, *more = map(_answer, found)
        return CaptionReply(
            job_id=job.id,
            adapter=job.adapter,
            context=job.context,
            output=job.output,
            captions=answer.captions,
            confidence=answer.confidence,
            grid=answer.grid,
            failure=answer.failure,
            more=tuple(more),
            media=media,
            media_type=media_type,
            model=self.model,
            language=next((one.language for one in found if one is not None), None),
        )


def _drawn(output: Output, photo: Image.Image, found: PhotoCaptions) -> tuple[bytes, str]:
    """The attention of the best caption as a GIF or a PNG, and its media type."""
    words = found.captions[0].words
    if output is Output.ATTENTION_SHEET:
        return attention_sheet(photo, words, found.grid), "image/png"
    return attention_gif(photo, words, found.grid), "image/gif"


def _answer(found: PhotoCaptions | None) -> Answer:
    if found is None:
        return Answer(failure=Failure.BAD_PHOTO)
    sure = 1.0 if found.confidence is None else found.confidence  # None: it knows no doubt
    return Answer(captions=found.captions, confidence=sure, grid=found.grid)


MAX_PIXELS = 4_000_000  # intake makes photos of at most 512 px a side
_THREADS = 2

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class DecodedPhoto:
    """A decoded photo, and its pixels as the model uses them."""

    photo: Image.Image
    pixels: Pixels


class ImagePreload:
    """Decodes the photos of coming jobs in threads; Pillow releases the GIL while it decodes.

    Photos are not decoded at a reduced scale (JPEG's draft mode), which would be faster, because
    training does not do it, and the model must see the same pixels.
    """

    def __init__(self, to_pixels: Callable[[Image.Image], Pixels]) -> None:
        self._to_pixels = to_pixels
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="opening")
        self._begun: dict[str, list[Future[DecodedPhoto | None]]] = {}  # by job

    def begin(self, job: CaptionJob) -> None:
        """Start to decode a job's photos; returns at once."""
        self._begun[job.id] = [self._pool.submit(self._open, photo) for photo in job.photos]

    def forget(self, job: CaptionJob) -> None:
        """Drop a job's photos."""
        for future in self._begun.pop(job.id, []):
            future.cancel()

    def opened(self, job: CaptionJob) -> list[DecodedPhoto | None]:
        """A job's photos, None for each that is no photo; decoded now unless `begin` was called."""
        begun = self._begun.pop(job.id, None)
        if begun is None:
            return [self._open(photo) for photo in job.photos]
        return [future.result() for future in begun]

    def _open(self, jpeg: bytes) -> DecodedPhoto | None:
        """The photo, or None: a message may contain anything."""
        try:
            with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as photo:
                if photo.width * photo.height > MAX_PIXELS:
                    return None
                rgb = photo.convert("RGB")
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None
        return DecodedPhoto(rgb, self._to_pixels(rgb))
