"""Jobs in, replies out: what a worker runs. One bad photo fails alone."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from itertools import groupby

from PIL import Image

from captioner.attention_gif import attention_gif, attention_sheet
from captioner.captioner import Captioned, Captioner
from captioner.jobs import Answer, CaptionJob, CaptionReply, Failure, Output

MAX_PIXELS = 4_000_000  # intake makes photos of at most 512 px a side


class PhotoAnswers:
    """Answers batches of jobs with a Captioner."""

    def __init__(self, captioner: Captioner) -> None:
        self._captioner = captioner
        self.model = _identity(captioner)

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        """One reply a job, in order; photos with like options run through the model together."""
        photos = [[_open(photo) for photo in job.photos] for job in jobs]
        found: dict[tuple[int, int], Captioned] = {}
        good = [
            (row, place)
            for row, own in enumerate(photos)
            for place, photo in enumerate(own)
            if photo is not None
        ]

        def options(at: tuple[int, int]) -> tuple[int, int]:
            job = jobs[at[0]]
            return job.beam_size, min(job.n_best, job.beam_size)

        for (beam_size, n_best), group in groupby(sorted(good, key=options), key=options):
            places = list(group)
            batch = [photo for row, at in places if (photo := photos[row][at]) is not None]
            said = self._captioner.caption(batch, beam_size=beam_size, n_best=n_best)
            found.update(zip(places, said, strict=True))
        return [
            self._reply(job, own, [found.get((row, at)) for at in range(len(own))])
            for row, (job, own) in enumerate(zip(jobs, photos, strict=True))
        ]

    def _reply(
        self,
        job: CaptionJob,
        photos: Sequence[Image.Image | None],
        found: Sequence[Captioned | None],
    ) -> CaptionReply:
        media, media_type = b"", ""
        photo, first = photos[0], found[0]
        if photo is not None and first is not None:
            words = first.captions[0].words
            if job.output is Output.ATTENTION_GIF:
                media, media_type = attention_gif(photo, words, first.grid), "image/gif"
            elif job.output is Output.ATTENTION_SHEET:
                media, media_type = attention_sheet(photo, words, first.grid), "image/png"
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
        )


def _identity(captioner: Captioner) -> str:
    """The model's name and, where it came from a file, which version of it that is.

    A checkpoint that was trained again keeps its name, but its captions are others.
    """
    if captioner.path is None:
        return captioner.model
    with captioner.path.open("rb") as file:
        return f"{captioner.model} {hashlib.file_digest(file, 'sha256').hexdigest()[:8]}"


def _answer(found: Captioned | None) -> Answer:
    if found is None:
        return Answer(failure=Failure.BAD_PHOTO)
    return Answer(captions=found.captions, confidence=found.confidence, grid=found.grid)


def _open(jpeg: bytes) -> Image.Image | None:
    """The photo, or None: the wire may bring anything, whatever intake promised."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as photo:
            if photo.width * photo.height > MAX_PIXELS:
                return None
            return photo.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
