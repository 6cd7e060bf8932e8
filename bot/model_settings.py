"""The settings of models that others made, and of those behind an address."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from captioner.network import host_of, is_own_network

_LANGUAGE = re.compile(r"[a-z]{2,3}")


class ModelSettings(BaseModel):
    """What an operator decides about such a model; each is explained in .env.example."""

    model_languages: Annotated[tuple[str, ...], NoDecode] = Field(
        (), alias="CAPTIONBOT_MODEL_LANGUAGES"
    )
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

    @field_validator("model_languages", mode="before")
    @classmethod
    def _are_model_languages(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = tuple(part.strip().lower() for part in value.split(",") if part.strip())
        if not parts or not all(_LANGUAGE.fullmatch(part) for part in parts):
            raise ValueError("it is a list of languages like en, de, fr; the first is the default")
        return parts

    @field_validator("openai_key")
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
