"""A command on a terminal: what a person would see."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

_PATIENCE = 100.0  # seconds
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A process on a terminal of 100 columns; its standard output may go to a file instead."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        folder: Path,
        environment: Mapping[str, str],
        stdout: IO[bytes] | None = None,
    ) -> None:
        self._ours, theirs = pty.openpty()
        self._said = b""
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"},
            stdin=subprocess.DEVNULL,
            stdout=stdout or theirs,
            stderr=theirs,
        )
        os.close(theirs)

    @property
    def text(self) -> str:
        """All that it was sent, without colours, with returns to the start of a line."""
        return _ESCAPES.sub("", self._said.decode(errors="replace"))

    @property
    def raw(self) -> bytes:
        """All that it was sent."""
        return self._said

    def read_until(self, text: str | None) -> None:
        """Read until it has shown a text, or with None until the command has ended."""
        deadline = time.monotonic() + _PATIENCE
        while text is None or text not in self.text:
            assert time.monotonic() < deadline, self.text
            if not select.select([self._ours], [], [], 1.0)[0]:
                continue
            try:
                more = os.read(self._ours, 65536)
            except OSError:  # the other end is closed
                more = b""
            if not more:
                assert text is None, self.text
                self.process.wait(_PATIENCE)
                return
            self._said += more

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(_PATIENCE)
        os.close(self._ours)
