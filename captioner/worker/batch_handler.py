"""Turns a batch of jobs into replies: decodes photos, runs the model, draws attention.

One bad photo fails alone.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

from PIL import Image

from captioner.base import SHORT, PhotoCaptioner, PhotoCaptions, PromptedCaptioner
from captioner.engines.base import Pixels
from captioner.queue.messages import Answer, CaptionJob, CaptionReply, Failure, Output
from captioner.rendering.attention_gif import attention_gif, attention_sheet
from captioner.telemetry.tracing import Stage, timed_together

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
        good = [
            _Asked(job, photo.pixels, (row, place))
            for row, (job, own) in enumerate(zip(jobs, photos, strict=True))
            for place, photo in enumerate(own)
            if photo is not None
        ]
        found: dict[tuple[int, int], PhotoCaptions] = {}
        with timed_together(Stage.MODEL, jobs):
            for _, group in groupby(sorted(good, key=self._together), key=self._together):
                asked = list(group)
                said = self._said(asked)
                found.update((one.at, own) for one, own in zip(asked, said, strict=True))
        return [
            self._reply(job, own, [found.get((row, at)) for at in range(len(own))])
            for row, (job, own) in enumerate(zip(jobs, photos, strict=True))
        ]

    def _together(self, asked: _Asked) -> tuple[int, int, str, bool, bool]:
        """What photos that run in one batch have in common."""
        job = asked.job
        n_best = min(job.n_best, job.beam_size)
        return job.beam_size, n_best, self._length(job), self._offers(job), job.question is not None

    def _length(self, job: CaptionJob) -> str:
        """The length that a job gets: the one asked for, where it is offered."""
        return job.length if job.length in self.capabilities.lengths else SHORT

    def _said(self, asked: Sequence[_Asked]) -> list[PhotoCaptions]:
        """What the model says of photos that are asked about alike."""
        job = asked[0].job
        pixels = [one.pixels for one in asked]
        languages = [one.job.language for one in asked]
        model = self._captioner
        if not self._offers(job):
            return [_NOT_OFFERED] * len(asked)
        if isinstance(model, PromptedCaptioner):
            if job.question is not None:
                questions = [one.job.question or "" for one in asked]
                return model.answer(pixels, questions, languages=languages)
            if (length := self._length(job)) != SHORT:
                return model.write(pixels, length=length, languages=languages)
        n_best = min(job.n_best, job.beam_size)
        return model.caption(pixels, beam_size=job.beam_size, n_best=n_best, languages=languages)

    def _offers(self, job: CaptionJob) -> bool:
        """Whether the model does what is asked for; bots do not know for sure which worker does."""
        if job.question is not None:
            return self.capabilities.questions
        return job.output is Output.CAPTION or self.capabilities.attention

    def _reply(
        self,
        job: CaptionJob,
        photos: Sequence[DecodedPhoto | None],
        found: Sequence[PhotoCaptions | None],
    ) -> CaptionReply:
        media, media_type = b"", ""
        photo, first = photos[0], found[0]
        drawable = first is not None and first.failure is None and job.output is not Output.CAPTION
        if photo is not None and first is not None and drawable:
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """One photo of a job, and which one of them all it is."""

    job: CaptionJob
    pixels: Pixels
    at: tuple[int, int]


_NOT_OFFERED = PhotoCaptions((), None, (0, 0), failure=Failure.NOT_OFFERED)


def _drawn(output: Output, photo: Image.Image, found: PhotoCaptions) -> tuple[bytes, str]:
    """The attention of the best caption as a GIF or a PNG, and its media type."""
    words = found.captions[0].words
    if output is Output.ATTENTION_SHEET:
        return attention_sheet(photo, words, found.grid, language=found.language), "image/png"
    return attention_gif(photo, words, found.grid, language=found.language), "image/gif"


def _answer(found: PhotoCaptions | None) -> Answer:
    if found is None:
        return Answer(failure=Failure.BAD_PHOTO)
    if found.failure is not None:
        return Answer(failure=found.failure)
    return Answer(captions=found.captions, confidence=found.confidence, grid=found.grid)


MAX_PIXELS = 4_000_000  # intake makes photos of at most 512 px a side
_THREADS = 2


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
