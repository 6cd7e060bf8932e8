"""Commands that run the bot, or a part of it."""

from __future__ import annotations


def _serve(role: str) -> None:
    from bot.cli.host import serve

    serve(role)


def run() -> None:
    """Everything in one process: the page, the bots, a worker.

    Telegram and Discord are there where a token is set. The queue lives in the process unless
    REDIS_URL is set.
    """
    _serve("run")


def telegram() -> None:
    """The Telegram bot alone; needs TELEGRAM_BOT_TOKEN and REDIS_URL."""
    _serve("telegram")


def discord() -> None:
    """The Discord bot alone; needs DISCORD_BOT_TOKEN and REDIS_URL."""
    _serve("discord")


def web() -> None:
    """The web page and the HTTP interface alone; needs REDIS_URL."""
    _serve("web")


def worker() -> None:
    """A worker alone: captions the photos of the queue at REDIS_URL."""
    _serve("worker")
