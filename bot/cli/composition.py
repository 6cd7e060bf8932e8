"""The parts that a process can have: adapters, a worker, a welcome, and what they share."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.adapters import AdapterError
from bot.adapters.registry import BY_NAME, PLATFORMS, Platform
from bot.chat.access_control import AccessControl
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake, VideoIntake
from bot.monitoring.server import Check, Readiness
from bot.settings import Settings
from bot.store import Store
from captioner.errors import OperatorError, RestartError, UsageError
from captioner.queue import JobQueue, QueueUnavailable
from captioner.queue.common import failure_reply
from captioner.queue.messages import Failure
from captioner.telemetry import metrics

if TYPE_CHECKING:
    from bot.adapters.web.app import WebAdapter

FIRST, LONGEST = 60.0, 900.0  # seconds until it is tried again; longer each time
_LOOK_EVERY = 0.25  # seconds
_LAST_WORDS = 2.0  # seconds in which photos that are being decoded reach the queue
_BOTS_GET = 10.0  # seconds to connect, before they are said to be connecting

log = logging.getLogger("captionbot")


class Parts:
    """The parts that a role asks for, each a coroutine that goes on until it is ended.

    What they import is imported when they begin: a process has only what it needs.
    """

    def __init__(
        self,
        role: str,
        settings: Settings,
        queue: JobQueue,
        store: Store,
        *,
        readiness: Readiness,
        stopping: asyncio.Event,
    ) -> None:
        self._role, self._settings = role, settings
        self._queue, self._store = queue, store
        self._readiness, self._stopping = readiness, stopping
        self._stoppers: list[Callable[[], object]] = []
        self._page: str | None = None  # its address, once it is served
        self._worker_ready = role == "web"  # with workers elsewhere, the queue is what counts

    def request_stop(self) -> None:
        """Ask the worker to finish what it has in hand."""
        for stopper in self._stoppers:
            stopper()

    async def made(self, stack: AsyncExitStack) -> dict[str, Coroutine[Any, Any, None]]:
        """The parts by name, to be run side by side; the stack closes what they share."""
        s, role = self._settings, self._role
        parts: dict[str, Coroutine[Any, Any, None]] = {}
        if s.redis_url is not None:
            parts["redis"] = self._watch_redis()
        if role == "worker":
            parts["worker"] = self._worker()
            return parts
        intake = await stack.enter_async_context(
            Intake(max_bytes=s.max_photo_mb * 1_000_000, max_pixels=s.max_megapixels * 1_000_000)
        )
        if role in {"run", "web"}:
            parts["web"] = self._web(intake)
        video = await stack.enter_async_context(VideoIntake(max_bytes=s.max_photo_mb * 1_000_000))
        for platform in PLATFORMS:
            if role == platform.name or (role == "run" and platform.configured(s)):
                serve = partial(self._chat, platform, intake, video)
                parts[platform.name] = self._kept(platform.name, serve)
        if role == "run":
            parts["worker"] = self._worker()
            parts["welcome"] = _welcome(s, self._readiness, self._queue, lambda: self._page)
        return parts

    async def _kept(self, part: str, serve: Callable[[], Awaitable[None]]) -> None:
        """Serve a bot; in a shared process, a platform that rejects it does not end the rest."""
        if self._role != "run":
            await serve()
            return
        await kept_trying(part, serve, readiness=self._readiness, stopping=self._stopping)

    def _watch(self, part: str, works: Callable[[], bool], otherwise: str) -> None:
        self._readiness.watch(part, lambda: None if works() else otherwise)

    async def _watch_redis(self) -> None:
        """Say whether Redis is there at the start; the parts themselves keep trying."""
        said = False
        while True:
            try:
                await self._queue.ping()
            except QueueUnavailable as error:
                if not said:
                    log.warning("%s; trying until it is there", error)
                said = True
                await asyncio.sleep(1)
            else:
                log.info("redis is there")
                return

    def _service(
        self,
        intake: Intake,
        adapter: str,
        *,
        video: VideoIntake | None = None,
        limited: bool = True,
    ) -> CaptionService:
        s = self._settings
        return CaptionService(
            self._queue,
            intake,
            adapter=adapter,
            video=video,
            beam_size=s.beam_size,
            n_best=min(s.n_best, s.beam_size),
            hash_key=s.hash_key.get_secret_value().encode() if s.hash_key else None,
            store=self._store,
            person_per_minute=s.person_per_minute if limited else 0,
            chat_per_minute=s.chat_per_minute if limited else 0,
            caption_language=None if s.caption_language == "auto" else s.caption_language,
        )

    async def _web(self, intake: Intake) -> None:
        from bot.adapters.web import WebOptions
        from bot.adapters.web.app import WebAdapter, instance_name

        s = self._settings
        adapter = WebAdapter(
            self._service(intake, instance_name(), limited=False),  # it limits addresses
            self._queue,
            host=s.web_host,
            port=s.web_port,
            max_bytes=s.max_photo_mb * 1_000_000,
            worker_ready=lambda: self._worker_ready,
            registry=metrics.REGISTRY,
            options=WebOptions(
                per_minute=s.web_per_minute,
                frame_ancestors=s.frame_ancestors,
                prefix=s.web_prefix.rstrip("/"),
                trusted_proxies=s.trusted_proxies,
                keys=s.web_keys,
                origins=s.web_origins,
            ),
            store=self._store,
        )
        self._readiness.watch("web", lambda: self._served(adapter))
        try:
            await adapter.run()
        except OSError as error:
            where = f"{s.web_host}:{s.web_port}"
            raise UsageError(
                f"the page cannot be served at {where} ({error.strerror or error}); "
                "set CAPTIONBOT_WEB_HOST or CAPTIONBOT_WEB_PORT"
            ) from error

    def _served(self, adapter: WebAdapter) -> str | None:
        self._page = adapter.url if adapter.listening else None
        return None if self._page else "the page is not served"

    async def _chat(self, platform: Platform, intake: Intake, video: VideoIntake) -> None:
        service = self._service(intake, platform.name, video=video)
        await service.prepare()
        adapter = platform.make_adapter(
            self._settings, service, store=self._store, access=AccessControl(self._settings)
        )
        self._watch(platform.name, lambda: adapter.connected, platform.offline)
        await adapter.run()

    async def _worker(self) -> None:
        from captioner.cli.model import run_worker

        self._watch("worker", lambda: self._worker_ready, "the model is loading")
        try:
            await run_worker(
                self._queue,
                self._settings,
                max_batch=self._settings.max_batch,
                stopping=self._stopping,
                stoppers=self._stoppers,
                on_ready=self._note_worker,
            )
        except (OperatorError, RestartError):
            if self._settings.redis_url is None:  # what waits there is lost with the process
                await refuse_all(self._queue)
            raise

    def _note_worker(self) -> None:
        self._worker_ready = True


async def refuse_all(queue: JobQueue, *, seconds: float = _LAST_WORDS) -> None:
    """Refuse the jobs that wait, and those that come within the next seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0:
        for claim in await queue.take("nobody", max_batch=64, wait=left):
            await queue.finish(claim, failure_reply(claim.job, Failure.INTERNAL))


async def kept_trying(
    part: str,
    serve: Callable[[], Awaitable[None]],
    *,
    readiness: Readiness,
    stopping: asyncio.Event,
    first: float = FIRST,
    longest: float = LONGEST,
) -> None:
    """Serve a part until it ends or is asked to stop; after an AdapterError, try again.

    Meanwhile /ready says what is wrong with it, and so does the log, with each try.
    """
    pause = first
    while not stopping.is_set():
        try:
            await serve()
        except AdapterError as error:
            wrong = str(error)
        else:
            return
        readiness.watch(part, _always(wrong))
        log.error("%s is off: %s; trying again in %.0f s", part, wrong, pause)
        try:
            async with asyncio.timeout(pause):
                await stopping.wait()
        except TimeoutError:
            pause = min(2 * pause, longest)


def _always(wrong: str) -> Check:
    return lambda: wrong


# --- what `captionbot run` says once it is ready


def bots_off(settings: Settings) -> dict[str, str]:
    """The bots that have no token, and why they are off."""
    off = [platform for platform in PLATFORMS if not platform.configured(settings)]
    return {platform.name: f"{platform.token} is not set" for platform in off}


def summary(*, url: str, model: str, bots: Mapping[str, str | None]) -> str:
    """The text; `bots` says of each what is wrong with it, or None."""
    rows = [("Page", url), ("Model", model)]
    rows += [
        (name.title(), "on" if wrong is None else f"off: {wrong}") for name, wrong in bots.items()
    ]
    lines = [f"  {name:<10}{text}" for name, text in rows]
    return "\n".join([
        "",
        "CaptionBot is ready.",
        "",
        *lines,
        "",
        "Open the page and drop a photo on it. Tokens for bots go into .env: cp .env.example .env",
        "`captionbot doctor` says what is missing and what to do. Ctrl-C ends it.",
        "",
    ])  # fmt: skip


async def _welcome(
    settings: Settings, readiness: Readiness, queue: JobQueue, url: Callable[[], str | None]
) -> None:
    """Log which bots are off; on a terminal, print the summary once the page and a worker are on.

    `url` is where the page is, or None while it is not served. Bots get some time to connect.
    """
    off = bots_off(settings)
    for name, why in off.items():
        log.info("%s is off: %s", name, why)
    if not sys.stderr.isatty():
        return
    loop = asyncio.get_running_loop()
    while True:
        problems = await readiness.problems()
        if (page := url()) and not problems.keys() & {"web", "worker", "queue"}:
            break
        await asyncio.sleep(_LOOK_EVERY)
    latest = loop.time() + _BOTS_GET
    while problems.keys() & BY_NAME.keys() and loop.time() < latest:
        await asyncio.sleep(_LOOK_EVERY)
        problems = await readiness.problems()
    wrong = problems | off
    bots = {name: wrong.get(name) for name in BY_NAME}
    models = (await queue.workers()).models
    sys.stderr.write(summary(url=page, model=", ".join(sorted(models)), bots=bots))
