"""`captionbot worker` with a model that reads a photo's number: `python -m …chaos.worker SECONDS`.

The role, its signals and its queue are the real ones. SECONDS is how long a model that hangs is
waited for.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import SimpleNamespace

from bot import cli
from captioner.capabilities import UNDECLARED
from captioner.cli import model
from captioner.queue.common import failure_reply
from captioner.queue.messages import Caption, CaptionJob, CaptionReply, Failure, Word
from tests.system.chaos.photos import Kind, tag_of

MODEL = "numbers"
_SECONDS = 0.05  # that a batch takes


def sentence(number: int) -> str:
    """What the model says of the photo with a number."""
    return f"a picture with number {number}"


class NumberCaptions:
    """Says which number is in a photo; dies, hangs or fails where the photo is made for it."""

    model = MODEL
    capabilities = UNDECLARED

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        time.sleep(_SECONDS)
        return [_reply(job) for job in jobs]

    def expect(self, job: CaptionJob) -> None:
        """Nothing is made ready."""

    def forget(self, job: CaptionJob) -> None:
        """Nothing was made ready."""


def _reply(job: CaptionJob) -> CaptionReply:
    tag = tag_of(job.photo)
    if tag is None:
        return failure_reply(job, Failure.BAD_PHOTO)
    if tag.kind is Kind.KILLS:
        os.kill(os.getpid(), signal.SIGKILL)
    if tag.kind is Kind.HANGS:
        time.sleep(3600)
    if tag.kind is Kind.RAISES:
        raise RuntimeError("a photo that was made for it")
    words = tuple(Word(text=w, log_prob=-0.1) for w in sentence(tag.number).split())
    return CaptionReply(
        job_id=job.id,
        adapter=job.adapter,
        context=job.context,
        output=job.output,
        captions=(Caption(text=sentence(tag.number), log_prob=-0.6, words=words),),
        confidence=0.9,
        model=MODEL,
    )


def main() -> None:
    """Serve the worker's role."""
    patience = float(sys.argv[1])
    no_model = SimpleNamespace(
        model=MODEL,
        device="cpu",
        engine="none",
        check=lambda: None,
        close=lambda: None,
        most_at_once=None,
        seconds_a_photo=0.0,
        capabilities=NumberCaptions.capabilities,
    )
    setattr(model, "load_captioner", lambda _settings: no_model)  # noqa: B010 - of another type
    model._handler = lambda captioner: NumberCaptions()
    model.Worker = functools.partial(model.Worker, patience=patience)  # type: ignore[assignment,attr-defined]  # the role knows no such setting
    sys.argv = ["captionbot", "worker"]
    cli.main()


if __name__ == "__main__":
    main()
