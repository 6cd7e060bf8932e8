"""The `captionbot` command as a person runs it: a process, its settings, what it says.

`captionbot` runs for as long as a test wants; `finished` is for commands that end by themselves.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.cli import main

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


# Commands begin in a process that has imported what they need: that takes longer than most of them.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [__name__, "bot.cli.caption_files", "captioner.cli.model", "captioner.engines.openvino_engine"]
)


def finished(*arguments: object, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder until it ends; standard input is empty."""
    command = [str(argument) for argument in arguments]
    with tempfile.TemporaryDirectory() as streams:
        out, err = Path(streams, "out"), Path(streams, "err")
        process = _FORKS.Process(
            target=_run, args=(command, folder, environment(**settings), out, err)
        )
        process.start()
        process.join(2 * PATIENCE)
        status = process.exitcode
        if status is None:
            process.kill()
            raise TimeoutError(f"{command} does not end")
        process.close()
        return subprocess.CompletedProcess(
            command, status, out.read_text("utf-8"), err.read_text("utf-8")
        )


def _run(
    arguments: list[str], folder: Path, variables: dict[str, str], out: Path, err: Path
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["captionbot", *arguments]
    main()


@asynccontextmanager
async def captionbot(
    *arguments: str, folder: Path, module: Sequence[str] = ("bot.cli",), **settings: str
) -> AsyncIterator[Command]:
    """Run the command in a folder; it is stopped at the end.

    `module` is what runs it, with arguments of its own.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *module,
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
