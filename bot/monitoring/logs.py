"""The log: lines for people on a terminal, JSON for programs; no secrets, no content.

Every line about a request bears its short id, from the update to the answer, in the bot and in
the worker: see `captioner.telemetry.request_id`.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import TextIO

from bot.adapters.registry import PLATFORMS
from captioner.telemetry import request_id, tracing

# Libraries that speak at INFO of every request; httpx would even print the bot's token.
_QUIET = ("aiohttp", "asyncio", "PIL", "opentelemetry", "urllib3")
_NO_REQUEST = " " * request_id.LENGTH


class TextFormatter(logging.Formatter):
    """`2026-11-24T14:02:11Z INFO    3fa9c2d1 bot.monitoring.request_metrics → telegram: queued`."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)-7s %(request)s %(name)-16s %(message)s", "%Y-%m-%dT%H:%M:%SZ"
        )
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        record.request = _request(record) or _NO_REQUEST
        return super().format(record)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `time`, `level`, `logger`, `message`, and where there are such
    `request`, `trace_id` and `error`, a traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().strip(),  # some are indented for people
        }
        if request := _request(record):
            line["request"] = request
        if trace := tracing.trace_id():
            line["trace_id"] = trace
        # Filters that hide secrets leave a clean text behind and take the error itself away.
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["error"] = record.exc_text
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(line, ensure_ascii=False)


def _request(record: logging.LogRecord) -> str:
    """The request that a record is about: as it says itself, or as its task does."""
    return str(getattr(record, "request", "") or request_id.current())


def start_logging(level: str, style: str = "auto", stream: TextIO | None = None) -> None:
    """Log to standard error from now on, in UTC; libraries only where something is wrong.

    `style` is text, json, or auto: text on a terminal and JSON otherwise.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    in_words = style == "text" or (style == "auto" and stream.isatty())
    handler.setFormatter(TextFormatter() if in_words else JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in (*_QUIET, *(one for platform in PLATFORMS for one in platform.loggers)):
        logging.getLogger(name).setLevel(logging.WARNING)
