"""Where the time of a caption goes, and where that of a whole request does."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from functools import partial

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from benchmarks import photos
from benchmarks.measurement import Bench, Measurement, in_unit
from benchmarks.measurements.service import post, web_process
from benchmarks.models import engines, load
from benchmarks.parts import BEAMS, main_operators, seconds_of_parts, split
from benchmarks.processes import PLENTY
from benchmarks.results import Record
from benchmarks.spread import Figure
from captioner.captioner import BUNDLED
from captioner.checkpoint.file import read_file
from captioner.engines.base import openvino_refuses
from captioner.telemetry.stages import Stage
from tests.support.command import captionbot, until_ready
from tests.support.redis_server import free_port, running_redis

BETWEEN = "HTTP, Redis and the ways between"
REQUEST = "a request"
WHOLE = "all of it"
_PHOTO_BYTES = 200_000
_WARM_UP = 5
_STAGES = (Stage.INTAKE, Stage.WAITING, Stage.DECODE, Stage.MODEL, Stage.REPLY)


def _caption(engine: str, size: str, bench: Bench) -> Record:
    path = BUNDLED if size == "bundled" else bench.checkpoint
    if engine not in engines():
        return Record(skipped="OpenVINO is not installed")
    if engine == "openvino" and (reason := openvino_refuses(read_file(path))):
        return Record(skipped=reason)
    captioner, picture = load(path, engine=engine), photos.small()
    for _ in range(_WARM_UP):
        captioner.caption([picture], beam_size=BEAMS)
    rounds = []
    for number in range(bench.rounds(40)):
        rounds.append(seconds_of_parts(captioner, picture))
        bench.round_done(number)
    if engine == "torch":
        shares = main_operators(captioner, [photos.small(seed) for seed in range(3)])
        rounds = [split(one, shares) for one in rounds]
    return _told(rounds)


def _request(bench: Bench) -> Record:
    return asyncio.run(_one_by_one(bench))


async def _one_by_one(bench: Bench) -> Record:
    photo, port = photos.of_bytes(_PHOTO_BYTES), free_port()
    settings = {
        **PLENTY,
        "CAPTIONBOT_CHECKPOINT": str(bench.checkpoint),
        "CAPTIONBOT_DEVICE": "cpu",
        "CAPTIONBOT_METRICS_PORT": str(port),
        "OMP_NUM_THREADS": str(len(os.sched_getaffinity(0))),
    }
    with running_redis(bench.folder, appendonly=True) as redis:
        async with (
            web_process(bench.folder, redis) as (_, url),
            captionbot("worker", folder=bench.folder, REDIS_URL=redis.url, **settings),
            aiohttp.ClientSession() as client,
        ):
            await until_ready(client, url)
            rounds = []
            for number in range(_WARM_UP + bench.rounds(40)):
                before = await _stages(client, url, port)
                started = time.perf_counter()
                await post(client, url, photo)
                whole = time.perf_counter() - started
                after = await _stages(client, url, port)
                spent = {stage: after[stage] - before[stage] for stage in _STAGES}
                if not spent[Stage.MODEL]:
                    raise RuntimeError("the model was not asked")
                between = max(0.0, whole - sum(spent.values()))
                rounds.append({**{f"{stage}": spent[stage] for stage in _STAGES}, BETWEEN: between})
                bench.round_done(number)
    return _told(rounds[_WARM_UP:])


async def _stages(client: aiohttp.ClientSession, url: str, port: int) -> dict[Stage, float]:
    """The seconds that the bot and the worker have spent in each stage so far."""
    found = dict.fromkeys(_STAGES, 0.0)
    for address in (url, f"http://127.0.0.1:{port}"):
        async with client.get(f"{address}/metrics") as answer:
            answer.raise_for_status()
            families = text_string_to_metric_families(await answer.text())
        for sample in (one for family in families for one in family.samples):
            if sample.name == "captionbot_stage_seconds_sum":
                stage = Stage(sample.labels["stage"])
                if stage in found:
                    found[stage] += sample.value
    return found


def _told(rounds: Sequence[Mapping[str, float]]) -> Record:
    """The whole, and the share of each part in it, the largest first."""
    whole = [sum(one.values()) for one in rounds]
    shares = {
        part: Figure.of([100 * one[part] / sum(one.values()) for one in rounds], "%")
        for part in rounds[0]
    }
    ordered = sorted(shares.items(), key=lambda item: item[1].median, reverse=True)
    return Record({WHOLE: in_unit(whole, "ms"), **dict(ordered)})


MEASUREMENT = Measurement(
    name="profile",
    title="Where the time goes",
    about=(
        "One photo at a time, 5 beams. A caption: `Captioner.caption` from a decoded photo, its "
        "parts timed from outside; those of torch's encoder and decoder are divided further in the "
        "proportion that `torch.profiler` gives. A request: a photo of 200 kB by HTTP through "
        "`captionbot web`, Redis and `captionbot worker` with the full-size model and its own "
        "choice of engine, by the stages that the processes' metrics have."
    ),
    pieces={
        **{
            f"a caption, {engine}, {size}": partial(_caption, engine, size)
            for size in ("full size", "bundled")
            for engine in ("torch", "openvino")
        },
        REQUEST: _request,
    },
)
