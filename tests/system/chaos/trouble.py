"""What goes wrong, at random: processes, the queue's server, and the platforms."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from tests.support.chat_completions_server import ChatServer
from tests.support.discord_server import DiscordServer
from tests.support.redis_server import RedisServer
from tests.support.telegram_server import TelegramServer
from tests.system.chaos import model
from tests.system.chaos.processes import Service

_TELEGRAM_CALLS = ("sendMessage", "getUpdates", "getFile", "download", "sendChatAction")
_DISCORD_CALLS = (
    ("POST", r"/channels/\d+/messages"),
    ("PATCH", r"/webhooks/"),
    ("POST", r"/callback"),
    ("POST", r"/typing"),
    ("GET", r"/gateway|/users/@me"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that can be troubled."""

    redis: RedisServer
    telegram: TelegramServer
    discord: DiscordServer
    bots: Sequence[Service]
    workers: Sequence[Service]
    visibility: float  # seconds
    model: ChatServer | None = None  # behind an address; None: each worker has its own


@dataclass(slots=True)
class Trouble:
    """Makes trouble whenever it is asked to; `calm` undoes what would last.

    It comes with the photos, not with time, so that a busy machine has not more of it to bear.
    """

    stage: Stage
    chance: random.Random
    events: Counter[str] = field(default_factory=Counter)
    _gates: list[asyncio.Event] = field(default_factory=list)
    _lasting: set[asyncio.Task[None]] = field(default_factory=set)

    async def make(self) -> None:
        """One event, drawn by its weight."""
        kinds: dict[str, tuple[int, Callable[[], Awaitable[None]]]] = {
            "a worker killed": (5, self._kill_worker),
            "a worker stopped and woken": (3, self._pause_worker),
            "a worker restarted": (2, self._restart_worker),
            "a bot killed": (3, self._kill_bot),
            "a bot stopped and woken": (2, self._pause_bot),
            "Redis killed": (1, self._kill_redis),
            "Redis restarted": (1, self._restart_redis),
            "Redis stopped and woken": (1, self._pause_redis),
            "Telegram in trouble": (5, self._trouble_telegram),
            "Discord in trouble": (4, self._trouble_discord),
            "Discord's gateway in trouble": (2, self._trouble_gateway),
        }
        if self.stage.model is not None:
            kinds["the model's server in trouble"] = (12, self._trouble_model)
            kinds["the model's server gone for a while"] = (3, self._remove_model)
        (name,) = self.chance.choices(list(kinds), [weight for weight, _ in kinds.values()])
        self.events[name] += 1
        await kinds[name][1]()

    async def calm(self) -> None:
        """End all trouble that would go on by itself."""
        await asyncio.gather(*self._lasting)
        for gate in self._gates:
            gate.set()
        if self.stage.model is not None:
            self.stage.model.honest_again()
        self.stage.telegram.forgive()
        self.stage.discord.rest.faults.clear()
        self.stage.discord.cdn_open.set()

    def _lasts(self, undo: Callable[[], object], seconds: float) -> None:
        async def wait() -> None:
            await asyncio.sleep(seconds)
            undo()

        task = asyncio.create_task(wait())
        self._lasting.add(task)
        task.add_done_callback(self._lasting.discard)

    # --- processes

    async def _kill_worker(self) -> None:
        self.chance.choice(self.stage.workers).send(signal.SIGKILL)

    async def _restart_worker(self) -> None:
        self.chance.choice(self.stage.workers).send(signal.SIGTERM)

    async def _pause_worker(self) -> None:
        """Shorter or longer than the queue waits for it."""
        self._pause(self.stage.workers, self.stage.visibility * self.chance.uniform(0.3, 2.0))

    async def _kill_bot(self) -> None:
        self.chance.choice(self.stage.bots).send(signal.SIGKILL)

    async def _pause_bot(self) -> None:
        self._pause(self.stage.bots, self.stage.visibility * self.chance.uniform(0.3, 1.5))

    def _pause(self, services: Sequence[Service], seconds: float) -> None:
        service = self.chance.choice(services)
        service.send(signal.SIGSTOP)
        self._lasts(lambda: service.send(signal.SIGCONT), seconds)

    # --- Redis

    async def _kill_redis(self) -> None:
        self.stage.redis.kill()
        await asyncio.sleep(self.chance.uniform(0.0, 2.0))
        await asyncio.to_thread(self.stage.redis.start)

    async def _restart_redis(self) -> None:
        await asyncio.to_thread(self.stage.redis.stop)
        await asyncio.to_thread(self.stage.redis.start)

    async def _pause_redis(self) -> None:
        self.stage.redis.pause()
        await asyncio.sleep(self.chance.uniform(0.2, 3.0))
        self.stage.redis.resume()

    # --- a model behind an address

    async def _trouble_model(self) -> None:
        """For a while, not for so many calls: who waits for the server asks seldom."""
        assert self.stage.model is not None
        self.stage.model.always(model.trouble(self.chance))
        self._lasts(self.stage.model.honest_again, self.chance.uniform(0.3, 4.0))

    async def _remove_model(self) -> None:
        server = self.stage.model
        assert server is not None
        await asyncio.to_thread(server.__exit__, None, None, None)
        await asyncio.sleep(self.chance.uniform(0.2, 3.0))
        server.__enter__()

    # --- the platforms

    async def _trouble_telegram(self) -> None:
        method, times = self.chance.choice(_TELEGRAM_CALLS), self.chance.randint(1, 4)
        match self.chance.randrange(4):
            case 0:
                self.stage.telegram.fail(method, times=times, retry_after=self.chance.randint(1, 3))
            case 1:
                self.stage.telegram.fail(method, times=times)
            case 2:
                self.stage.telegram.fail(method, times=times, reset=True)
            case _:  # no answer for a while, then the connection breaks
                gate = asyncio.Event()
                self._gates.append(gate)
                self.stage.telegram.fail(method, times=times, gate=gate, reset=True)
                self._lasts(gate.set, self.chance.uniform(1.0, 25.0))

    async def _trouble_discord(self) -> None:
        times = self.chance.randint(1, 3)
        method, path = self.chance.choice(_DISCORD_CALLS)
        match self.chance.randrange(4):
            case 0:
                wait = self.chance.uniform(0.5, 2.0)
                self.stage.discord.fail(method, path, 429, times=times, retry_after=wait)
            case 1:
                self.stage.discord.fail(method, path, 500, times=times)
            case 2:
                self.stage.discord.fail(method, path, 0, times=times)
            case _:
                self.stage.discord.cdn_open.clear()
                self._lasts(self.stage.discord.cdn_open.set, self.chance.uniform(0.5, 4.0))

    async def _trouble_gateway(self) -> None:
        if self.chance.random() < 0.5:
            await self.stage.discord.gateway.drop()
        else:
            await self.stage.discord.gateway.ask_to_reconnect()
