"""Makes the captioner that the settings ask for, whichever engine it has."""

from __future__ import annotations

import asyncio
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Protocol

from pydantic import SecretStr

from captioner.base import PhotoCaptioner
from captioner.captioner import Captioner
from captioner.checkpoint.metadata import CheckpointError
from captioner.distribution import how_to_install
from captioner.engines.base import DeviceError
from captioner.engines.transformers.hub import (
    Hub,
    HubFetch,
    HubModel,
    check_folder,
    hub_model,
    is_model_folder,
)
from captioner.prompts import read_prompts

EngineName = Literal["auto", "torch", "openvino", "transformers", "openai"]


class ModelSettings(Protocol):
    """The settings that decide which model is used, and where it runs; `bot.settings` has them."""

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
    def model_prompts(self) -> Path | None: ...
    @property
    def openai_url(self) -> str | None: ...
    @property
    def openai_model(self) -> str | None: ...
    @property
    def openai_key(self) -> SecretStr | None: ...
    @property
    def openai_timeout(self) -> float: ...
    @property
    def allow_remote_model(self) -> bool: ...
    @property
    def openai_concurrency(self) -> int: ...
    @property
    def hf_endpoint(self) -> str | None: ...
    @property
    def hf_token(self) -> SecretStr | None: ...
    @property
    def hf_home(self) -> Path | None: ...


def load_captioner(
    settings: ModelSettings, checkpoint: Path | None = None, device: str | None = None
) -> PhotoCaptioner:
    """The model of the arguments, the settings or the bundled checkpoint, in that order.

    A model of the Hub is fetched if it is not there, so not to be called in an event loop's thread.
    Raises CheckpointError, DeviceError and FetchError, in one sentence for people.
    """
    if settings.engine == "openai" and checkpoint is None:
        return _behind_address(settings)
    path, device = checkpoint or settings.checkpoint, device or settings.device
    model = hub_model(path)
    if model is not None or (path is not None and is_model_folder(path)):
        return _by_transformers(settings, model or path, device)
    if path is not None and path.is_dir():
        check_folder(path)  # raises: it has no config.json
    if settings.engine == "transformers":
        raise CheckpointError(
            "CAPTIONBOT_ENGINE=transformers: set CAPTIONBOT_CHECKPOINT to a model like "
            "hf:Salesforce/blip-image-captioning-base, or to a folder with config.json"
        )
    engine = "auto" if settings.engine == "openai" else settings.engine
    return Captioner.load(path, device=device, engine=engine)


def hub_of(settings: ModelSettings) -> Hub:
    """The Hub of the settings, which may stand in .env, where huggingface_hub does not look."""
    cache = settings.hf_home.expanduser() / "hub" if settings.hf_home else None
    if "HF_HUB_CACHE" in os.environ:  # it goes before, as elsewhere
        cache = None
    token = settings.hf_token.get_secret_value() if settings.hf_token else None
    endpoint = settings.hf_endpoint.rstrip("/") if settings.hf_endpoint else None
    return Hub(endpoint=endpoint, token=token, cache=cache)


def check_installed(model: HubModel | Path | None) -> None:
    """Raise DeviceError if what such a model needs is not installed."""
    if missing := [name for name in ("transformers", "torch") if find_spec(name) is None]:
        raise DeviceError(
            f"{model} needs {' and '.join(missing)}, not installed here: "
            f"{how_to_install('transformers')}"
        )


def _by_transformers(
    settings: ModelSettings, model: HubModel | Path | None, device: str
) -> PhotoCaptioner:
    if settings.engine == "openvino":
        raise DeviceError(
            f"{model} runs on transformers, and CAPTIONBOT_ENGINE is openvino, which runs "
            "CaptionBot's own checkpoints alone; set it to auto"
        )
    check_installed(model)
    from captioner.engines.transformers.captioner import (  # noqa: PLC0415 - heavy, if chosen
        TransformersCaptioner,
    )
    from captioner.engines.transformers.loading import load_model  # noqa: PLC0415 - heavy, if chosen

    prompts = read_prompts(settings.model_prompts)
    if isinstance(model, HubModel):
        folder = asyncio.run(HubFetch(model=model, hub=hub_of(settings)).run())
        name = model.repository.rpartition("/")[2]
    else:
        assert model is not None
        folder, name = model, model.resolve().name
    family = load_model(folder, device=device, name=str(model))
    return TransformersCaptioner(
        family, folder, name=name, languages=settings.model_languages, prompts=prompts
    )


def _behind_address(settings: ModelSettings) -> PhotoCaptioner:
    if settings.openai_url is None or settings.openai_model is None:
        raise DeviceError(
            "CAPTIONBOT_ENGINE=openai: set CAPTIONBOT_OPENAI_URL, such as "
            "http://127.0.0.1:11434/v1, and CAPTIONBOT_OPENAI_MODEL"
        )
    if find_spec("openai") is None:
        raise DeviceError(
            f"CAPTIONBOT_ENGINE=openai: the client is not installed: {how_to_install('openai')}"
        )
    from captioner.engines.openai.captioner import (  # noqa: PLC0415 - of an extra, if chosen
        OpenAICaptioner,
    )
    from captioner.engines.openai.client import Endpoint  # noqa: PLC0415 - of an extra

    return OpenAICaptioner(
        Endpoint(
            url=settings.openai_url,
            model=settings.openai_model,
            key=settings.openai_key.get_secret_value() if settings.openai_key else None,
            timeout=settings.openai_timeout,
        ),
        languages=settings.model_languages,
        prompts=read_prompts(settings.model_prompts),
        concurrency=settings.openai_concurrency,
    )
