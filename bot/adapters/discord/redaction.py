"""Keeps out of the logs what discord.py would put there."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

_LOGGERS = ("discord", "aiohttp", "asyncio", "bot")  # and all below them
_ANSWERABLE = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s'\"?)]+")
_HIDDEN = "…"
_OUTSIDE = (
    OSError,
    aiohttp.ClientError,
    asyncio.TimeoutError,
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
)


class Redaction(logging.Filter):
    """Takes the bot's token and the tokens of interactions out of every record.

    discord.py's records below INFO are dropped, for they hold whole messages: what people wrote,
    their names, and their photos' addresses.
    """

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.INFO and record.name.split(".")[0] in {"discord", "aiohttp"}:
            return False
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            if record.name.startswith("discord") and isinstance(error, _OUTSIDE):
                # The network, or Discord: its name says more than a page of our calls.
                record.msg, record.args = f"{record.getMessage()} ({type(error).__name__})", ()
            else:
                lines = traceback.format_exception(error)
                record.exc_text = self.clean("".join(lines)).rstrip()
            record.exc_info = None
        said = record.getMessage()
        cleaned = self.clean(said)
        if cleaned != said:
            record.msg, record.args = cleaned, ()
        return True

    def clean(self, said: str) -> str:
        """A text without secrets."""
        return _ANSWERABLE.sub(rf"\g<1>{_HIDDEN}", said.replace(self._token, _HIDDEN))


@contextmanager
def redacted(token: str) -> Iterator[None]:
    """While the context lasts, nothing logged on the way to Discord shows a secret."""
    redaction = Redaction(token)
    known = list(logging.Logger.manager.loggerDict)
    names = [name for name in {*_LOGGERS, *known} if name.split(".")[0] in _LOGGERS]
    loggers = [logging.getLogger(name) for name in names]
    for logger in loggers:
        logger.addFilter(redaction)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(redaction)
