"""Every setting, from the environment or a .env file; each is explained in .env.example."""

from __future__ import annotations

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.adapters import HTTP
from bot.adapters.registry import PLATFORMS, PlatformSettings
from bot.errors import given_twice, misspelt, sentence_of, unreadable_line
from captioner.errors import OperatorError
from captioner.network import host_of, is_own_network

_SOMEBODY = re.compile("|".join(f"{one.name}:(?:{one.ids})" for one in PLATFORMS))
_EXAMPLE = ", ".join(platform.example for platform in PLATFORMS)
_ORIGIN = re.compile(
    r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?|https?://\[[0-9a-f:.]+\](:[0-9]{1,5})?"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LOOPBACK = "127.0.0.1"
Listed = Annotated[tuple[str, ...], NoDecode]  # written with commas, not as JSON


class SettingsError(OperatorError, ValueError):
    """A setting is missing, misspelt or out of range; the text names it and says what to do."""


class ModelSettings(BaseModel):
    """Those of models that others made, and of those behind an address."""

    model_languages: Listed = Field((), alias="CAPTIONBOT_MODEL_LANGUAGES")
    model_prompts: Path | None = Field(None, alias="CAPTIONBOT_MODEL_PROMPTS")
    openai_url: str | None = Field(None, alias="CAPTIONBOT_OPENAI_URL")
    openai_model: str | None = Field(
        None, min_length=1, max_length=200, alias="CAPTIONBOT_OPENAI_MODEL"
    )
    openai_key: SecretStr | None = Field(None, alias="CAPTIONBOT_OPENAI_KEY")
    allow_remote_model: bool = Field(False, alias="CAPTIONBOT_ALLOW_REMOTE_MODEL")
    openai_timeout: float = Field(
        60.0, ge=5, le=250, allow_inf_nan=False, alias="CAPTIONBOT_OPENAI_TIMEOUT"
    )
    openai_concurrency: int = Field(4, ge=1, le=64, alias="CAPTIONBOT_OPENAI_CONCURRENCY")
    # The names that huggingface_hub and other programs know.
    hf_token: SecretStr | None = Field(None, alias="HF_TOKEN")
    hf_home: Path | None = Field(None, alias="HF_HOME")
    hf_endpoint: str | None = Field(
        None,
        pattern=r"^https?://[^\s?#@]+$",
        description="it must look like https://huggingface.co",
        alias="HF_ENDPOINT",
    )

    @field_validator("model_languages", mode="before")
    @classmethod
    def _are_model_languages(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = tuple(part.strip().lower() for part in value.split(",") if part.strip())
        if not parts or not all(_LANGUAGE.fullmatch(part) for part in parts):
            raise ValueError("it is a list of languages like en, de, fr; the first is the default")
        return parts

    @field_validator("openai_key", "hf_token")
    @classmethod
    def _is_key(cls, value: SecretStr | None) -> SecretStr | None:
        # Anything else cannot be sent in a header, and the error then would show it.
        if value is not None and not re.fullmatch(r"[!-~]*", value.get_secret_value()):
            raise ValueError("it has a sign that no key has, such as a space; copy it again")
        return value

    @field_validator("openai_url")
    @classmethod
    def _is_model_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            host = host_of(value)
        except ValueError:
            host = ""
        if not host or not re.fullmatch(r"https?://[^\s?#@]+", value):
            raise ValueError(
                "it looks like http://127.0.0.1:11434/v1; a key goes into CAPTIONBOT_OPENAI_KEY"
            )
        return value

    @model_validator(mode="after")
    def _may_be_remote(self) -> Self:
        if self.openai_url is None or is_own_network(self.openai_url):
            return self
        host = host_of(self.openai_url)
        if not self.allow_remote_model:
            raise ValueError(
                f"CAPTIONBOT_OPENAI_URL: {host} is outside of your own network, and people are "
                "told that their photos stay there; use a server of yours, or set "
                "CAPTIONBOT_ALLOW_REMOTE_MODEL=true, and people are told that photos go there"
            )
        if not host.isascii():
            raise ValueError(
                f"CAPTIONBOT_OPENAI_URL: {host}: write its name in ASCII letters (xn--…), for "
                "people are to be told it"
            )
        if not self.openai_url.startswith("https://"):
            raise ValueError(
                f"CAPTIONBOT_OPENAI_URL: photos go to {host} over https:// alone, for it is "
                "outside of your own network"
            )
        return self

    @model_validator(mode="after")
    def _model_is_named(self) -> Self:
        if self.openai_url and not self.openai_model:
            raise ValueError("CAPTIONBOT_OPENAI_MODEL: set it with CAPTIONBOT_OPENAI_URL")
        return self


class Settings(PlatformSettings, ModelSettings, BaseSettings):
    """What an operator can decide. Secrets never show in repr, logs or errors."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    redis_url: SecretStr | None = Field(None, alias="REDIS_URL")
    store_url: SecretStr | None = Field(None, alias="CAPTIONBOT_STORE_URL")

    owners: Listed = Field((), alias="CAPTIONBOT_OWNERS")
    allow: Listed = Field((), alias="CAPTIONBOT_ALLOW")
    block: Listed = Field((), alias="CAPTIONBOT_BLOCK")
    person_per_minute: int = Field(20, ge=1, le=10_000, alias="CAPTIONBOT_PERSON_PER_MINUTE")
    chat_per_minute: int = Field(60, ge=1, le=10_000, alias="CAPTIONBOT_CHAT_PER_MINUTE")

    checkpoint: Path | None = Field(None, alias="CAPTIONBOT_CHECKPOINT")
    checkpoint_url: SecretStr | None = Field(None, alias="CAPTIONBOT_CHECKPOINT_URL")
    checkpoint_sha256: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{64}$",
        description="it must be 64 hexadecimal digits, as sha256sum prints them",
        alias="CAPTIONBOT_CHECKPOINT_SHA256",
    )
    device: Annotated[str, Field(pattern=r"^(auto|cpu|cuda|cuda:\d+)$")] = Field(
        "auto",
        description="it must be auto, cpu, cuda or a certain GPU, like cuda:1",
        alias="CAPTIONBOT_DEVICE",
    )
    engine: Literal["auto", "torch", "openvino", "transformers", "openai"] = Field(
        "auto", alias="CAPTIONBOT_ENGINE"
    )
    web_host: str = Field("127.0.0.1", alias="CAPTIONBOT_WEB_HOST")
    web_port: int = Field(8080, ge=0, le=65535, alias="CAPTIONBOT_WEB_PORT")
    web_per_minute: int = Field(30, ge=1, le=10_000, alias="CAPTIONBOT_WEB_PER_MINUTE")
    frame_ancestors: Listed = Field((), alias="CAPTIONBOT_FRAME_ANCESTORS")
    web_keys: Path | None = Field(None, alias="CAPTIONBOT_WEB_KEYS")
    web_origins: Listed = Field((), alias="CAPTIONBOT_WEB_ORIGINS")
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), alias="CAPTIONBOT_TRUSTED_PROXIES"
    )
    web_prefix: Annotated[str, Field(pattern=r"^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?$")] = Field(
        "",
        description="it must be a path like /captions, of letters, digits and . _ ~ -",
        alias="CAPTIONBOT_WEB_PREFIX",
    )
    caption_language: Annotated[str, Field(pattern=r"^(auto|[a-z]{2,3}(-[A-Za-z0-9]{2,8})?)$")] = (
        Field(
            "auto",
            description="it is auto, or the code of a language that the model has, like en or de",
            alias="CAPTIONBOT_CAPTION_LANGUAGE",
        )
    )
    beam_size: int = Field(5, ge=1, le=20, alias="CAPTIONBOT_BEAM_SIZE")
    n_best: int = Field(3, ge=1, le=10, alias="CAPTIONBOT_N_BEST")
    max_batch: int = Field(16, ge=1, le=512, alias="CAPTIONBOT_MAX_BATCH")
    max_photo_mb: int = Field(20, ge=1, le=100, alias="CAPTIONBOT_MAX_PHOTO_MB")
    max_megapixels: int = Field(80, ge=1, le=500, alias="CAPTIONBOT_MAX_MEGAPIXELS")
    queue_depth: int = Field(1000, ge=1, le=1_000_000, alias="CAPTIONBOT_QUEUE_DEPTH")
    per_person: int = Field(10, ge=1, le=1_000_000, alias="CAPTIONBOT_PER_PERSON")
    visibility_seconds: float = Field(
        30.0, ge=1, le=3600, allow_inf_nan=False, alias="CAPTIONBOT_VISIBILITY_SECONDS"
    )
    max_deliveries: int = Field(3, ge=1, le=20, alias="CAPTIONBOT_MAX_DELIVERIES")
    cache_hours: float = Field(24.0, ge=0, le=720, alias="CAPTIONBOT_CACHE_HOURS")
    dead_letter_hours: float = Field(0.0, ge=0, le=720, alias="CAPTIONBOT_DEAD_LETTER_HOURS")
    hash_key: SecretStr | None = Field(None, min_length=16, alias="CAPTIONBOT_HASH_KEY")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="CAPTIONBOT_LOG_LEVEL"
    )
    log_format: Literal["auto", "text", "json"] = Field("auto", alias="CAPTIONBOT_LOG_FORMAT")
    metrics_host: str = Field(_LOOPBACK, alias="CAPTIONBOT_METRICS_HOST")
    metrics_port: int | None = Field(None, ge=0, le=65535, alias="CAPTIONBOT_METRICS_PORT")
    otlp_endpoint: str | None = Field(None, alias="CAPTIONBOT_OTLP_ENDPOINT")

    @field_validator("redis_url", "store_url")
    @classmethod
    def _is_redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.match(r"(rediss?(\+sentinel)?|unix)://\S", value.get_secret_value()):
            raise ValueError("it must start with redis://, rediss://, redis+sentinel:// or unix://")
        return value

    @field_validator("checkpoint_url")
    @classmethod
    def _is_url(cls, value: SecretStr | None) -> SecretStr | None:
        # The worker refuses what is unsafe to fetch: see captioner/network.py.
        if value and not re.match(HTTP, value.get_secret_value()):
            raise ValueError("it must start with https://")
        return value

    @field_validator("log_level", "log_format", "checkpoint_sha256", "engine", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    # Of those that come before, the last is called first: this one gets the parts.
    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _are_networks(cls, value: object) -> object:
        try:
            return tuple(map(ip_network, value)) if isinstance(value, tuple) else value
        except ValueError:
            raise ValueError(
                "it must be a list of addresses or networks, like 127.0.0.1, 10.0.0.0/8"
            ) from None

    @field_validator(
        "owners",
        "allow",
        "block",
        "frame_ancestors",
        "trusted_proxies",
        "web_origins",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip().lower() for part in value.split(",") if part.strip())

    @field_validator("owners", "allow", "block")
    @classmethod
    def _are_somebody(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_SOMEBODY.fullmatch(part) for part in value):
            raise ValueError(f"it must be a list like {_EXAMPLE}, of ids, not names")
        return value

    @field_validator("frame_ancestors")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_ORIGIN.fullmatch(part) for part in value):
            raise ValueError(
                "it must be a list of origins, like https://example.org, without paths"
            )
        return value

    @field_validator("web_origins")
    @classmethod
    def _are_sites(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_ORIGIN.fullmatch(part) and "*" not in part for part in value):
            raise ValueError(
                "it must be a list of origins, like https://example.org, without paths or *"
            )
        return value

    @field_validator("otlp_endpoint")
    @classmethod
    def _is_collector(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                parts = urlsplit(value)
                fine = parts.hostname and parts.port != 0 and not re.search(r"[\s#?]", value)
            except ValueError:
                fine = None
            if not fine or parts.scheme not in {"https", "http"} or parts.username is not None:
                raise ValueError(
                    "it must be an address like http://127.0.0.1:4318; passwords go into "
                    "OTEL_EXPORTER_OTLP_HEADERS"
                )
        return value

    @model_validator(mode="after")
    def _checkpoint_is_whole(self) -> Self:
        if self.checkpoint_url and not self.checkpoint_sha256:
            raise ValueError(
                "CAPTIONBOT_CHECKPOINT_SHA256: set it with CAPTIONBOT_CHECKPOINT_URL, so that "
                "nothing else can be put in its place"
            )
        if self.checkpoint_url and not self.checkpoint:
            raise ValueError(
                "CAPTIONBOT_CHECKPOINT: set it with CAPTIONBOT_CHECKPOINT_URL, to where the file "
                "shall lie"
            )
        if self.checkpoint_sha256 and not self.checkpoint_url:
            raise ValueError(
                "CAPTIONBOT_CHECKPOINT_URL: set it too, or take CAPTIONBOT_CHECKPOINT_SHA256 away"
            )
        return self

    @model_validator(mode="after")
    def _store_has_a_queue(self) -> Self:
        if self.store_url and not self.redis_url:
            raise ValueError(
                "REDIS_URL: set it with CAPTIONBOT_STORE_URL; bots that share a store share a queue"
            )
        return self

    @model_validator(mode="after")
    def _agree(self) -> Self:
        given = self.model_fields_set
        if "n_best" in given and self.n_best > self.beam_size:
            raise ValueError(
                f"CAPTIONBOT_N_BEST: the search finds at most {self.beam_size}, a caption a beam; "
                "lower it, or raise CAPTIONBOT_BEAM_SIZE"
            )
        if "per_person" in given and self.per_person > self.queue_depth:
            raise ValueError(
                "CAPTIONBOT_PER_PERSON: one person may have no more in flight than everybody "
                "together; lower it, or raise CAPTIONBOT_QUEUE_DEPTH"
            )
        if set(self.block) & {*self.allow, *self.owners}:
            raise ValueError(
                "CAPTIONBOT_BLOCK: somebody in it is in CAPTIONBOT_ALLOW or CAPTIONBOT_OWNERS as "
                "well; take them out of one of the lists"
            )
        if self.metrics_host != _LOOPBACK and self.metrics_port is None:
            raise ValueError(
                "CAPTIONBOT_METRICS_PORT: set it too, or take CAPTIONBOT_METRICS_HOST away; "
                "nothing listens without a port"
            )
        return self


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings in force; raises SettingsError, naming each setting that is wrong.

    A name that starts with CAPTIONBOT_ and is none of ours is refused, for it is a misspelling
    whose setting would silently not be in force; so is a file that cannot be understood whole.
    """
    names = set(os.environ)
    try:
        if env_file and env_file.is_file():
            if wrong := unreadable_line(env_file) or given_twice(env_file):
                raise SettingsError(wrong)
            names |= set(dotenv_values(env_file))
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file} cannot be read: it is not text in UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{env_file} cannot be read: {error.strerror}") from None
    known = {str(field.alias) for field in Settings.model_fields.values()}
    if wrong := misspelt(names, known):
        raise SettingsError(wrong)
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]  # pydantic-settings' own
    except ValidationError as error:
        raise SettingsError(sentence_of(error, Settings.model_fields)) from None
