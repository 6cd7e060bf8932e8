"""A real redis-server on a free port of this machine, to be started, stopped and killed."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class RedisServer:
    """One redis-server, its port its own for as long as the object lives.

    `directory` is where it logs, and where it keeps an append-only file if `appendonly`.
    """

    def __init__(self, directory: Path, *options: str, appendonly: bool = False) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._directory = directory
        # Synchronised once a second, the file lacks what was answered last when a disk is slow.
        written = ["yes", "--appendfsync", "always"] if appendonly else ["no"]
        self._options = ["--appendonly", *written, *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, seconds: float = 30.0) -> None:
        """Returns once the server answers."""
        assert self._process is None
        self._process = subprocess.Popen(
            [
                "redis-server",
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                str(self._directory),
                "--logfile",
                "redis.log",
                *self._options,
            ],
            restore_signals=False,  # a file that may not grow is an error of writing, no end
        )
        deadline = time.monotonic() + seconds
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = (self._directory / "redis.log").read_text(errors="replace")
                self.kill()
                raise RuntimeError(f"redis-server does not start:\n{log[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """The server shuts down as an operator would have it."""
        self._end(kill=False)

    def kill(self) -> None:
        """The server dies in the middle of whatever it does."""
        self._end(kill=True)

    @property
    def pid(self) -> int:
        """Of the running server."""
        assert self._process is not None
        return self._process.pid

    def pause(self) -> None:
        """The server is there and does nothing."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """The server goes on after a pause."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _end(self, *, kill: bool) -> None:
        if self._process is not None:
            self._process.kill() if kill else self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(b"PING\r\n")
                # An error is an answer too, save that it is loading: a password may be wanted.
                answer = connection.recv(64)
                return bool(answer) and not answer.startswith(b"-LOADING")
        except OSError:
            return False


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_redis(
    directory: Path, *options: str, appendonly: bool = False
) -> Iterator[RedisServer]:
    """A RedisServer that has been started, and is gone afterwards."""
    server = RedisServer(directory, *options, appendonly=appendonly)
    server.start()
    try:
        yield server
    finally:
        server.kill()
