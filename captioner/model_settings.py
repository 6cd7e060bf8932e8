"""The settings of models, as the captioner reads them; `bot.settings` has them all."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from pydantic import SecretStr

EngineName = Literal["auto", "torch", "openvino", "transformers", "openai"]


class ModelSettings(Protocol):
    """The settings that decide which model is used, and where it runs."""

    @property
    def checkpoint(self) -> Path | None: ...
    @property
    def checkpoint_url(self) -> SecretStr | None: ...
    @property
    def checkpoint_sha256(self) -> str | None: ...
    @property
    def device(self) -> str: ...
    @property
    def engine(self) -> EngineName: ...
    @property
    def model_languages(self) -> tuple[str, ...]: ...
    @property
    def openai_url(self) -> str | None: ...
    @property
    def openai_model(self) -> str | None: ...
    @property
    def openai_key(self) -> SecretStr | None: ...
    @property
    def openai_timeout(self) -> float: ...
    @property
    def openai_concurrency(self) -> int: ...
