"""How long commands take to start."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from functools import partial

from benchmarks.measurement import BenchContext, Measurement, in_unit, side_by_side
from benchmarks.results import Record
from tests.support.command import captionbot, environment
from tests.support.redis_server import running_redis


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


def _worker(checkpoint: str, bench: BenchContext) -> Record:
    path = str(bench.checkpoint) if checkpoint == "full size" else ""
    times = asyncio.run(_ready(bench, path))
    libraries = _timed(bench, {"import torch": ["-c", "import torch, torchvision"]})
    return Record(
        {
            "to ready": in_unit(times, "s"),
            "python and torch alone": in_unit(libraries["import torch"], "s"),
        }
    )


async def _ready(bench: BenchContext, checkpoint: str) -> list[float]:
    settings = {
        "CAPTIONBOT_CHECKPOINT": checkpoint,
        "CAPTIONBOT_DEVICE": "cpu",
        "OMP_NUM_THREADS": str(len(os.sched_getaffinity(0))),
    }
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


MEASUREMENT = Measurement(
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
        "worker, full size": partial(_worker, "full size"),
        "worker, bundled": partial(_worker, "bundled"),
    },
)
