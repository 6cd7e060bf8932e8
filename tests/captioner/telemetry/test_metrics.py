"""What a worker counts, from a real queue and a scripted model."""

from __future__ import annotations

import asyncio

import pytest
import torch
from prometheus_client import generate_latest

from captioner.cli.model import watch_gpu
from captioner.queue import JobQueue
from captioner.telemetry import metrics
from captioner.telemetry.metrics import REGISTRY
from tests.captioner.conftest import OpenQueue
from tests.captioner.worker.helpers import LONG, replies
from tests.support.jobs import make_job
from tests.support.scripted_worker import jpeg, scripted_worker


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def jobs(outcome: str, platform: str = "telegram") -> float:
    return value("captionbot_jobs_total", platform=platform, outcome=outcome)


async def test_jobs_by_platform_and_outcome(queue: JobQueue) -> None:
    captioned, bad = jobs("captioned"), jobs("bad_photo")
    sizes = value("captionbot_batch_size_sum"), value("captionbot_batch_size_count")
    waits = value("captionbot_stage_seconds_count", stage="waiting")
    for photo in (jpeg(), jpeg("blue"), b"none"):
        await queue.submit(make_job(photo=photo))
    async with scripted_worker(queue):
        await replies(queue, 3)
    assert (jobs("captioned"), jobs("bad_photo")) == (captioned + 2, bad + 1)
    assert value("captionbot_batch_size_sum") == sizes[0] + 3
    assert value("captionbot_batch_size_count") == sizes[1] + 1
    assert value("captionbot_stage_seconds_count", stage="waiting") == waits + 3


async def test_redeliveries_and_dead_letters(open_queue: OpenQueue) -> None:
    queue = open_queue(visibility=0.2, max_deliveries=2)
    again, dead = value("captionbot_redeliveries_total"), jobs("gave_up")
    letters = value("captionbot_dead_letters_total", reason="too_often")
    await queue.submit(make_job(photo=jpeg()))
    await queue.take("dies", max_batch=1, wait=LONG)
    async with scripted_worker(queue):
        await replies(queue, 1)
    assert value("captionbot_redeliveries_total") == again + 1
    await queue.submit(make_job())
    async with asyncio.timeout(LONG):
        while await queue.depth():
            await queue.take("dies", max_batch=1, wait=0.1)
    assert jobs("gave_up") == dead + 1
    assert value("captionbot_dead_letters_total", reason="too_often") == letters + 1


@pytest.mark.parametrize(
    ("adapter", "platform"),
    [
        ("telegram", "telegram"),
        ("discord", "discord"),
        ("web.3fa9c2d1", "web"),
        ("", "other"),
        ("telegram\n", "other"),
        ("x" * 1000, "other"),
    ],
)
def test_labels_are_few_whatever_the_wire_brings(adapter: str, platform: str) -> None:
    assert metrics.platform_of(adapter) == platform


async def test_nothing_of_people_is_in_the_metrics(queue: JobQueue) -> None:
    secret = "secret-4711"
    job = make_job(
        photo=jpeg("red"), person=secret, dedupe=secret, context={"chat": secret}, id=secret * 2
    )
    await queue.submit(job)
    async with scripted_worker(queue):
        found = await replies(queue, 1)
    shown = generate_latest(metrics.REGISTRY).decode()
    for told in (secret, found[job.id].captions[0].text):
        assert told not in shown


def test_counts_that_alerts_look_at_are_there_from_the_start() -> None:
    metrics.describe_process("worker", platforms=("discord",))
    shown = generate_latest(metrics.REGISTRY).decode()
    assert 'captionbot_dead_letters_total{reason="unreadable"}' in shown
    assert 'captionbot_jobs_total{outcome="internal",platform="discord"}' in shown
    assert 'captionbot_build_info{python="' in shown
    assert "_created" not in shown


def memory(kind: str) -> float | None:
    return REGISTRY.get_sample_value("captionbot_gpu_memory_bytes", {"kind": kind})


def test_a_processor_has_none() -> None:
    watch_gpu("cpu")
    assert memory("total") is None


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_what_a_gpu_has() -> None:
    watch_gpu("cuda")
    something = torch.zeros(64_000_000, dtype=torch.uint8, device="cuda")
    process, used, total = (memory(kind) or 0.0 for kind in ("process", "used", "total"))
    assert something.numel() <= process <= used <= total
