"""`captionbot run | telegram | discord | web | worker`: long-running roles, put together here."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from bot.admission import Admission
from bot.desk import Desk
from bot.errors import UsageError
from bot.intake import Intake
from bot.logs import start_logging
from bot.monitoring.readiness import Readiness
from bot.settings import Settings, load_settings
from bot.store import Store, open_store
from bot.video import VideoIntake
from captioner.queue import JobQueue, Limits, QueueUnavailable, open_queue
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
    metrics.describe_process(role)
    asyncio.run(_Host(role, settings).run())


def check_role(role: str, settings: Settings) -> None:
    """Raises UsageError where a role misses a setting that it cannot do without."""
    if role != "run" and settings.redis_url is None:
        raise UsageError(
            f"`captionbot {role}` needs REDIS_URL, such as redis://127.0.0.1:6379/0; "
            "`captionbot run` needs none"
        )
    if role == "telegram" and settings.telegram_bot_token is None:
        raise UsageError("set TELEGRAM_BOT_TOKEN; @BotFather on Telegram gives one")
    if role == "discord" and settings.discord_bot_token is None:
        raise UsageError(
            "set DISCORD_BOT_TOKEN; https://discord.com/developers/applications gives one"
        )
    _check_ports(role, settings)


def _check_ports(role: str, s: Settings) -> None:
    """Raises UsageError where a process would listen twice on the same port."""
    ports = {"CAPTIONBOT_METRICS_PORT": s.metrics_port}
    if role in {"run", "web"}:
        ports["CAPTIONBOT_WEB_PORT"] = s.web_port
    if role == "telegram" or (role == "run" and s.telegram_bot_token):
        ports["CAPTIONBOT_WEBHOOK_PORT"] = s.webhook_port if s.telegram_webhook_url else None
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
        self._store: Store | None = None  # there while it runs
        self._stop = asyncio.Event()
        self._stoppers: list[Callable[[], object]] = []
        self._worker_ready = role == "web"  # with workers elsewhere, the queue is what counts
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
            opened, self._store = self._open()
            queue = await stack.enter_async_context(opened)
            stack.push_async_callback(self._store.close)
            self._readiness = Readiness(queue)
            await self._monitor(stack, queue, self._readiness)
            parts = await self._parts(stack, queue)
            await self._run_parts(parts)
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

    def _watch(self, part: str, works: Callable[[], bool], otherwise: str) -> None:
        assert self._readiness is not None
        self._readiness.watch(part, lambda: None if works() else otherwise)

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
            return open_queue(url, limits), open_store(url)
        except ValueError as error:
            raise UsageError(f"REDIS_URL: {error}") from error

    async def _parts(
        self, stack: AsyncExitStack, queue: JobQueue
    ) -> dict[str, Coroutine[Any, Any, None]]:
        s, role = self._settings, self._role
        parts: dict[str, Coroutine[Any, Any, None]] = {}
        if s.redis_url is not None:
            parts["redis"] = self._watch_redis(queue)
        if role == "worker":
            parts["worker"] = self._worker(queue)
            return parts
        intake = await stack.enter_async_context(
            Intake(max_bytes=s.max_photo_mb * 1_000_000, max_pixels=s.max_megapixels * 1_000_000)
        )
        if role in {"run", "web"}:
            parts["web"] = self._web(queue, intake)
        video = await stack.enter_async_context(VideoIntake(max_bytes=s.max_photo_mb * 1_000_000))
        if role == "telegram" or (role == "run" and s.telegram_bot_token):
            parts["telegram"] = self._telegram(queue, intake, video)
        if role == "discord" or (role == "run" and s.discord_bot_token):
            parts["discord"] = self._discord(queue, intake, video)
        if role == "run":
            parts["worker"] = self._worker(queue)
        return parts

    async def _run_parts(self, parts: dict[str, Coroutine[Any, Any, None]]) -> None:
        """Until the stop event, or until a part ends with an error, which is raised."""
        for name in parts.keys() - {"redis"}:
            self._watch(name, lambda: False, "it is starting")
        tasks = {asyncio.create_task(part, name=name) for name, part in parts.items()}
        stop = asyncio.create_task(self._stop.wait())
        try:
            watched = {*tasks, stop}
            while not stop.done():
                done, watched = await asyncio.wait(watched, return_when="FIRST_COMPLETED")
                for task in done - {stop}:
                    task.result()  # raises what ended it
        finally:
            self._stop.set()  # also where a part failed: a worker that is still loading looks
            for stopper in self._stoppers:
                stopper()
            polite = {t for t in tasks if t.get_name() in {"worker", "telegram"}}
            for task in tasks - polite:
                task.cancel()
            if polite:
                await asyncio.wait(polite, timeout=30)
            for task in [*tasks, stop]:
                task.cancel()
            await asyncio.gather(*tasks, stop, return_exceptions=True)

    async def _watch_redis(self, queue: JobQueue) -> None:
        """Say whether Redis is there at the start; the parts themselves keep trying."""
        said = False
        while True:
            try:
                await queue.ping()
            except QueueUnavailable as error:
                if not said:
                    log.warning("%s; trying until it is there", error)
                said = True
                await asyncio.sleep(1)
            else:
                log.info("redis is there")
                return

    def _desk(self, queue: JobQueue, intake: Intake, adapter: str, *, limited: bool = True) -> Desk:
        s = self._settings
        return Desk(
            queue,
            intake,
            adapter=adapter,
            beam_size=s.beam_size,
            n_best=min(s.n_best, s.beam_size),
            hash_key=s.hash_key.get_secret_value().encode() if s.hash_key else None,
            store=self._store,
            person_per_minute=s.person_per_minute if limited else 0,
            chat_per_minute=s.chat_per_minute if limited else 0,
        )

    async def _web(self, queue: JobQueue, intake: Intake) -> None:
        from bot.adapters.web import WebAdapter, instance_name
        from bot.adapters.web.options import WebOptions

        s = self._settings
        adapter = WebAdapter(
            self._desk(queue, intake, instance_name(), limited=False),  # it limits addresses
            queue,
            host=s.web_host,
            port=s.web_port,
            max_bytes=s.max_photo_mb * 1_000_000,
            worker_ready=lambda: self._worker_ready,
            registry=metrics.REGISTRY,
            options=WebOptions(
                per_minute=s.web_per_minute,
                frame_ancestors=s.frame_ancestors,
                trusted_proxies=s.trusted_proxies,
            ),
            store=self._store,
        )
        self._watch("web", lambda: adapter.listening, "the page is not served")
        try:
            await adapter.run()
        except OSError as error:
            where = f"{s.web_host}:{s.web_port}"
            raise UsageError(
                f"the page cannot be served at {where} ({error.strerror or error}); "
                "set CAPTIONBOT_WEB_HOST or CAPTIONBOT_WEB_PORT"
            ) from error

    async def _telegram(self, queue: JobQueue, intake: Intake, video: VideoIntake) -> None:
        from bot.adapters.telegram import TelegramAdapter, Webhook

        s = self._settings
        assert s.telegram_bot_token is not None
        webhook = None
        if s.telegram_webhook_url and s.telegram_webhook_secret:
            webhook = Webhook(
                s.telegram_webhook_url,
                s.telegram_webhook_secret.get_secret_value(),
                s.webhook_host,
                s.webhook_port,
            )
        desk = self._desk(queue, intake, "telegram")
        await desk.prepare()
        adapter = TelegramAdapter(
            desk,
            token=s.telegram_bot_token.get_secret_value(),
            api_url=s.telegram_api_url,
            max_bytes=s.max_photo_mb * 1_000_000,
            store=self._store,
            admission=Admission(s),
            video=video,
            webhook=webhook,
        )
        self._stoppers.append(adapter.stop)
        self._watch("telegram", lambda: adapter.connected, "Telegram is not connected")
        await adapter.run()

    async def _discord(self, queue: JobQueue, intake: Intake, video: VideoIntake) -> None:
        from bot.adapters.discord import CDN, DiscordAdapter

        s = self._settings
        assert s.discord_bot_token is not None
        desk = self._desk(queue, intake, "discord")
        await desk.prepare()
        adapter = DiscordAdapter(
            desk,
            token=s.discord_bot_token.get_secret_value(),
            api_url=s.discord_api_url,
            gateway_url=s.discord_gateway_url,
            max_bytes=s.max_photo_mb * 1_000_000,
            cdn=[s.discord_cdn_url] if s.discord_cdn_url else CDN,
            store=self._store,
            admission=Admission(s),
            video=video,
            message_content=s.discord_message_content,
        )
        self._watch("discord", lambda: adapter.connected, "Discord's gateway is not connected")
        await adapter.run()

    async def _worker(self, queue: JobQueue) -> None:
        from captioner.presence import announced_while
        from captioner.worker import Worker

        consumer = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._watch("worker", lambda: self._worker_ready, "the model is loading")
        captions = await announced_while(queue, consumer, self._load())
        worker = Worker(queue, captions, consumer=consumer, max_batch=self._settings.max_batch)
        self._stoppers.append(worker.request_stop)
        self._worker_ready = True
        if self._stop.is_set():
            worker.request_stop()
        await worker.run()

    async def _load(self) -> Any:  # noqa: ANN401 - see _load_captions
        from bot.commands.pull import fetch_configured

        fetching = asyncio.create_task(fetch_configured(self._settings))
        self._stoppers.append(fetching.cancel)
        await fetching
        return await asyncio.to_thread(_load_captions, self._settings)


def _load_captions(settings: Settings) -> Any:  # noqa: ANN401 - importing its type imports torch
    from captioner.answering import PhotoAnswers
    from captioner.captioner import Captioner
    from captioner.probe import check
    from captioner.telemetry.gpu import watch_gpu

    captioner = Captioner.load(settings.checkpoint, device=settings.device, engine=settings.engine)
    log.info("model %s is loaded on %s, by %s", captioner.model, captioner.device, captioner.engine)
    answers = PhotoAnswers(captioner)
    check(answers)
    metrics.MODEL.labels(answers.model, captioner.device).set(1)
    watch_gpu(captioner.device)
    return answers
