"""The short id in all log lines about one request, from the update to the reply.

It is the beginning of the job's id, which is a keyed hash, so it does not show who asked.
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
    """The id of the request that this task works on; "" for none."""
    return _current.get()


@contextmanager
def about(job_id: str) -> Iterator[None]:
    """A context whose log lines, also those of tasks started in it, have the job's request id."""
    token = _current.set(short(job_id))
    try:
        yield
    finally:
        _current.reset(token)
