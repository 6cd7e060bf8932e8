"""A running system as an operator sees it: probes, a real Prometheus, traces and logs."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.deploy.monitoring.test_files import RULES, expressions
from tests.support.collector import Collector
from tests.support.command import PATIENCE, Command, captionbot, until_ready
from tests.support.discord_server import discord_server
from tests.support.photos import photo
from tests.support.prometheus import prometheus
from tests.support.redis_server import RedisServer, free_port, running_redis
from tests.support.telegram_server import TOKEN, TelegramServer
from tests.support.web_server import form

pytestmark = pytest.mark.timeout(300)
# There is no GPU where these tests run, and no metric is of Prometheus's own making.
WITHOUT_A_GPU = {"captionbot_gpu_memory_bytes"}
OF_PROMETHEUS = {"up"}


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


class System:
    """Roles as processes over one Redis, each with a port for its probes and metrics."""

    def __init__(
        self, stack: AsyncExitStack, folder: Path, client: aiohttp.ClientSession, **settings: str
    ) -> None:
        self._stack, self._folder, self._client, self._settings = stack, folder, client, settings
        self.ports: dict[str, int] = {}
        self.commands: dict[str, Command] = {}
        web = free_port()
        self.page = f"http://127.0.0.1:{web}"
        self._settings["CAPTIONBOT_WEB_PORT"] = str(web)

    async def start(self, role: str, **settings: str) -> Command:
        self.ports[role] = free_port()
        self.commands[role] = await self._stack.enter_async_context(
            captionbot(
                role,
                folder=self._folder,
                **self._settings,
                **settings,
                CAPTIONBOT_METRICS_PORT=str(self.ports[role]),
            )
        )
        return self.commands[role]

    async def get(self, role: str, path: str) -> tuple[int, str]:
        async with self._client.get(f"http://127.0.0.1:{self.ports[role]}{path}") as response:
            return response.status, await response.text()

    async def problems(self, role: str) -> dict[str, str]:
        _, text = await self.get(role, "/ready")
        found: dict[str, str] = json.loads(text).get("problems", {})
        return found

    async def until(self, role: str, there: Callable[[dict[str, str]], bool]) -> None:
        """Until what is wrong with a role is as it should be."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    if there(await self.problems(role)):
                        return
                except aiohttp.ClientConnectionError:
                    assert self.commands[role].running, self.commands[role].log
                await asyncio.sleep(0.05)

    async def caption(self, seed: int) -> dict[str, Any]:
        data = form(photo(seed=seed))
        async with self._client.post(f"{self.page}/api/captions", data=data) as answer:
            body: dict[str, Any] = await answer.json()
            assert answer.status == 200, body
            return body


async def test_every_role_tells_whether_it_does_its_work(
    checkpoint: Path, tmp_path: Path, client: aiohttp.ClientSession
) -> None:
    redis = RedisServer(tmp_path)
    redis.start()
    async with AsyncExitStack() as stack:
        stack.callback(redis.kill)
        telegram = await stack.enter_async_context(TelegramServer())
        discord = await stack.enter_async_context(discord_server())
        system = System(
            stack,
            tmp_path,
            client,
            REDIS_URL=redis.url,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
            DISCORD_BOT_TOKEN=discord.world.token,
            DISCORD_API_URL=discord.api_url,
            DISCORD_GATEWAY_URL=str(discord.gateway_url),
            CAPTIONBOT_CHECKPOINT=str(checkpoint),
        )
        for role in ("telegram", "discord", "worker"):
            await system.start(role)
        await system.until("worker", lambda problems: not problems)
        assert "is loaded on cpu" in system.commands["worker"].log, "not before its model was"
        for role in ("telegram", "discord", "worker"):
            await system.until(role, lambda problems: not problems)
            async with asyncio.timeout(PATIENCE):  # a busy machine can be late for one check
                while await system.get(role, "/ready") != (200, '{"status": "ready"}'):
                    await asyncio.sleep(0.05)
            assert await system.get(role, "/health") == (200, '{"status": "alive"}')
        await telegram.stop()
        await system.until("telegram", lambda problems: set(problems) == {"telegram"})
        assert (await system.get("telegram", "/health"))[0] == 200
        await telegram.start()
        telegram.person().says("/start")
        await system.until("telegram", lambda problems: not problems)
        redis.kill()
        for role in system.ports:
            await system.until(role, lambda problems: "queue" in problems)
        redis.start()
        for role in system.ports:
            await system.until(role, lambda problems: not problems)
        for role, command in system.commands.items():
            assert await command.stopped() == 0, role


async def test_prometheus_sees_all_that_alerts_and_dashboard_name(
    checkpoint: Path, tmp_path: Path, client: aiohttp.ClientSession
) -> None:
    (tmp_path / "prometheus").mkdir()
    with running_redis(tmp_path) as redis:
        async with AsyncExitStack() as stack:
            system = System(stack, tmp_path, client, REDIS_URL=redis.url)
            await system.start("web")
            worker = await system.start("worker", CAPTIONBOT_CHECKPOINT=str(checkpoint))
            await until_ready(client, system.page)
            server = await stack.enter_async_context(
                prometheus(tmp_path / "prometheus", system.ports)
            )
            for seed in (1, 2, 3):
                await system.caption(seed)
            await system.caption(1)  # known
            counted = 'captionbot_jobs_total{outcome="captioned",platform="web"} == 3'
            await server.until(counted)
            await server.until('captionbot_request_seconds_count{platform="web"} == 4')

            shown = "".join([(await system.get(role, "/metrics"))[1] for role in system.ports])
            there = {
                name + suffix
                for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", shown, re.MULTILINE)
                for suffix in (("_bucket", "_sum", "_count") if kind == "histogram" else ("",))
            }
            named = {*names(*expressions()), *names(*(rule["expr"] for rule in RULES))}
            assert named - there == OF_PROMETHEUS
            for name in named - WITHOUT_A_GPU:
                assert await server.query(name), f"nobody exposes {name}"
            for expression in expressions():
                if not set(names(expression)) & WITHOUT_A_GPU:
                    await server.until(expression)

            assert await server.query("ALERTS") == []
            assert await worker.stopped() == 0
            for alert in ("CaptionBotNoWorkers", "CaptionBotProcessDown"):
                await server.until(f'ALERTS{{alertname="{alert}",alertstate="firing"}}')
            quiet = 'ALERTS{alertname=~"CaptionBot(QueueUnreachable|GivesUp|AnswersFail)"}'
            assert await server.query(quiet) == []
            redis.kill()
            await server.until('ALERTS{alertname="CaptionBotQueueUnreachable",role="web"}')


def names(*expressions: str) -> list[str]:
    """The metrics in expressions."""
    text = " ".join(expressions)
    return re.findall(r"\b(?:captionbot_\w+|process_\w+|up)\b(?=[{\[ )]|$)", text)


async def test_one_request_in_traces_and_logs_of_two_processes(
    checkpoint: Path, tmp_path: Path, client: aiohttp.ClientSession, redis_server: RedisServer
) -> None:
    database = redis_server.url.replace("/0", "/6")
    async with Collector() as collector, AsyncExitStack() as stack:
        system = System(
            stack, tmp_path, client, REDIS_URL=database, CAPTIONBOT_OTLP_ENDPOINT=collector.url
        )
        await system.start("web")
        await system.start("worker", CAPTIONBOT_CHECKPOINT=str(checkpoint))
        await until_ready(client, system.page)
        found = await system.caption(seed=11)
        spans = await collector.until_trace(
            "update", "intake", "waiting", "worker", "decode", "model", "reply"
        )
        for command in system.commands.values():
            assert await command.stopped() == 0
    by_name = {span.name: span for span in spans}
    assert len(by_name) == len(spans) == 7
    root, worker = by_name["update"], by_name["worker"]
    assert root.parent == ""
    assert {by_name[n].parent for n in ("intake", "waiting", "worker")} == {root.id}
    assert {by_name[name].parent for name in ("decode", "model")} == {worker.id}
    assert {by_name[name].role for name in ("update", "intake", "reply")} == {"web"}
    assert {by_name[name].role for name in ("waiting", "worker", "model")} == {"worker"}
    assert by_name["model"].seconds <= worker.seconds <= root.seconds + PATIENCE

    lines = {role: logged(command) for role, command in system.commands.items()}
    request = root.facts["captionbot.request"]
    web, worker_said = (
        [line["message"] for line in lines[role] if line.get("request") == request]
        for role in ("web", "worker")
    )
    assert [re.sub(r"^ *[\d.]+s ", "", said) for said in worker_said] == ["→ caption", "← ● ok"]
    assert web[0] == "→ web: queued, 0 ahead"
    assert web[1].startswith("← web: sent after ")
    traced = {line["trace_id"] for line in lines["web"] if "trace_id" in line}
    assert traced == {root.trace}
    assert found["caption"].encode() not in collector.raw
    assert found["caption"] not in json.dumps(lines, ensure_ascii=False)


def logged(command: Command) -> list[dict[str, Any]]:
    """Every line is an object: where there is no terminal, programs read."""
    return [json.loads(line) for line in command.lines]
