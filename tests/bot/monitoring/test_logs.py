"""The log in both its forms, as the processes write it."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.adapters.registry import PLATFORMS
from bot.monitoring.logs import hide_in_logs, short, start_logging
from captioner.telemetry.tracing import about

log = logging.getLogger("bot.somewhere")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()  # pytest's own: start_logging would close them
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def as_json(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("style", "stream", "text"),
    [
        ("auto", Terminal(), True),
        ("auto", io.StringIO(), False),
        ("text", io.StringIO(), True),
        ("json", Terminal(), False),
    ],
)
def test_people_read_lines_and_programs_json(style: str, stream: io.StringIO, text: bool) -> None:
    start_logging("info", style, stream)
    log.info("hello")
    assert stream.getvalue().startswith("{") is not text


def test_lines_for_people() -> None:
    stream = io.StringIO()
    start_logging("info", "text", stream)
    with about("3fa9c2d1e5f6"):
        log.info("→ telegram: queued, %d ahead", 2)
    log.warning("the queue is away")
    log.debug("nobody reads this")
    first, second = stream.getvalue().splitlines()
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    assert re.fullmatch(
        rf"{time} INFO    3fa9c2d1 bot\.somewhere    → telegram: queued, 2 ahead", first
    )
    assert re.fullmatch(rf"{time} WARNING          bot\.somewhere    the queue is away", second)
    assert first.index("bot.") == second.index("bot.")


def test_json_for_programs() -> None:
    stream = io.StringIO()
    start_logging("info", "json", stream)
    with about("3fa9c2d1e5f6"):
        log.info("two\nlines “of it”")
    log.info("of nobody")
    first, second = as_json(stream)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first.pop("time"))
    assert first == {
        "level": "info",
        "logger": "bot.somewhere",
        "message": "two\nlines “of it”",
        "request": "3fa9c2d1",
    }
    assert "request" not in second


@pytest.mark.parametrize("style", ["text", "json"])
def test_errors_with_their_traceback_and_without_secrets(style: str) -> None:
    hide_in_logs("123456:a-secret-of-somebody")
    stream = io.StringIO()
    start_logging("info", style, stream)
    try:
        raise ValueError("GET /bot123456:a-secret-of-somebody/getMe")
    except ValueError:
        log.exception("it failed")
    said = stream.getvalue()
    assert "ValueError" in said
    assert "a-secret-of-somebody" not in said
    if style == "json":
        (line,) = as_json(stream)
        assert line["message"] == "it failed"
        assert line["error"].startswith("Traceback")


def test_libraries_that_tell_too_much_are_quiet() -> None:
    stream = io.StringIO()
    start_logging("debug", "json", stream)
    of_platforms = [name for platform in PLATFORMS for name in platform.loggers]
    for name in ("httpx", "urllib3.connectionpool", "opentelemetry.sdk", *of_platforms):
        logging.getLogger(name).info("a whole request")
    assert stream.getvalue() == ""


def test_outages_are_logged_without_a_page_of_calls(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("tests.short")
    logger.addFilter(short(OSError))
    for error in (ConnectionResetError("gone"), KeyError("a bug")):
        try:
            raise error
        except (ConnectionResetError, KeyError):
            logger.exception("Attempting a reconnect")
    outage, bug = map(logging.Formatter().format, caplog.records)
    assert outage == "Attempting a reconnect (ConnectionResetError)"
    assert "Traceback" in bug
