"""Where the time of a caption goes, and where that of a whole request does."""

from __future__ import annotations

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

import aiohttp
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families
from torch.profiler import ProfilerActivity, profile, record_function

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, in_unit
from benchmarks.measurements.service import post, web_process
from benchmarks.models import engines, load
from benchmarks.processes import PLENTY
from benchmarks.results import Record, Statistic
from captioner.captioner import BUNDLED, Captioner
from captioner.checkpoint.file import read_file
from captioner.engines.base import openvino_refuses
from captioner.engines.torch_engine import TorchEngine
from captioner.telemetry.tracing import Stage
from tests.support.command import captionbot, until_ready
from tests.support.redis_server import free_port, running_redis

BETWEEN = "HTTP, Redis and the ways between"
REQUEST = "a request"
WHOLE = "all of it"
_PHOTO_BYTES = 200_000
_WARM_UP = 5
_STAGES = (Stage.INTAKE, Stage.WAITING, Stage.DECODE, Stage.MODEL, Stage.REPLY)


def _caption(engine: str, size: str, bench: BenchContext) -> Record:
    path = BUNDLED if size == "bundled" else bench.checkpoint
    if engine not in engines():
        return Record(skipped="OpenVINO is not installed")
    if engine == "openvino" and (reason := openvino_refuses(read_file(path))):
        return Record(skipped=reason)
    captioner, picture = load(path, engine=engine), samples.small()
    for _ in range(_WARM_UP):
        captioner.caption([picture], beam_size=BEAMS)
    rounds = []
    for number in range(bench.rounds(40)):
        rounds.append(seconds_of_parts(captioner, picture))
        bench.round_done(number)
    if engine == "torch":
        shares = main_operators(captioner, [samples.small(seed) for seed in range(3)])
        rounds = [split(one, shares) for one in rounds]
    return _told(rounds)


def _request(bench: BenchContext) -> Record:
    return asyncio.run(_one_by_one(bench))


async def _one_by_one(bench: BenchContext) -> Record:
    photo, port = samples.of_bytes(_PHOTO_BYTES), free_port()
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
        part: Statistic.of([100 * one[part] / sum(one.values()) for one in rounds], "%")
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


BEAMS = 5

PIXELS = "photo to pixels"
ENCODER = "encoder"
START = "what the search starts with"
STEPS = "decoder's steps"
SEARCH = "search beside them"
SENTENCES = "sentences"
CONVOLUTIONS, OTHER_LAYERS = "encoder: convolutions", "encoder: the rest"
PRODUCTS, THE_REST = "decoder's steps: matrix products", "decoder's steps: the rest"

_SPLIT: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    ENCODER: (CONVOLUTIONS, OTHER_LAYERS, ("conv",)),
    STEPS: (PRODUCTS, THE_REST, ("aten::addmm", "aten::mm", "aten::bmm", "aten::linear")),
}
_AsPart = Callable[[str, Callable[..., Any]], Callable[..., Any]]


class Clock:
    """Adds up the seconds of parts; those of a part inside another count for the inner one."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def part(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time added to a part."""

        def timed(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
            started = time.perf_counter()
            self._inside.append(0.0)
            try:
                return function(*arguments, **named)
            finally:
                taken = time.perf_counter() - started
                self.seconds[name] += taken - self._inside.pop()
                if self._inside:
                    self._inside[-1] += taken

        return timed


def seconds_of_parts(captioner: Captioner, photo: Image.Image) -> dict[str, float]:
    """The seconds of one photo's caption, by part."""
    clock = Clock()
    with _watched(captioner, clock.part):
        clock.part(SENTENCES, captioner.caption)([photo], beam_size=BEAMS)
    return dict(clock.seconds)


def main_operators(captioner: Captioner, photos: Sequence[Image.Image]) -> dict[str, float]:
    """Of an encoder's and a decoder's time on torch, the share (0…1) of their main operators.

    As torch's profiler sees it. It slows small operators down, so the shares are all that is taken
    from it.
    """
    main, whole = dict.fromkeys(_SPLIT, 0.0), dict.fromkeys(_SPLIT, 0.0)
    with _watched(captioner, _labelled), profile(activities=[ProfilerActivity.CPU]) as seen:
        for photo in photos:
            captioner.caption([photo], beam_size=BEAMS)
    for event in seen.events() or []:
        above: Any = event
        while above is not None and above.name not in _SPLIT:
            above = above.cpu_parent
        if above is not None:
            whole[above.name] += event.self_cpu_time_total
            if any(name in event.name for name in _SPLIT[above.name][2]):
                main[above.name] += event.self_cpu_time_total
    return {part: main[part] / whole[part] for part in _SPLIT}


def split(seconds: Mapping[str, float], shares: Mapping[str, float]) -> dict[str, float]:
    """Encoder and steps each in two, by the shares of their main operators."""
    found: dict[str, float] = {}
    for part, value in seconds.items():
        if part in shares:
            main, other, _ = _SPLIT[part]
            found |= {main: value * shares[part], other: value * (1 - shares[part])}
        else:
            found[part] = value
    return found


def _labelled(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def labelled(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
        with record_function(name):
            return function(*arguments, **named)

    return labelled


@contextmanager
def _watched(captioner: Captioner, as_part: _AsPart) -> Iterator[None]:
    """While inside, the functions that make up a captioner's parts tell of themselves."""
    engine: Any = captioner._engine
    watched: list[tuple[Any, str, str]] = [
        (captioner, "pixels", PIXELS), (engine, "encode", ENCODER), (engine, "search", SEARCH),
    ]  # fmt: skip
    if isinstance(engine, TorchEngine):
        decoder = engine.checkpoint.decoder
        watched += [(decoder, "start_search", START), (decoder, "step", STEPS)]
    with ExitStack() as stack:
        if not isinstance(engine, TorchEngine):
            steps = {code: as_part(STEPS, step) for code, step in engine._steps.items()}
            stack.enter_context(patch.dict(engine._steps, steps))
        for owner, name, part in watched:
            doing = as_part(part, getattr(owner, name))
            stack.enter_context(patch.object(owner, name, doing))
        yield
