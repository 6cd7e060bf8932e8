"""Jobs and replies as tests need them."""

from __future__ import annotations

import itertools
from typing import Any

from captioner.queue.messages import Caption, CaptionJob, CaptionReply, Word

_numbers = itertools.count(1)


def make_job(**changes: Any) -> CaptionJob:
    """A job like no other; `changes` are fields of it."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "adapter": "telegram",
        "photo": f"photo {number}".encode(),
        "dedupe": f"telegram:{number}",
        "person": f"person {number}",
        "context": {"chat": number, "reply_to": 7},
    }
    return CaptionJob(**(fields | changes))


def make_reply(job: CaptionJob, text: str = "a dog runs", **changes: Any) -> CaptionReply:
    """A reply to the job."""
    words = tuple(Word(text=w, log_prob=-0.5, attention=(0.25,) * 4) for w in text.split())
    fields: dict[str, Any] = {
        "job_id": job.id,
        "adapter": job.adapter,
        "context": job.context,
        "output": job.output,
        "captions": (Caption(text=text, log_prob=-1.5, words=words),),
        "confidence": 0.5,
        "grid": (2, 2),
        "model": "test",
    }
    return CaptionReply(**(fields | changes))
