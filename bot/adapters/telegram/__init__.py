"""Telegram, polled or by webhook: photos in, captions and pictures of the attention out."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator

from bot.adapters import HttpAddress

# python-telegram-bot 22 warns at every RetryAfter that its times become `timedelta`; this is its
# own switch for having them so already. It is read when such an error is made.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# What Telegram's own servers call a webhook on; a local Bot API server takes any port.
_WEBHOOK_PORTS = {None, 80, 88, 443, 8443}
_TELEGRAM = "https://api.telegram.org"
TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class TelegramSettings(BaseModel):
    """The settings; each is explained in .env.example."""

    telegram_bot_token: SecretStr | None = Field(None, alias="TELEGRAM_BOT_TOKEN")
    telegram_api_url: HttpAddress[str] = Field(_TELEGRAM, alias="TELEGRAM_API_URL")
    telegram_webhook_url: str | None = Field(None, alias="TELEGRAM_WEBHOOK_URL")
    telegram_webhook_secret: SecretStr | None = Field(None, alias="TELEGRAM_WEBHOOK_SECRET")
    webhook_host: str = Field("127.0.0.1", alias="CAPTIONBOT_WEBHOOK_HOST")
    webhook_port: int = Field(8081, ge=0, le=65535, alias="CAPTIONBOT_WEBHOOK_PORT")

    @field_validator("telegram_webhook_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                parts = urlsplit(value)
                fine = parts.hostname and parts.port != 0 and not re.search(r"[\s#]", value)
            except ValueError:
                fine = None
            if not fine or parts.scheme not in {"https", "http"} or parts.username is not None:
                raise ValueError("it must be an address like https://bot.example.org/telegram")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError(
                "it must have 16 to 256 characters, each one of A-Z, a-z, 0-9, _ and -"
            )
        return value

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        url, secret = self.telegram_webhook_url, self.telegram_webhook_secret
        if url and not secret:
            raise ValueError(
                "TELEGRAM_WEBHOOK_SECRET: set it with TELEGRAM_WEBHOOK_URL, or anybody could "
                "pretend to be Telegram"
            )
        if secret and not url:
            raise ValueError("TELEGRAM_WEBHOOK_URL: set it too, or take the secret away")
        if url and self.telegram_api_url.rstrip("/") == _TELEGRAM:
            parts = urlsplit(url)
            if parts.scheme != "https" or parts.port not in _WEBHOOK_PORTS:
                raise ValueError(
                    "TELEGRAM_WEBHOOK_URL: Telegram calls https:// only, on port 443, 80, 88 or "
                    "8443"
                )
        return self


def webhook_port(settings: TelegramSettings) -> Mapping[str, int | None]:
    """The port that a webhook listens on, by its setting; None where Telegram is polled."""
    listens = settings.telegram_webhook_url is not None
    return {"CAPTIONBOT_WEBHOOK_PORT": settings.webhook_port if listens else None}


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram calls, and where this process listens, behind a proxy that speaks TLS.

    The proxy leaves the path as it is in `url`. Calls without `secret` are turned away.
    """

    url: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8081  # 0: any that is free
