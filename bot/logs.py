"""The log: lines for people on standard error, no secrets, no content."""

from __future__ import annotations

import logging
import sys
import time

_FORMAT = "%(asctime)s %(levelname)-7s %(name)-12s %(message)s"
# Libraries that speak at INFO of every request; httpx would even print the bot's token.
_QUIET = ("httpx", "httpcore", "telegram", "telegram.ext", "discord", "aiohttp", "asyncio", "PIL")


def start_logging(level: str) -> None:
    """Log to standard error from now on, in UTC; libraries only where something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter(_FORMAT, datefmt="%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
