"""The `captionbot` command as a person runs it: a process, its settings, what it says."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

PATIENCE = 90.0  # seconds; a busy machine takes its time to import torch


class Command:
    """A running `captionbot`; what it writes to standard error is kept in `lines`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.lines.append(line.decode(errors="replace").rstrip())
            async with self._news:
                self._news.notify_all()
        async with self._news:
            self._news.notify_all()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    async def until(self, text: str) -> None:
        """Wait until it has said something; raises if it ends without having said so."""

        def said() -> bool:
            return any(text in line for line in self.lines)

        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: said() or self._reading.done())
        assert said(), f"ended without saying {text!r}:\n{self.log}"

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def stopped(self) -> int:
        """Ask it to stop, and wait until it has; its exit status."""
        if self._process.returncode is None:
            self.send(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE):
            status = await self._process.wait()
            await self._reading
        return status


def environment(**settings: str) -> dict[str, str]:
    """This process's environment without any setting of ours, and with these."""
    ours = ("CAPTIONBOT_", "TELEGRAM_", "DISCORD_", "REDIS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "OMP_NUM_THREADS": "1", **settings}


@asynccontextmanager
async def captionbot(*arguments: str, folder: Path, **settings: str) -> AsyncIterator[Command]:
    """Run the command in a folder; it is stopped at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.cli",
        *arguments,
        cwd=folder,
        env=environment(**settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    command = Command(process)
    try:
        yield command
    finally:
        if process.returncode is None:
            await command.stopped()
        await command.ended()


async def until_ready(client: aiohttp.ClientSession, url: str) -> None:
    """Wait until a page says that it can caption."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with client.get(f"{url}/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)
