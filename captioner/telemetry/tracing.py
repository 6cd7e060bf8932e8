"""Traces: where the time of one request went, over all processes that had a part in it.

Without `start_tracing` everything here does nothing, costs nothing and imports nothing. What
travels from process to process is a W3C `traceparent`; what does not look like one is ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from captioner.telemetry.otel import Exporter

Value = str | int | float | bool

_exporter: Exporter | None = None


class Span:
    """A stretch of time; this one is of nobody, where nothing is traced."""

    traceparent: str = ""  # what makes other spans its children

    def note(self, name: str, value: Value) -> None:
        """Have it bear a fact: a count, a size, an outcome; never what people sent."""

    def end(self) -> None:
        """It is over now."""


NONE: Final = Span()


def start_tracing(endpoint: str, *, role: str) -> Callable[[], None]:
    """Send spans to an OTLP/HTTP collector from now on; call what is returned at the end.

    Raises ModuleNotFoundError without the `otel` extra. A collector that is away costs spans and
    nothing else.
    """
    global _exporter  # noqa: PLW0603 - one for the process, as with its log
    from captioner.telemetry.otel import Exporter  # noqa: PLC0415 - only where it is asked for

    exporter = _exporter = Exporter(endpoint, role=role)

    def stop() -> None:
        global _exporter  # noqa: PLW0603 - as above
        _exporter = None
        exporter.close()

    return stop


def begin(name: str, *, parent: str = "") -> Span:
    """A span that begins now, of the same request as its parent's `traceparent`."""
    return _exporter.begin(name, parent) if _exporter else NONE


@contextmanager
def span(name: str, *, parent: str = "") -> Iterator[Span]:
    """A span of what happens inside.

    It is a child of the parent's, or else of the span that this task is in.
    """
    if _exporter is None:
        yield NONE
        return
    with _exporter.span(name, parent) as made:
        yield made


def record(name: str, *, parent: str, began: int, ended: int) -> None:
    """A span of what is over: its times in nanoseconds since 1970."""
    if _exporter and parent:
        _exporter.record(name, parent, began, ended)


def traceparent() -> str:
    """What makes spans elsewhere children of the one that this task is in; "" without any."""
    return _exporter.traceparent() if _exporter else ""


def trace_id() -> str:
    """The id of the trace that this task is in, for the log; "" without any."""
    parts = traceparent().split("-")
    return parts[1] if len(parts) == 4 else ""
