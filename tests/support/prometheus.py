"""A real Prometheus on a free port of this machine, which scrapes what a test runs.

async with prometheus(folder, {"worker": 9401}, rules=…) as server:
    await server.until('up{role="worker"} == 1')
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from tests.support.redis_server import free_port

PATIENCE = 90.0  # seconds
MONITORING = Path(__file__).parents[2] / "deploy" / "monitoring"


class Prometheus:
    """What a running Prometheus knows."""

    def __init__(self, url: str, client: aiohttp.ClientSession) -> None:
        self.url, self._client = url, client

    async def query(self, expression: str) -> list[dict[str, Any]]:
        """The series that an expression finds now; raises AssertionError for one that is wrong."""
        async with self._client.get(
            f"{self.url}/api/v1/query", params={"query": expression}
        ) as response:
            answer = await response.json()
        assert answer["status"] == "success", f"{expression}: {answer}"
        found: list[dict[str, Any]] = answer["data"]["result"]
        return found

    async def until(self, expression: str) -> list[dict[str, Any]]:
        """What an expression finds, as soon as it finds something."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not (found := await self.query(expression)):
                    await asyncio.sleep(0.1)
        except TimeoutError:
            alerts, up = await self.query("ALERTS"), await self.query("up")
            raise AssertionError(f"{expression} finds nothing; {alerts=} {up=}") from None
        return found

    async def answers(self) -> bool:
        try:
            async with self._client.get(f"{self.url}/-/ready") as response:
                return response.status == 200
        except aiohttp.ClientConnectionError:
            return False


@asynccontextmanager
async def prometheus(folder: Path, ports: Mapping[str, int]) -> AsyncIterator[Prometheus]:
    """Scrapes a port for each role, with our example of a configuration and our alerts.

    Only the times are others: a test does not wait for minutes.
    """
    config = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "2s", "evaluation_interval": "500ms"}
    config["scrape_configs"][0]["static_configs"] = [
        {"targets": [f"127.0.0.1:{port}"], "labels": {"role": role}} for role, port in ports.items()
    ]
    rules = yaml.safe_load((MONITORING / "alerts.yml").read_text())
    for rule in rules["groups"][0]["rules"]:
        rule["for"] = "1s"
    (folder / "prometheus.yml").write_text(json.dumps(config))
    (folder / "alerts.yml").write_text(json.dumps(rules))
    program = shutil.which("prometheus")
    assert program, "install Debian's prometheus: deploy/install-test-packages.sh"
    port = free_port()
    with (folder / "prometheus.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            program,
            "--config.file=prometheus.yml",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--storage.tsdb.path={folder / 'data'}",
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        async with aiohttp.ClientSession() as client:
            server = Prometheus(f"http://127.0.0.1:{port}", client)
            async with asyncio.timeout(PATIENCE):
                while not await server.answers():
                    assert process.returncode is None, (folder / "prometheus.log").read_text()
                    await asyncio.sleep(0.1)
            yield server
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
