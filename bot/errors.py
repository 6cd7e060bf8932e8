"""Which errors an operator can put right: they are said in one line, without a traceback."""

from __future__ import annotations

from bot.adapters.registry import PLATFORMS
from captioner.distribution import how_to_install
from captioner.errors import OperatorError, RestartError


def for_operators(error: BaseException) -> str | None:
    """The sentence to print for an error, or None for one that is a bug of ours."""
    if isinstance(error, OperatorError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing_package(error.name.partition(".")[0])
    return None


def for_supervisors(error: BaseException) -> str | None:
    """The sentence for an error that a new process may not have, or None for any other."""
    return str(error) if isinstance(error, RestartError) else None


def _missing_package(name: str) -> str | None:
    extras = {
        "torch": "worker",
        "torchvision": "train",
        "safetensors": "worker",
        "aiohttp": "bot",
        "fluent": "bot",
        "opentelemetry": "otel",
        "spacy": "train",
        "pycocoevalcap": "train",
        "sklearn": "train",
        "jinja2": "train",
        "accelerate": "train",
        "filelock": "worker",
    }
    extras |= {package: "bot" for platform in PLATFORMS for package in platform.packages}
    extra = extras.get(name)
    return f"{name} is not installed: {how_to_install(extra)}" if extra else None
