"""Which errors an operator can put right: they are said in one line, without a traceback."""

from __future__ import annotations

import sys

# By name, for importing them would import torch: the module is looked up only if it is loaded.
_FOR_OPERATORS = (
    ("bot.settings", "SettingsError"),
    ("bot.adapters", "AdapterError"),
    ("captioner.checkpoint", "CheckpointError"),
    ("captioner.captioner", "DeviceError"),
    ("captioner.queue.contract", "QueueError"),
    ("training.config", "ConfigError"),
    ("training.data.photos", "DataError"),
    ("training.memory", "OutOfMemory"),
    ("training.state", "StateMismatch"),
    ("training.run", "WeightsUnavailable"),
)


class UsageError(Exception):
    """The command cannot do what it was asked; the text says why and what to do."""


def for_operators(error: BaseException) -> str | None:
    """The sentence to print for an error, or None for one that is a bug of ours."""
    if isinstance(error, UsageError):
        return str(error)
    for module, name in _FOR_OPERATORS:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing_package(error.name.partition(".")[0])
    return None


def _missing_package(name: str) -> str | None:
    extras = {
        "torch": "worker",
        "torchvision": "worker",
        "safetensors": "worker",
        "telegram": "bot",
        "discord": "bot",
        "aiohttp": "bot",
        "fluent": "bot",
        "opentelemetry": "otel",
        "spacy": "train",
        "pycocoevalcap": "train",
    }
    extra = extras.get(name)
    return f"{name} is not installed; pip install 'captionbot[{extra}]'" if extra else None
