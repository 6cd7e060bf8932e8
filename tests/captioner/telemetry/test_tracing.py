"""The id of a request, traces to a collector on loopback, and nothing at all without one."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from bot.errors import for_operators
from captioner.queue import JobQueue
from captioner.telemetry import tracing
from captioner.telemetry.tracing import (
    Stage,
    about,
    request_id,
    timed_together,
)
from tests.captioner.worker.helpers import replies
from tests.support.collector import Collector
from tests.support.jobs import make_job
from tests.support.scripted_worker import jpeg, scripted_worker

PARENT = f"00-{'ab' * 16}-{'cd' * 8}-01"


async def test_the_id_is_that_of_the_task_and_of_what_the_task_starts() -> None:
    async def seen() -> str:
        await asyncio.sleep(0)
        return request_id.get()

    async def one(job: str) -> tuple[str, str]:
        with about(job):
            return await seen(), await asyncio.create_task(seen())

    found = await asyncio.gather(*map(one, ("a" * 32, "b" * 32)))
    assert found == [("aaaaaaaa",) * 2, ("bbbbbbbb",) * 2]
    assert request_id.get() == ""


@pytest.mark.parametrize(
    ("job", "expected"),
    [("3fa9c2d1e5", "3fa9c2d1"), ("", ""), ("a\nb\x1b[2J", "a?b??2J"), ("é…x", "??x")],
)
def test_an_id_from_the_wire_forges_no_lines(job: str, expected: str) -> None:
    with about(job):
        assert request_id.get() == expected


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    """Receives what this process traces."""
    async with Collector() as collector:
        stop = tracing.start_tracing(collector.url, role="test")
        try:
            yield collector
        finally:
            await asyncio.to_thread(stop)


async def test_spans_know_their_parents_here_and_elsewhere(collector: Collector) -> None:
    with about("3fa9c2d1e5"), tracing.span("update") as span:
        span.set_attribute("captionbot.platform", "web")
        with tracing.span(Stage.INTAKE):
            travels = tracing.traceparent()
        assert tracing.trace_id() in travels
    with tracing.span("answer", parent=travels):
        pass
    await collector.until("answer")
    by_name = {span.name: span for span in collector.spans}
    update, intake, answer = (by_name[name] for name in ("update", "intake", "answer"))
    assert update.parent == ""
    assert (intake.parent, answer.parent) == (update.id, intake.id)
    assert {span.trace for span in by_name.values()} == {update.trace}
    assert update.facts == {"captionbot.request": "3fa9c2d1", "captionbot.platform": "web"}
    assert {span.role for span in by_name.values()} == {"test"}


async def test_a_workers_part_of_a_trace(queue: JobQueue, collector: Collector) -> None:
    job = make_job(photo=jpeg(), trace=PARENT)
    await queue.submit(job)
    await queue.submit(make_job(photo=jpeg()))  # of a bot that does not trace
    await asyncio.sleep(0.1)
    async with scripted_worker(queue) as captions:
        found = await replies(queue, 2)
    await collector.until("worker")
    spans = {span.name: span for span in collector.spans}
    assert spans.keys() == {"waiting", "worker"}, "and none of the other job"
    assert {(span.trace, span.parent) for span in spans.values()} == {("ab" * 16, "cd" * 8)}
    assert spans["waiting"].seconds >= 0.1
    assert spans["worker"].facts["captionbot.outcome"] == "captioned"
    assert spans["worker"].id in captions.jobs[0].trace, "what the model does is part of it"
    assert spans["worker"].id in found[job.id].trace


async def test_what_is_done_for_several_is_in_the_trace_of_each(collector: Collector) -> None:
    others = f"00-{'12' * 16}-{'34' * 8}-01"
    with timed_together(Stage.MODEL, [make_job(trace=PARENT), make_job(trace=others), make_job()]):
        pass
    await collector.until("model", 2)
    assert {span.parent for span in collector.spans} == {"cd" * 8, "34" * 8}


@pytest.mark.parametrize("parent", ["nonsense", "00-" + "0" * 32 + "-1-01", "\x00é", "x" * 10_000])
async def test_nonsense_from_the_wire_begins_a_new_trace(collector: Collector, parent: str) -> None:
    with tracing.span("answer", parent=parent):
        pass
    await collector.until("answer")
    (span,) = collector.spans
    assert span.parent == ""


async def test_errors_are_named_and_not_quoted(collector: Collector) -> None:
    def fail() -> None:
        with tracing.span("update"):
            raise ValueError("secret caption")

    with pytest.raises(ValueError, match="secret"):
        fail()
    await collector.until("update")
    assert collector.spans[0].facts == {"error.type": "ValueError"}
    assert b"secret" not in collector.raw


@pytest.mark.parametrize("status", [500, 400])
async def test_a_collector_that_is_broken_costs_spans_and_nothing_else(status: int) -> None:
    async with Collector(status=status) as broken:
        stop = tracing.start_tracing(broken.url, role="test")
        with tracing.span("update"):
            pass
        await asyncio.to_thread(stop)


def test_without_tracing_no_sdk_is_imported_and_nothing_is_made() -> None:
    program = (
        "import sys, bot.chat.service, bot.cli.host, captioner.worker\n"
        "from captioner.telemetry import tracing\n"
        "with tracing.span('x'): assert tracing.traceparent() == tracing.trace_id() == ''\n"
        "assert tracing.traceparent(tracing.begin('x', parent='y')) == ''\n"
        "sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=100)


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    with pytest.raises(ModuleNotFoundError) as error:
        tracing.start_tracing("http://127.0.0.1:1", role="test")
    assert ".[otel]" in (for_operators(error.value) or "")
