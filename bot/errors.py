"""Which errors an operator can put right: they are said in one line, without a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from captioner.distribution import how_to_install

# By name, for importing them would import torch: the module is looked up only if it is loaded.
_FOR_OPERATORS = (
    ("bot.settings", "SettingsError"),
    ("bot.adapters", "AdapterError"),
    ("bot.fetching.answer", "FetchError"),
    ("captioner.checkpoint.metadata", "CheckpointError"),
    ("captioner.captioner", "DeviceError"),
    ("captioner.queue.base", "QueueError"),
    ("training.evaluation.calibration", "CalibrationError"),
    ("training.config", "ConfigError"),
    ("training.data.photos", "DataError"),
    ("training.oom", "OutOfMemory"),
    ("training.distributed.processes", "ProcessesError"),
    ("training.resume_state", "StateMismatch"),
    ("training.pretrained", "WeightsUnavailable"),
)


# What a service manager puts right by starting the process again.
_FOR_SUPERVISORS = (("captioner.worker.self_test", "ModelFailure"),)


class UsageError(Exception):
    """The command cannot do what it was asked; the text says why and what to do."""


def for_operators(error: BaseException) -> str | None:
    """The sentence to print for an error, or None for one that is a bug of ours."""
    if isinstance(error, UsageError):
        return str(error)
    if _is_one_of(error, _FOR_OPERATORS):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing_package(error.name.partition(".")[0])
    return None


def for_supervisors(error: BaseException) -> str | None:
    """The sentence for an error that a new process may not have, or None for any other."""
    return str(error) if _is_one_of(error, _FOR_SUPERVISORS) else None


def _is_one_of(error: BaseException, kinds: Iterable[tuple[str, str]]) -> bool:
    found = (getattr(sys.modules.get(module), name, None) for module, name in kinds)
    return any(kind is not None and isinstance(error, kind) for kind in found)


def _missing_package(name: str) -> str | None:
    extras = {
        "torch": "worker",
        "torchvision": "train",
        "safetensors": "worker",
        "telegram": "bot",
        "discord": "bot",
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
    extra = extras.get(name)
    return f"{name} is not installed: {how_to_install(extra)}" if extra else None
