"""How much memory the processes of a deployment take, after some work."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path

import aiohttp

from benchmarks import photos
from benchmarks.measurement import BenchContext, Measurement
from benchmarks.platforms import Bot, discord_bot, telegram_bot
from benchmarks.processes import PLENTY, resident, scripted_worker_process
from benchmarks.results import Record, Statistic
from benchmarks.wire import answer, deliver, job
from captioner.queue import Limits
from captioner.queue.redis import RedisQueue
from tests.support.command import captionbot, until_ready
from tests.support.redis_server import free_port, running_redis
from tests.support.web_server import form

_PHOTOS = 32


def _worker(checkpoint: str, bench: BenchContext) -> Record:
    path = str(bench.checkpoint) if checkpoint == "full size" else ""
    return asyncio.run(_working(bench.folder, path))


async def _working(folder: Path, checkpoint: str) -> Record:
    settings = {
        "CAPTIONBOT_CHECKPOINT": checkpoint,
        "CAPTIONBOT_DEVICE": "cpu",
        "OMP_NUM_THREADS": str(len(os.sched_getaffinity(0))),
    }
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
        await bot.send(photos.of_bytes(200_000, number % 4))
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
                data = form(photos.of_bytes(200_000, seed % 4))
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


MEASUREMENT = Measurement(
    name="memory",
    title="Memory",
    about=(
        f"Resident memory of real processes after {_PHOTOS} photos: workers that were given all "
        "of them at once, bots that were sent 200 kB each, one after the other."
    ),
    pieces={
        "worker, full size": partial(_worker, "full size"),
        "worker, bundled": partial(_worker, "bundled"),
        **{role: partial(_bot, role) for role in _BOTS},
    },
)
