"""`captionbot run | web | worker` and one role a platform: long-running, put together here."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

from bot.adapters.registry import BY_NAME, PLATFORMS
from bot.cli.composition import Parts
from bot.monitoring.logs import start_logging
from bot.monitoring.server import Readiness
from bot.settings import Settings, load_settings
from bot.store import Store, open_store
from captioner.errors import UsageError
from captioner.queue import JobQueue, Limits, open_queue
from captioner.telemetry import metrics, tracing

log = logging.getLogger("captionbot")


def serve(role: str) -> None:
    """Serve a role until SIGTERM or Ctrl-C.

    Raises UsageError, SettingsError, AdapterError, CheckpointError, DeviceError: each a sentence
    for the operator.
    """
    settings = load_settings()
    check_role(role, settings)
    start_logging(settings.log_level, settings.log_format)
    metrics.describe_process(role, platforms=(*BY_NAME, "web"))
    asyncio.run(_Host(role, settings).run())


def check_role(role: str, settings: Settings) -> None:
    """Raises UsageError where a role misses a setting that it cannot do without."""
    if role != "run" and settings.redis_url is None:
        raise UsageError(
            f"`captionbot {role}` needs REDIS_URL, such as redis://127.0.0.1:6379/0; "
            "`captionbot run` needs none"
        )
    platform = BY_NAME.get(role)
    if platform is not None and not platform.configured(settings):
        raise UsageError(f"set {platform.token}; {platform.advice}")
    _check_ports(role, settings)


def _check_ports(role: str, s: Settings) -> None:
    """Raises UsageError where a process would listen twice on the same port."""
    ports = {"CAPTIONBOT_METRICS_PORT": s.metrics_port}
    if role in {"run", "web"}:
        ports["CAPTIONBOT_WEB_PORT"] = s.web_port
    for platform in PLATFORMS:
        if role == platform.name or (role == "run" and platform.configured(s)):
            ports |= platform.ports(s)
    names: dict[int, str] = {}
    for name, port in ports.items():
        if port and port in names:
            raise UsageError(f"{name}: {names[port]} is the same port; choose another for one")
        if port:
            names[port] = name


class _Host:
    """One process: the parts that its role asks for, started and stopped together."""

    def __init__(self, role: str, settings: Settings) -> None:
        self._role, self._settings = role, settings
        self._stop = asyncio.Event()
        self._readiness: Readiness | None = None  # there while it runs

    async def run(self) -> None:
        """Serve until a signal comes, or a part fails; then stop all parts in order."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ask_to_stop)
        async with AsyncExitStack() as stack:
            if endpoint := self._settings.otlp_endpoint:
                stop_tracing = tracing.start_tracing(endpoint, role=self._role)
                stack.push_async_callback(asyncio.to_thread, stop_tracing)
            opened, store = self._open()
            queue = await stack.enter_async_context(opened)
            stack.push_async_callback(store.close)
            self._readiness = readiness = Readiness(queue)
            await self._monitor(stack, queue, readiness)
            parts = Parts(
                self._role, self._settings, queue, store, readiness=readiness, stopping=self._stop
            )
            await self._run(parts, await parts.made(stack), readiness)
        log.info("stopped")

    def _ask_to_stop(self) -> None:
        log.info("stopping; what is in hand is finished first")
        self._stop.set()
        if self._readiness is not None:
            self._readiness.stopping = True

    async def _monitor(self, stack: AsyncExitStack, queue: JobQueue, readiness: Readiness) -> None:
        """Listen for probes and for Prometheus, if it is wished. Raises UsageError."""
        s = self._settings
        if s.metrics_port is None:
            return
        from bot.monitoring.server import MonitoringServer

        try:
            await stack.enter_async_context(
                MonitoringServer(queue, readiness, host=s.metrics_host, port=s.metrics_port)
            )
        except OSError as error:
            raise UsageError(
                f"health and metrics cannot be served at {s.metrics_host}:{s.metrics_port} "
                f"({error.strerror or error}); set CAPTIONBOT_METRICS_HOST or "
                "CAPTIONBOT_METRICS_PORT"
            ) from error

    def _open(self) -> tuple[JobQueue, Store]:
        s = self._settings
        limits = Limits(
            depth=s.queue_depth,
            per_person=s.per_person,
            visibility=s.visibility_seconds,
            max_deliveries=s.max_deliveries,
            cache_for=s.cache_hours * 3600,
            dead_for=s.dead_letter_hours * 3600,
        )
        url = s.redis_url.get_secret_value() if s.redis_url else None
        try:
            queue = open_queue(url, limits)
        except ValueError as error:
            raise UsageError(f"REDIS_URL: {error}") from error
        try:
            return queue, open_store(s.store_url.get_secret_value() if s.store_url else url)
        except ValueError as error:
            raise UsageError(f"CAPTIONBOT_STORE_URL: {error}") from error

    async def _run(
        self, parts: Parts, made: dict[str, Coroutine[Any, Any, None]], readiness: Readiness
    ) -> None:
        """Until the stop event, or until a part ends with an error, which is raised."""
        for name in made.keys() - {"redis", "welcome"}:
            readiness.watch(name, lambda: "it is starting")
        tasks = {asyncio.create_task(part, name=name) for name, part in made.items()}
        stop = asyncio.create_task(self._stop.wait())
        try:
            watched = {*tasks, stop}
            while not stop.done():
                done, watched = await asyncio.wait(watched, return_when="FIRST_COMPLETED")
                for task in done - {stop}:
                    task.result()  # raises what ended it
        finally:
            self._stop.set()  # also where a part failed: a worker that is still loading looks
            parts.request_stop()
            for task in tasks:
                if task.get_name() != "worker":  # which ends by itself
                    task.cancel()
            await asyncio.wait({*tasks, stop}, timeout=30)
            for task in [*tasks, stop]:
                task.cancel()
            await asyncio.gather(*tasks, stop, return_exceptions=True)
