"""How much memory processes take after some work, and how long they take to start."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import aiohttp

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, in_unit, side_by_side
from benchmarks.processes import (
    PLENTY,
    Bot,
    discord_bot,
    resident,
    scripted_worker_process,
    telegram_bot,
)
from benchmarks.results import Record, Statistic
from benchmarks.samples import answer, deliver, job
from captioner.queue import Limits
from captioner.queue.redis import RedisQueue
from tests.support.command import captionbot, environment, until_ready
from tests.support.redis_server import free_port, running_redis
from tests.support.web_server import form

_PHOTOS = 32


def _worker_settings(checkpoint: str, bench: BenchContext) -> dict[str, str]:
    """Of a worker on all cores, with the full-size model or the bundled one."""
    return {
        "CAPTIONBOT_CHECKPOINT": str(bench.checkpoint) if checkpoint == "full size" else "",
        "CAPTIONBOT_DEVICE": "cpu",
        "OMP_NUM_THREADS": str(len(os.sched_getaffinity(0))),
    }


def _working_memory(checkpoint: str, bench: BenchContext) -> Record:
    return asyncio.run(_worked(bench.folder, _worker_settings(checkpoint, bench)))


async def _worked(folder: Path, settings: dict[str, str]) -> Record:
    with running_redis(folder) as redis:
        async with (
            captionbot("worker", folder=folder, REDIS_URL=redis.url, **settings) as worker,
            RedisQueue(redis.url, Limits()) as queue,
        ):
            await worker.until("is ready")
            idle, _ = resident(worker.pid)
            for _ in range(_PHOTOS):
                await queue.submit(job())
            left = _PHOTOS
            while left > 0:
                left -= await deliver(queue)
            return _told(worker.pid, idle)


def _bot(role: str, bench: BenchContext) -> Record:
    return asyncio.run(_BOTS[role](bench.folder))


async def _chatting(bot: Bot) -> Record:
    idle, _ = resident(bot.command.pid)
    for number in range(_PHOTOS):
        await bot.send(samples.of_bytes(200_000, number % 4))
        await answer(bot.queue, await bot.queue.take("bench", max_batch=1, wait=60))
        await bot.until(partial(_answered, bot, number + 1))
    return _told(bot.command.pid, idle)


def _answered(bot: Bot, count: int) -> bool:
    return len(bot.answers()) >= count


async def _telegram(folder: Path) -> Record:
    async with telegram_bot(folder) as bot:
        return await _chatting(bot)


async def _discord(folder: Path) -> Record:
    async with discord_bot(folder) as bot:
        return await _chatting(bot)


async def _web(folder: Path) -> Record:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running_redis(folder) as redis:
        settings = {**PLENTY, "CAPTIONBOT_WEB_PORT": str(port), "REDIS_URL": redis.url}
        async with (
            captionbot("web", folder=folder, **settings) as web,
            scripted_worker_process(redis.url, "captionbot"),
            aiohttp.ClientSession() as client,
        ):
            await until_ready(client, url)
            idle, _ = resident(web.pid)
            for seed in range(_PHOTOS):
                data = form(samples.of_bytes(200_000, seed % 4))
                async with client.post(f"{url}/api/captions", data=data) as said:
                    said.raise_for_status()
            return _told(web.pid, idle)


_BOTS = {"telegram": _telegram, "discord": _discord, "web": _web}


def _told(pid: int, idle: float) -> Record:
    own, children = resident(pid)
    figures = {
        "resident": Statistic.exactly(own, "MB"),
        "resident when idle": Statistic.exactly(idle, "MB"),
    }
    if children:
        figures["its decoding process"] = Statistic.exactly(children, "MB")
    return Record(figures)


MEMORY = Measurement(
    name="memory",
    title="Memory",
    about=(
        f"Resident memory of real processes after {_PHOTOS} photos: workers that were given all "
        "of them at once, bots that were sent 200 kB each, one after the other."
    ),
    pieces={
        "worker, full size": partial(_working_memory, "full size"),
        "worker, bundled": partial(_working_memory, "bundled"),
        **{role: partial(_bot, role) for role in _BOTS},
    },
)


def _help(bench: BenchContext) -> Record:
    times = _timed(bench, {"whole": ["-m", "bot.cli", "--help"], "python alone": ["-c", "pass"]})
    return Record({name: in_unit(taken, "s") for name, taken in times.items()})


def _doctor(bench: BenchContext) -> Record:
    """To the first thing that it says, and to its end: it really tries what it tells of."""
    first: list[float] = []

    def run() -> None:
        started = time.perf_counter()
        command = [sys.executable, "-m", "bot.cli", "doctor"]
        with subprocess.Popen(
            command,
            cwd=bench.folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as doctor:
            assert doctor.stdout is not None
            doctor.stdout.readline()
            first.append(time.perf_counter() - started)
            doctor.stdout.read()

    times = side_by_side(
        {"whole": run},
        rounds=bench.rounds(15),
        seconds=bench.seconds(60),
        after_round=bench.round_done,
    )
    return Record(
        {"to its first line": in_unit(first[1:], "s"), "whole": in_unit(times["whole"], "s")},
        note="without tokens and Redis",
    )


def _timed(bench: BenchContext, commands: dict[str, list[str]]) -> dict[str, list[float]]:
    def run(arguments: list[str]) -> None:
        subprocess.run(
            [sys.executable, *arguments], cwd=bench.folder, env=environment(), check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    return side_by_side(
        {name: partial(run, arguments) for name, arguments in commands.items()},
        rounds=bench.rounds(15),
        seconds=bench.seconds(90),
        after_round=bench.round_done,
    )


def _worker_start(checkpoint: str, bench: BenchContext) -> Record:
    times = asyncio.run(_ready(bench, _worker_settings(checkpoint, bench)))
    libraries = _timed(bench, {"import torch": ["-c", "import torch, torchvision"]})
    return Record(
        {
            "to ready": in_unit(times, "s"),
            "python and torch alone": in_unit(libraries["import torch"], "s"),
        }
    )


async def _ready(bench: BenchContext, settings: dict[str, str]) -> list[float]:
    times = []
    with running_redis(bench.folder) as redis:
        for number in range(bench.rounds(6) + 1):
            started = time.perf_counter()
            async with captionbot(
                "worker", folder=bench.folder, REDIS_URL=redis.url, **settings
            ) as worker:
                await worker.until("is ready")
                times.append(time.perf_counter() - started)
            bench.round_done(number)
    return times[1:]  # the first one warms the disk


START = Measurement(
    name="start",
    title="Starting",
    about=(
        "From the start of the process to its end, for `captionbot worker` to its line that it is "
        "ready, with files that were read before. Beside it what Python, and importing torch, take "
        "without any of our code."
    ),
    pieces={
        "--help": _help,
        "doctor": _doctor,
        "worker, full size": partial(_worker_start, "full size"),
        "worker, bundled": partial(_worker_start, "bundled"),
    },
)
