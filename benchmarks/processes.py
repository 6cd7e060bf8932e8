"""Processes that are measured: started, asked how much they used, stopped."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import psutil

# Settings under which nobody is ever refused or, if workers have them too, answered from the cache.
PLENTY: Mapping[str, str] = {
    "CAPTIONBOT_WEB_PER_MINUTE": "10000",
    "CAPTIONBOT_PERSON_PER_MINUTE": "10000",
    "CAPTIONBOT_PER_PERSON": "1000",
    "CAPTIONBOT_CACHE_HOURS": "0",
}


@asynccontextmanager
async def scripted_worker_process(
    url: str,
    prefix: str,
    name: str = "scripted",
    *,
    max_batch: int = 16,
    batch_seconds: float = 0.0,
    photo_seconds: float = 0.0,
) -> AsyncIterator[None]:
    """A worker in a process of its own whose model takes a known time; ready when entered.

    Its answers are not kept, so the same photo is work for it again.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.worker_process", url, prefix, name,
        "--max-batch", str(max_batch),
        "--batch-seconds", str(batch_seconds),
        "--photo-seconds", str(photo_seconds),
        "--cache-for", "0",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = await process.stdout.readline()
        if said.strip() != b"ready":
            raise RuntimeError(f"the scripted worker does not start: {said!r}")
        draining = asyncio.create_task(process.stdout.read())
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    await draining


def processor_seconds(pid: int) -> float:
    """Processor time that a process and its children have used, those that have ended included."""
    own, *children = [one.cpu_times() for one in _family(pid)]
    ended = own.children_user + own.children_system
    return float(ended + sum(one.user + one.system for one in (own, *children)))


def own_processor_seconds(pid: int) -> float:
    """Processor time that a process itself has used."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def resident(pid: int) -> tuple[float, float]:
    """Resident megabytes of a process, and of its children together."""
    own, *children = [one.memory_info().rss / 1e6 for one in _family(pid)]
    return own, sum(children)


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]
