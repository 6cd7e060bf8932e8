"""The chat platforms. Whatever is said of each of them by name is read from here.

Adding one touches its folder and this file, and mypy's list in pyproject.toml where its library has
no types: settings, access control, the command line, roles, metrics, logs, the doctor and the
checks of the deployment files follow. No chat library is imported before a platform's adapter is
made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from bot.adapters.discord import DiscordSettings
from bot.adapters.matrix import MatrixSettings
from bot.adapters.telegram import TelegramSettings, webhook_port

if TYPE_CHECKING:
    from bot.chat.access_control import AccessControl
    from bot.chat.service import CaptionService
    from bot.settings import Settings
    from bot.store import Store


class PlatformSettings(TelegramSettings, DiscordSettings, MatrixSettings):
    """What an operator can decide about the platforms: each platform's model is a base."""


class Adapter(Protocol):
    """What receives and sends on a platform."""

    @property
    def connected(self) -> bool:
        """Whether the platform tells it what happens."""

    async def run(self) -> None:
        """Serve until cancelled; then finish what is in hand, soon.

        Raises AdapterError where waiting does not help.
        """


def _no_ports(_settings: Any) -> Mapping[str, int | None]:  # noqa: ANN401 - any platform's settings
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A chat platform, by what the rest of the program has to know of it."""

    name: str  # of its role, its reply stream and its label in metrics
    title: str  # as people write it
    token: str  # the setting without which it cannot run
    advice: str  # where the token comes from
    adapter: str  # the module with `make_adapter`
    ids: str  # a regular expression for what CAPTIONBOT_OWNERS and the like name
    example: str  # of such an id, in a list
    check: str  # the doctor's module
    offline: str  # what the readiness probe says while it is not connected
    packages: tuple[str, ...]  # what a bot host has to install for it alone, if anything
    requirement: str  # the same as pyproject.toml asks for it; empty where there is nothing
    loggers: tuple[str, ...] = ()  # that speak of every request, or of what people wrote
    ports: Callable[[Any], Mapping[str, int | None]] = _no_ports  # that it listens on, by setting
    # For the files that deploy/platforms.py writes:
    alone: str = "One process."  # and why there are no more
    private: tuple[str, ...] = ()  # settings beside the token that no other process may know
    further: tuple[str, ...] = ()  # settings beside the token that a cluster gives it
    webhook: int | None = None  # the port on which the platform calls it in a container

    @property
    def secrets(self) -> tuple[str, ...]:
        """The settings that no other process may know."""
        return (self.token, *self.private)

    @property
    def of_a_cluster(self) -> tuple[str, ...]:
        """The settings that a process in a cluster is given."""
        return (self.token, *self.further)

    def configured(self, settings: Settings) -> bool:
        """Whether its token is set."""
        return getattr(settings, self.token.lower()) is not None

    def make_adapter(
        self,
        settings: Settings,
        service: CaptionService,
        *,
        store: Store,
        access: AccessControl,
    ) -> Adapter:
        """Its adapter. Raises AdapterError for settings that cannot work."""
        make: Callable[..., Adapter] = import_module(self.adapter).make_adapter
        return make(settings, service, store=store, access=access)


PLATFORMS: tuple[Platform, ...] = (
    Platform(
        name="telegram",
        title="Telegram",
        token="TELEGRAM_BOT_TOKEN",  # noqa: S106 - the setting's name
        advice="@BotFather on Telegram gives one",
        adapter="bot.adapters.telegram.adapter",
        ids=r"-?[0-9]{1,20}",
        example="telegram:12345",
        check="bot.adapters.telegram.check",
        offline="Telegram is not connected",
        packages=("telegram",),
        requirement="python-telegram-bot>=22.5",
        loggers=("httpx", "httpcore", "telegram", "telegram.ext"),
        ports=webhook_port,
        alone=(
            "One process: Telegram gives its news to one asker only. With a webhook there may be "
            "several; then this needs a Service for port 8081 and an Ingress as well."
        ),
        private=("TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET"),
        webhook=8081,
    ),
    Platform(
        name="discord",
        title="Discord",
        token="DISCORD_BOT_TOKEN",  # noqa: S106 - the setting's name
        advice="https://discord.com/developers/applications gives one",
        adapter="bot.adapters.discord.adapter",
        ids=r"-?[0-9]{1,20}",
        example="discord:67890",
        check="bot.adapters.discord.check",
        offline="Discord's gateway is not connected",
        packages=("discord",),
        requirement="discord.py>=2.6",
        loggers=("discord",),
        alone="One process: Discord would tell two of them everything, and both would answer.",
    ),
    Platform(
        name="matrix",
        title="Matrix",
        token="MATRIX_ACCESS_TOKEN",  # noqa: S106 - the setting's name
        advice="logging in as the bot gives one, see docs/operations.md",
        adapter="bot.adapters.matrix.adapter",
        ids=r"[@!][^\s,:]{1,200}(?::[A-Za-z0-9.:\[\]-]{1,230})?",
        example="matrix:@alice:example.org",
        check="bot.adapters.matrix.check",
        offline="the Matrix homeserver is not connected",
        packages=("nio",),
        requirement="matrix-nio>=0.26",
        loggers=("nio",),
        alone=(
            "One process: two would read the same in every room, and both would answer. "
            "In a cluster without Matrix, scale it to 0."
        ),
        further=("MATRIX_HOMESERVER_URL",),
    ),
)
BY_NAME: Mapping[str, Platform] = {platform.name: platform for platform in PLATFORMS}
