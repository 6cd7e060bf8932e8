"""The log: lines for people on a terminal, JSON for programs; no secrets, no content.

Tokens are hidden in every record, whoever writes it and at whatever level: see `hide_in_logs`.

Every line about a request bears its short id, from the update to the answer, in the bot and in
the worker: see `captioner.telemetry.tracing`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TextIO

from bot.adapters.registry import PLATFORMS
from captioner.telemetry import tracing

# Libraries that speak at INFO of every request; httpx would even print the bot's token.
_QUIET = ("aiohttp", "asyncio", "httpx2", "openai", "PIL", "opentelemetry", "urllib3")
_NO_REQUEST = " " * tracing.ID_LENGTH
HIDDEN = "[token]"
_SHORTEST = 8  # characters; of what is shorter no token is made, and words of our own would match
# These log every URL, which may have the token in it, or every message, which is the people's own.
_TALKATIVE = tuple(name for platform in PLATFORMS for name in platform.loggers)


class TextFormatter(logging.Formatter):
    """`2026-11-24T14:02:11Z INFO    3fa9c2d1 bot.monitoring.request_metrics → telegram: queued`."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)-7s %(request)s %(name)-16s %(message)s", "%Y-%m-%dT%H:%M:%SZ"
        )
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        record.request = tracing.request_id.get() or _NO_REQUEST
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
        if request := tracing.request_id.get():
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


def start_logging(level: str, style: str = "auto", stream: TextIO | None = None) -> None:
    """Log to standard error from now on, in UTC; libraries only where something is wrong.

    `style` is text, json, or auto: text on a terminal and JSON otherwise.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    in_words = style == "text" or (style == "auto" and stream.isatty())
    handler.setFormatter(TextFormatter() if in_words else JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in (*_QUIET, *_TALKATIVE):
        logging.getLogger(name).setLevel(logging.WARNING)


_formatter = logging.Formatter()
_secrets: set[str] = set()
_patterns: set[re.Pattern[str]] = set()


def hide_in_logs(token: str, pattern: re.Pattern[str] | None = None) -> None:
    """Keep a token, or a webhook's secret, out of every log record from now on.

    Covers the message, its arguments, exception and stack texts; also half a token, for the part
    after the colon is the secret one. Of what fits the pattern, all behind its first group is
    hidden as well.
    """
    half = token.partition(":")[2]
    _secrets.update(text for text in (token.strip(), half.strip()) if len(text) >= _SHORTEST)
    if pattern is not None:
        _patterns.add(pattern)
    _install()
    for name in (*_TALKATIVE, *logging.Logger.manager.loggerDict):
        logger = logging.getLogger(name)
        talkative = name.partition(".")[0] in _TALKATIVE
        if talkative and logger.level < logging.WARNING:
            logger.setLevel(logging.WARNING)


def short(*kinds: type[BaseException]) -> Callable[[logging.LogRecord], bool]:
    """A filter for a logger: of such errors the name says more than a page of our calls."""

    def shorten(record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, kinds):
            record.msg, record.args = f"{record.getMessage()} ({type(error).__name__})", ()
            record.exc_info = record.exc_text = None
        return True

    return shorten


def redact(text: str) -> str:
    """The text without the tokens that were hidden."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern in _patterns:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text


@cache
def _install() -> None:
    """Once: handlers and loggers come and go, every record passes the factory."""
    make = logging.getLogRecordFactory()

    def make_clean(*args: object, **kwargs: object) -> logging.LogRecord:
        return _clean(make(*args, **kwargs))

    logging.setLogRecordFactory(make_clean)


def _clean(record: logging.LogRecord) -> logging.LogRecord:
    try:
        message = record.getMessage()
    except (TypeError, ValueError):  # arguments that do not fit: logging complains by itself
        message = f"{record.msg} {record.args}"
    if redact(message) != message:
        record.msg, record.args = redact(message), ()
    if record.exc_info and record.exc_info[0] is not None:
        text = _formatter.formatException(record.exc_info)
        if redact(text) != text:
            record.exc_text, record.exc_info = redact(text), None
    if record.stack_info:
        record.stack_info = redact(record.stack_info)
    return record
