"""Log records that never show the bot token, whoever writes them and at whatever level."""

from __future__ import annotations

import logging
from functools import cache

HIDDEN = "[token]"
_SHORTEST = 8  # characters; of what is shorter no token is made, and words of our own would match
# These log every URL, which has the token in it, or every message, which is the people's own.
_TALKATIVE = ("httpx", "httpcore", "telegram")

_formatter = logging.Formatter()
_secrets: set[str] = set()


def hide_in_logs(token: str) -> None:
    """Keep a token, or a webhook's secret, out of every log record from now on.

    Covers the message, its arguments, exception and stack texts; also half a token, for the part
    after the colon is the secret one.
    """
    half = token.partition(":")[2]
    _secrets.update(text for text in (token.strip(), half.strip()) if len(text) >= _SHORTEST)
    _install()
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if logger.level < logging.WARNING:
            logger.setLevel(logging.WARNING)


def redact(text: str) -> str:
    """The text without the tokens that were hidden."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
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
