"""A real worker whose model is a script: it says which colour a photo has.

async with scripted_worker(queue) as captions:
    ...  # jobs on the queue are answered: "a red picture"
assert len(captions.jobs) == 1
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from PIL import Image, ImageStat

from captioner.capabilities import UNDECLARED, Capabilities
from captioner.queue import JobQueue
from captioner.queue.common import failure_reply
from captioner.queue.messages import (
    Caption,
    CaptionJob,
    CaptionReply,
    Failure,
    Length,
    Output,
    Word,
)
from captioner.worker.loop import JobHandler, Worker

GRID = (7, 7)
ENGLISH_ONLY = UNDECLARED
# Each language's captions, a word each; a caption is these with a colour's name for None.
_SAID: dict[str, tuple[tuple[str | None, ...], ...]] = {
    "en": (("a", None, "picture"), ("a", "picture", "that", "is", None), ("something", None)),
    "de": (("ein", "Bild", "in", None), ("etwas", "in", None), ("alles", "ist", None)),
    "ar": (("صورة", None), ("شيء", None), ("كل", "شيء", None)),
    "zh": (("一张", None, "的", "图片"), (None, "的", "东西"), ("都", "是", None)),
}
_COLOUR_NAMES = {
    "de": {"red": "Rot", "green": "Grün", "blue": "Blau", "yellow": "Gelb"},
    "ar": {"red": "حمراء", "green": "خضراء", "blue": "زرقاء", "yellow": "صفراء"},
    "zh": {"red": "红色", "green": "绿色", "blue": "蓝色", "yellow": "黄色"},
}
MODEL = "scripted"
COLOURS = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
    "red": (220, 30, 30),
    "green": (30, 160, 60),
    "blue": (30, 60, 220),
    "yellow": (240, 220, 40),
    "orange": (240, 140, 30),
    "purple": (130, 40, 160),
    "brown": (110, 70, 40),
}


class ScriptedCaptions(JobHandler):
    """Captions by the mean colour; `jobs` are those answered so far, `batches` their numbers.

    `before`, if given, is called with each batch in the model's thread: it may raise or block.
    """

    model = MODEL
    capabilities = ENGLISH_ONLY

    def __init__(
        self,
        before: Callable[[Sequence[CaptionJob]], object] | None = None,
        *,
        capabilities: Capabilities | None = None,
    ) -> None:
        if capabilities is not None:
            self.capabilities = capabilities
        self.jobs: list[CaptionJob] = []
        self.batches: list[int] = []
        self._before = before

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        if self._before:
            self._before(jobs)
        self.jobs += jobs
        self.batches.append(len(jobs))
        return [scripted_reply(job, self.capabilities) for job in jobs]

    def expect(self, job: CaptionJob) -> None:
        """Nothing is made ready for a script."""

    def forget(self, job: CaptionJob) -> None:
        """As above."""


def scripted_reply(job: CaptionJob, capabilities: Capabilities = ENGLISH_ONLY) -> CaptionReply:
    """What the scripted model says to a job, the same every time."""
    language = job.language if job.language in capabilities.languages else "en"
    try:
        with Image.open(io.BytesIO(job.photo)) as image:
            colour = colour_of(image)
    except OSError:
        return failure_reply(job, Failure.BAD_PHOTO)
    if job.question is not None or job.length is not Length.SHORT:
        return _prompted_reply(job, colour, language, capabilities)
    said = scripted_words(colour, language)
    media, media_type = _media(job.output, colour)
    return CaptionReply(
        job_id=job.id,
        adapter=job.adapter,
        context=job.context,
        output=job.output,
        captions=tuple(
            _caption(words, rank, language) for rank, words in enumerate(said[: job.n_best])
        ),
        confidence=0.8,
        grid=GRID,
        media=media,
        media_type=media_type,
        model=MODEL,
        language=language,
    )


def _prompted_reply(
    job: CaptionJob, colour: str, language: str, capabilities: Capabilities
) -> CaptionReply:
    """What a model says that follows prompts: neither words nor how sure it is."""
    if job.question is not None and not capabilities.questions:
        return failure_reply(job, Failure.NOT_OFFERED)
    said = " ".join(scripted_words(colour, language)[0])
    if job.question is None and job.length in capabilities.lengths:
        said = ". ".join([said] * (2 if job.length is Length.ALT else 12))
    return CaptionReply(
        job_id=job.id,
        adapter=job.adapter,
        context=job.context,
        captions=(Caption(text=said if job.question is None else f"{said}!", log_prob=0.0),),
        confidence=None,
        model=MODEL,
        language=language,
    )


def scripted_words(colour: str, language: str | None = "en") -> list[list[str]]:
    """The words of each caption of a photo in a colour, best first."""
    language = language or "en"
    name = _COLOUR_NAMES[language][colour] if language != "en" else colour
    return [[word or name for word in words] for words in _SAID[language]]


def speaks(*languages: str) -> Capabilities:
    """What a worker can do whose captions are in these languages."""
    return replace(ENGLISH_ONLY, languages=languages)


def follows_prompts(*languages: str) -> Capabilities:
    """What a worker can do whose model answers questions and writes texts of every length."""
    return Capabilities(
        languages=languages or ("en",),
        attention=False,
        confidence=False,
        questions=True,
        lengths=tuple(Length),
    )


def colour_of(image: Image.Image) -> str:
    """The name of the colour that is nearest to an image's mean."""
    mean = ImageStat.Stat(image.convert("RGB")).mean

    def distance(name: str) -> float:
        return sum((a - b) ** 2 for a, b in zip(mean, COLOURS[name], strict=True))

    return min(COLOURS, key=distance)


def jpeg(colour: str | tuple[int, int, int] = "red", size: tuple[int, int] = (32, 24)) -> bytes:
    """A JPEG of one of COLOURS, or of any colour."""
    rgb = COLOURS[colour] if isinstance(colour, str) else colour
    buffer = io.BytesIO()
    Image.new("RGB", size, rgb).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@asynccontextmanager
async def scripted_worker(
    queue: JobQueue, captions: ScriptedCaptions | None = None, *, max_batch: int = 16
) -> AsyncIterator[ScriptedCaptions]:
    """Answers the queue's jobs as long as the block lasts, then stops as a worker does."""
    captions = captions or ScriptedCaptions()
    async with at_work(queue, captions, max_batch=max_batch):
        yield captions


@asynccontextmanager
async def at_work(queue: JobQueue, captions: JobHandler, *, max_batch: int) -> AsyncIterator[None]:
    """A worker, as long as the block lasts."""
    worker = Worker(queue, captions, consumer="scripted", max_batch=max_batch, wait=0.1)
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.request_stop()
        await running


async def ready(queue: JobQueue) -> None:
    """Return when a worker has said that it is ready."""
    while not (await queue.workers()).ready:
        await asyncio.sleep(0.01)


def _caption(words: Sequence[str], rank: int, language: str | None) -> Caption:
    return Caption(
        text=("" if language == "zh" else " ").join(words),
        log_prob=-0.3 * len(words) - 0.5 - rank,
        words=tuple(
            Word(
                text=word,
                log_prob=-0.3 - rank * 0.1,
                attention=_attention(position) if rank == 0 else (),
            )
            for position, word in enumerate(words)
        ),
    )


def _attention(position: int) -> tuple[float, ...]:
    """Looks most at one cell, which moves on with every word."""
    cells = GRID[0] * GRID[1]
    looked_at = position * 9 % cells
    rest = 0.5 / (cells - 1)
    return tuple(0.5 if cell == looked_at else rest for cell in range(cells))


def _media(output: Output, colour: str) -> tuple[bytes, str]:
    if output is Output.CAPTION:
        return b"", ""
    frames = [Image.new("P", (32, 24), n) for n in range(3)]
    for frame in frames:
        frame.putpalette([*COLOURS[colour], 0, 0, 0, 255, 255, 255])
    buffer = io.BytesIO()
    if output is Output.ATTENTION_GIF:
        frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=300)
        return buffer.getvalue(), "image/gif"
    frames[0].save(buffer, "PNG")
    return buffer.getvalue(), "image/png"
