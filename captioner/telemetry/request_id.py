"""The short id that all log lines about one request bear, from the update to the reply.

It is the beginning of the job's id, which is a keyed hash: it tells nothing of who asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LENGTH = 8
_STRANGE = re.compile(r"[^0-9A-Za-z_.-]")  # what comes over the wire may be anything
_current: ContextVar[str] = ContextVar("captionbot_request", default="")


def short(job_id: str) -> str:
    """The id of a job's request."""
    return _STRANGE.sub("?", job_id[:LENGTH])


def current() -> str:
    """The request that this task works on; "" for none."""
    return _current.get()


@contextmanager
def about(job_id: str) -> Iterator[None]:
    """What is logged inside, also by tasks that are started there, is about a job's request."""
    token = _current.set(short(job_id))
    try:
        yield
    finally:
        _current.reset(token)
