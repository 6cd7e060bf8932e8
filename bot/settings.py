"""Every setting, from the environment or a .env file; each is explained in .env.example."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(ValueError):
    """A setting is missing, misspelt or out of range; the text names it and says what to do."""


class Settings(BaseSettings):
    """What an operator can decide. Secrets never show in repr, logs or errors."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    telegram_bot_token: SecretStr | None = Field(None, alias="TELEGRAM_BOT_TOKEN")
    telegram_api_url: str = Field(
        "https://api.telegram.org", pattern=r"^https?://\S+$", alias="TELEGRAM_API_URL"
    )
    discord_bot_token: SecretStr | None = Field(None, alias="DISCORD_BOT_TOKEN")
    discord_api_url: str = Field(
        "https://discord.com/api/v10", pattern=r"^https?://\S+$", alias="DISCORD_API_URL"
    )
    discord_gateway_url: str = Field(
        "wss://gateway.discord.gg/", pattern=r"^wss?://\S+$", alias="DISCORD_GATEWAY_URL"
    )
    discord_cdn_url: str | None = Field(None, alias="DISCORD_CDN_URL")
    redis_url: SecretStr | None = Field(None, alias="REDIS_URL")

    checkpoint: Path | None = Field(None, alias="CAPTIONBOT_CHECKPOINT")
    device: Annotated[str, Field(pattern=r"^(auto|cpu|cuda|cuda:\d+)$")] = Field(
        "auto", alias="CAPTIONBOT_DEVICE"
    )
    web_host: str = Field("127.0.0.1", alias="CAPTIONBOT_WEB_HOST")
    web_port: int = Field(8080, ge=0, le=65535, alias="CAPTIONBOT_WEB_PORT")
    beam_size: int = Field(5, ge=1, le=20, alias="CAPTIONBOT_BEAM_SIZE")
    n_best: int = Field(3, ge=1, le=10, alias="CAPTIONBOT_N_BEST")
    max_batch: int = Field(16, ge=1, le=512, alias="CAPTIONBOT_MAX_BATCH")
    max_photo_mb: int = Field(20, ge=1, le=100, alias="CAPTIONBOT_MAX_PHOTO_MB")
    max_megapixels: int = Field(80, ge=1, le=500, alias="CAPTIONBOT_MAX_MEGAPIXELS")
    queue_depth: int = Field(1000, ge=1, alias="CAPTIONBOT_QUEUE_DEPTH")
    per_person: int = Field(10, ge=1, alias="CAPTIONBOT_PER_PERSON")
    visibility_seconds: float = Field(
        30.0, ge=1, allow_inf_nan=False, alias="CAPTIONBOT_VISIBILITY_SECONDS"
    )
    max_deliveries: int = Field(3, ge=1, le=20, alias="CAPTIONBOT_MAX_DELIVERIES")
    cache_hours: float = Field(24.0, ge=0, le=720, alias="CAPTIONBOT_CACHE_HOURS")
    hash_key: SecretStr | None = Field(None, min_length=16, alias="CAPTIONBOT_HASH_KEY")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="CAPTIONBOT_LOG_LEVEL"
    )

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.match(r"(redis|rediss|unix)://\S", value.get_secret_value()):
            raise ValueError("it starts with redis://, rediss:// or unix://")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings in force; raises SettingsError, naming each setting that is wrong.

    A name that starts with CAPTIONBOT_ and is none of ours is refused, for it is a misspelling
    whose setting would silently not be in force.
    """
    try:
        from_file = set(dotenv_values(env_file)) if env_file and env_file.is_file() else set()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be read: {type(error).__name__}") from None
    known = {field.alias for field in Settings.model_fields.values()}
    strangers = sorted(
        n for n in from_file | set(os.environ) if n.startswith("CAPTIONBOT_") and n not in known
    )
    if strangers:
        raise SettingsError(
            f"{', '.join(strangers)}: no such setting; see .env.example for those there are"
        )
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]  # pydantic-settings' own
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise SettingsError("; ".join(lines) + "; see .env.example") from None
