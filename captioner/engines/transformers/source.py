"""Where a model's files are: a repository of the Hugging Face Hub, or a folder in its layout."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from captioner.checkpoint.metadata import CheckpointError

_PREFIX = "hf:"
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
_REVISION = re.compile(r"[A-Za-z0-9][\w./-]{0,99}", re.ASCII)
_CONFIG = "config.json"
# Of a repository, what a model is read from: never code, pickles, or another framework's weights.
WEIGHTS = re.compile(r"model(?:-\d{5}-of-\d{5})?\.safetensors")
PICKLES = re.compile(r".*\.(?:bin|pt|pth|pkl|ckpt)")
_BESIDE = re.compile(r"[\w.-]+\.(?:json|txt|model|jinja|tiktoken)", re.ASCII)


@dataclass(frozen=True)
class HubModel:
    """A model of the Hub."""

    repository: str  # "owner/name"
    revision: str | None = None  # a commit, a tag or a branch; None: what was fetched first

    def __str__(self) -> str:
        return _PREFIX + self.repository + (f"@{self.revision}" if self.revision else "")


def hub_model(checkpoint: Path | str | None) -> HubModel | None:
    """The model of the Hub that `hf:owner/name[@revision]` names; None for anything else.

    Raises CheckpointError if it begins with `hf:` and names none.
    """
    text = str(checkpoint or "")
    if not text.startswith(_PREFIX):
        return None
    repository, at, revision = text.removeprefix(_PREFIX).partition("@")
    if not _REPOSITORY.fullmatch(repository) or ".." in repository:
        raise CheckpointError(
            f"{text[:120]}: a model of the Hugging Face Hub is written hf:owner/name, or "
            "hf:owner/name@revision"
        )
    if at and (not _REVISION.fullmatch(revision) or ".." in revision):
        raise CheckpointError(f"{text[:120]}: behind the @ belongs a commit, a tag or a branch")
    return HubModel(repository, revision or None)


def is_model_folder(checkpoint: Path | None) -> bool:
    """Whether it is a folder in transformers' layout."""
    return checkpoint is not None and (checkpoint / _CONFIG).is_file()


def needed(names: Iterable[str], *, where: str) -> list[str]:
    """Of a repository's files those that a model is read from.

    Raises CheckpointError if they are no model, or if its weights are only pickles.
    """
    top = [name for name in names if "/" not in name]
    weights = [name for name in top if WEIGHTS.fullmatch(name)]
    if _CONFIG not in top:
        raise CheckpointError(
            f"{where}: no model of transformers is there (no {_CONFIG}); choose another model"
        )
    if not weights:
        if any(PICKLES.fullmatch(name) for name in top):
            raise CheckpointError(
                f"{where}: its weights are pickles, which can run code when they are loaded; "
                "choose a revision or a model that has model.safetensors"
            )
        raise CheckpointError(f"{where}: no model.safetensors is there; choose another model")
    return sorted({*weights, *(name for name in top if _BESIDE.fullmatch(name))})


def check_folder(folder: Path) -> None:
    """Raise CheckpointError if a folder's files are no model, or pickles alone."""
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise CheckpointError(f"{folder} cannot be read: {error.strerror}") from error
    needed(names, where=str(folder))


def weight_bytes(folder: Path) -> int:
    """How large the weights are, as they are stored."""
    return sum(path.stat().st_size for path in folder.iterdir() if WEIGHTS.fullmatch(path.name))
