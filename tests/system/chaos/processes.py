"""Processes that are started again whenever they end, as a service manager does it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

_PAUSE = 0.3  # seconds between an end and the next start
_PATIENCE = 60.0  # seconds for which a process may take to stop


class Service:
    """One process of ours; its log is `FOLDER/NAME.log`."""

    def __init__(
        self, name: str, arguments: Sequence[str], settings: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.ends: Counter[int] = Counter()  # by exit status; of a signal: its number, negative
        self._arguments, self._settings, self._folder = arguments, settings, folder
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and again whenever it ends."""
        await self._start()
        self._watching = asyncio.create_task(self._watch(), name=self.name)

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it runs."""
        if self._process is not None and self._process.returncode is None:
            # Not by asyncio: that may find out here that it ended, and loses how.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    async def stop(self) -> int:
        """Ask it to stop, and wait until it has; its exit status."""
        self._stopping = True
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        assert self._watching is not None
        assert self._process is not None
        try:
            async with asyncio.timeout(_PATIENCE):
                await asyncio.shield(self._watching)
        except TimeoutError:
            await self.end()
        return self._process.returncode or 0

    async def end(self) -> None:
        """Have it gone at once."""
        self._stopping = True
        self.send(signal.SIGKILL)
        if self._watching is not None:
            await asyncio.gather(self._watching, return_exceptions=True)

    async def _start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._arguments,
                cwd=self._folder,
                env=dict(self._settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def _watch(self) -> None:
        while self._process is not None:
            self.ends[await self._process.wait()] += 1
            if self._stopping:
                return
            await asyncio.sleep(_PAUSE)
            if self._stopping:
                return
            await self._start()
