"""The whole service, photo bytes in by HTTP and caption out, beside the model alone."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, in_unit, side_by_side_async
from benchmarks.models import engines, load
from benchmarks.processes import PLENTY, processor_seconds, scripted_worker_process
from benchmarks.results import Record, Statistic, percentile, ratios
from bot.media.sanitizer import Intake
from tests.support.command import Command, captionbot, until_ready
from tests.support.redis_server import RedisServer, free_port, running_redis

BATCH = 16
_BATCHES = 3  # a round
_IN_FLIGHT = 2 * BATCH
_PHOTO_BYTES = 200_000
# Put together here and not by aiohttp: whoever sends a photo has a machine of their own elsewhere.
_BEFORE = (
    b'--end\r\nContent-Disposition: form-data; name="photo"; filename="p.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n"
)


def _throughput(engine: str, bench: BenchContext) -> Record:
    if engine not in engines():
        return Record(skipped="OpenVINO is not installed")
    return asyncio.run(_beside_bare(engine, bench))


async def _beside_bare(engine: str, bench: BenchContext) -> Record:
    captioner = load(bench.checkpoint, engine=engine)
    pictures = [samples.small(seed) for seed in range(BATCH)]
    files = [samples.of_bytes(_PHOTO_BYTES, seed) for seed in range(BATCH)]
    model = {
        **PLENTY,
        "CAPTIONBOT_CHECKPOINT": str(bench.checkpoint),
        "CAPTIONBOT_DEVICE": "cpu",
        "CAPTIONBOT_ENGINE": engine,
        "OMP_NUM_THREADS": str(len(os.sched_getaffinity(0))),
    }
    with running_redis(bench.folder, appendonly=True) as redis:
        async with (
            web_process(bench.folder, redis) as (web, url),
            captionbot("worker", folder=bench.folder, REDIS_URL=redis.url, **model) as worker,
            aiohttp.ClientSession() as client,
        ):
            await worker.until("is ready")
            await until_ready(client, url)
            before = processor_seconds(web.pid)

            async def bare() -> None:
                for _ in range(_BATCHES):
                    await asyncio.to_thread(captioner.caption, pictures, beam_size=5, n_best=3)

            async def service() -> None:
                left = iter(files * _BATCHES)

                async def person(address: str) -> None:
                    for photo in left:
                        await post(client, url, photo, address)

                await asyncio.gather(*(person(f"10.0.0.{n}") for n in range(_IN_FLIGHT)))

            times = await side_by_side_async(
                {"bare": bare, "service": service},
                rounds=bench.rounds(6),
                seconds=bench.seconds(180),
                after_round=bench.round_done,
            )
            spent = (processor_seconds(web.pid) - before) / (len(times["service"]) + 1)
    count = BATCH * _BATCHES
    return Record(
        {
            "service / bare": ratios(times["bare"], times["service"]),
            "bare": Statistic.of([count / t for t in times["bare"]], "/s"),
            "service": Statistic.of([count / t for t in times["service"]], "/s"),
            "web process's processor time, a photo": Statistic.exactly(spent / count * 1e3, "ms"),
        },
        note=f"photos of {_PHOTO_BYTES // 1000} kB, {_IN_FLIGHT} in flight",
    )


def _latency(bench: BenchContext) -> Record:
    return asyncio.run(_one_at_a_time(bench))


async def _one_at_a_time(bench: BenchContext) -> Record:
    photo = samples.of_bytes(_PHOTO_BYTES)
    taken: list[float] = []
    decoding: list[float] = []
    with running_redis(bench.folder, appendonly=True) as redis:
        async with (
            scripted_worker_process(redis.url, "captionbot"),
            web_process(bench.folder, redis) as (_, url),
            Intake() as intake,
            aiohttp.ClientSession() as client,
        ):
            await until_ready(client, url)
            for number in range(bench.rounds(300) + 20):
                started = time.perf_counter()
                await post(client, url, photo)
                answered = time.perf_counter()
                await intake.clean(photo)
                if number >= 20:
                    taken.append(answered - started)
                    decoding.append(time.perf_counter() - answered)
                if number % 20 == 0:
                    bench.round_done(number)
    beside = [max(0.0, whole - decoded) for whole, decoded in zip(taken, decoding, strict=True)]
    return Record(
        {
            "p50": Statistic.exactly(percentile(taken, 0.5) * 1e3, "ms"),
            "p99": Statistic.exactly(percentile(taken, 0.99) * 1e3, "ms"),
            "p50 beside decoding": Statistic.exactly(percentile(beside, 0.5) * 1e3, "ms"),
            "p99 beside decoding": Statistic.exactly(percentile(beside, 0.99) * 1e3, "ms"),
            "decoding alone": in_unit(decoding, "ms"),
        },
        note=f"{len(taken)} photos of {_PHOTO_BYTES // 1000} kB, one at a time",
    )


async def post(
    client: aiohttp.ClientSession, url: str, photo: bytes, address: str = "10.0.0.1"
) -> None:
    """A photo's caption, for somebody at an address."""
    headers = {"X-Forwarded-For": address, "Content-Type": "multipart/form-data; boundary=end"}
    body = b"\r\n".join((_BEFORE, photo, b"--end--\r\n"))
    async with client.post(f"{url}/api/captions", data=body, headers=headers) as answer:
        if answer.status != 200:
            raise RuntimeError(f"the service answered {answer.status}: {await answer.text()}")
        await answer.read()


@asynccontextmanager
async def web_process(folder: Path, redis: RedisServer) -> AsyncIterator[tuple[Command, str]]:
    """`captionbot web`, with no limit that a benchmark would meet, and its address."""
    port = free_port()
    settings = {
        **PLENTY,
        "CAPTIONBOT_WEB_PORT": str(port),
        "CAPTIONBOT_TRUSTED_PROXIES": "127.0.0.1",  # so that there are many people
        "REDIS_URL": redis.url,
    }
    async with captionbot("web", folder=folder, **settings) as web:
        await web.until("the page is at")
        yield web, f"http://127.0.0.1:{port}"


MEASUREMENT = Measurement(
    name="service",
    title="The whole service",
    about=(
        "Real processes: `captionbot web`, `captionbot worker`, redis-server with append-only "
        "file, and a client that posts photos of 200 kB. Throughput: the full-size model behind "
        "the service, beside `Captioner.caption` on decoded photos in batches of 16, in turns on "
        "the same cores. Latency: the model replaced by one that answers at once, so the whole "
        "time of a request is what the service adds, the decoding of the photo included."
    ),
    pieces={
        "throughput, torch": partial(_throughput, "torch"),
        "throughput, int8": partial(_throughput, "openvino"),
        "latency": _latency,
    },
)
