"""Commands that run the bot, or a part of it."""

from __future__ import annotations

from collections.abc import Callable

from bot.adapters.registry import Platform


def _serve(role: str) -> None:
    from bot.cli.host import serve

    serve(role)


def run() -> None:
    """Everything in one process: the page, the bots, a worker.

    A chat platform is there where its token is set. The queue lives in the process unless
    REDIS_URL is set.
    """
    _serve("run")


def role_of(platform: Platform) -> Callable[[], None]:
    """The command that runs a platform's bot alone."""

    def command() -> None:
        _serve(platform.name)

    command.__name__ = platform.name
    command.__doc__ = f"The {platform.title} bot alone; needs {platform.token} and REDIS_URL."
    return command


def web() -> None:
    """The web page and the HTTP interface alone; needs REDIS_URL."""
    _serve("web")


def worker() -> None:
    """A worker alone: captions the photos of the queue at REDIS_URL."""
    _serve("worker")
