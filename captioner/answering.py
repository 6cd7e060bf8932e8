"""Jobs in, replies out: what a worker runs. One bad photo fails alone."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from itertools import groupby

from PIL import Image

from captioner.attention_gif import attention_gif, attention_sheet
from captioner.captioner import Captioned, Captioner
from captioner.jobs import CaptionJob, CaptionReply, Failure, Output

log = logging.getLogger(__name__)
MAX_PIXELS = 4_000_000  # intake makes photos of at most 512 px a side


class PhotoAnswers:
    """Answers batches of jobs with a Captioner."""

    def __init__(self, captioner: Captioner) -> None:
        self._captioner = captioner

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        """One reply a job, in order; jobs with like options run through the model together."""
        photos = [_open(job.photo) for job in jobs]
        replies = [_failed(job, Failure.BAD_PHOTO, self._captioner.model) for job in jobs]
        good = [i for i, photo in enumerate(photos) if photo is not None]

        def options(i: int) -> tuple[int, int]:
            return jobs[i].beam_size, min(jobs[i].n_best, jobs[i].beam_size)

        for (beam_size, n_best), group in groupby(sorted(good, key=options), key=options):
            rows = list(group)
            batch = [photo for i in rows if (photo := photos[i]) is not None]
            found = self._captioner.caption(batch, beam_size=beam_size, n_best=n_best)
            for i, photo, captioned in zip(rows, batch, found, strict=True):
                replies[i] = self._reply(jobs[i], photo, captioned)
        return replies

    def _reply(self, job: CaptionJob, photo: Image.Image, captioned: Captioned) -> CaptionReply:
        media, media_type = b"", ""
        words = captioned.captions[0].words
        if job.output is Output.ATTENTION_GIF:
            media, media_type = attention_gif(photo, words, captioned.grid), "image/gif"
        elif job.output is Output.ATTENTION_SHEET:
            media, media_type = attention_sheet(photo, words, captioned.grid), "image/png"
        return CaptionReply(
            job_id=job.id,
            adapter=job.adapter,
            context=job.context,
            output=job.output,
            captions=captioned.captions,
            confidence=captioned.confidence,
            grid=captioned.grid,
            media=media,
            media_type=media_type,
            model=self._captioner.model,
        )


def _open(jpeg: bytes) -> Image.Image | None:
    """The photo, or None: the wire may bring anything, whatever intake promised."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as photo:
            if photo.width * photo.height > MAX_PIXELS:
                return None
            return photo.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _failed(job: CaptionJob, failure: Failure, model: str) -> CaptionReply:
    return CaptionReply(
        job_id=job.id,
        adapter=job.adapter,
        context=job.context,
        output=job.output,
        failure=failure,
        model=model,
    )
