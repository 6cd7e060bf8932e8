"""What a program under test logs as an error, for there it caught what it did not expect."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class Complaints(logging.Handler):
    """Keeps errors until they are taken."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        why = f": {type(error).__name__}: {error}" if error else ""
        if record.exc_text:  # as the redaction of logs leaves it
            why = f": {record.exc_text.splitlines()[-1]}"
        self._said.append(f"{record.name}: {record.getMessage()}{why}"[:500])

    def taken(self) -> list[str]:
        """What was said since the last time."""
        said, self._said = self._said, []
        return said


@contextmanager
def complaints() -> Iterator[Complaints]:
    """Listen to every logger."""
    handler = Complaints()
    logging.getLogger().addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)
