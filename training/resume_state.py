"""Saving and restoring a stage in the middle, as one safetensors file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from captioner.errors import OperatorError
from training.config import EarlyStopping


class StateMismatch(OperatorError, ValueError):
    """A saved state belongs to another run or another stage."""


def save_tensors(path: Path, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
    """Write tensors and JSON metadata atomically: the file is the old one or the new one.

    Raises OSError (a full disk, say) and leaves no half-written file behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".part")
    try:
        save_file(_apart(tensors), half, metadata={"json": json.dumps(meta)})
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _apart(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors, none sharing memory with another: a tied weight is written twice."""
    seen: set[int] = set()
    apart: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        whole = tensor.detach().contiguous()
        apart[name] = whole.clone() if whole.data_ptr() in seen else whole
        seen.add(whole.data_ptr())
    return apart


def load_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and the metadata that `save_tensors` wrote."""
    with safe_open(path, framework="pt") as opened:
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - no mapping: it cannot be iterated over
        meta = json.loads((opened.metadata() or {}).get("json", "{}"))
    return tensors, meta


def load_meta(path: Path) -> dict[str, Any]:
    """The metadata alone."""
    with safe_open(path, framework="pt") as opened:
        meta: dict[str, Any] = json.loads((opened.metadata() or {}).get("json", "{}"))
    return meta


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """What an optimizer remembers of each parameter, by the parameter's number."""
    return {
        f"{index}.{key}": value if torch.is_tensor(value) else torch.tensor(value)
        for index, memory in optimizer.state_dict()["state"].items()
        for key, value in memory.items()
        if value is not None
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Give an optimizer back what `optimizer_tensors` took from it."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        index, key = name.split(".", 1)
        state.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})


def with_prefix(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors under `prefix.NAME`."""
    return {f"{prefix}.{name}": tensor for name, tensor in tensors.items()}


def under_prefix(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors that stand under `prefix.`, without it."""
    start = prefix + "."
    return {n[len(start) :]: t for n, t in tensors.items() if n.startswith(start)}


class Average:
    """An exponential moving average of a module's weights and batch-norm statistics (EMA)."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.tensors = {name: t.detach().clone() for name, t in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Move towards the module; early steps count more, so the start is soon forgotten."""
        decay = min(self.decay, (1 + step) / (10 + step))
        current = module.state_dict()
        pairs = [(t, current[n]) for n, t in self.tensors.items() if t.is_floating_point()]
        torch._foreach_lerp_([t for t, _ in pairs], [c for _, c in pairs], 1 - decay)
        for name, tensor in self.tensors.items():
            if not tensor.is_floating_point():
                tensor.copy_(current[name])


class Best:
    """Remembers the best weights, where the configuration asks for it.

    What it remembers is part of a stage's saved state, so that a resumed run stops where the
    whole one does.
    """

    def __init__(self, config: EarlyStopping | None) -> None:
        self._config = config
        self.scores: dict[str, float] | None = None
        self.tensors: dict[str, Tensor] = {}
        self._worse = 0  # validations since

    def look(self, scores: dict[str, float], tensors: dict[str, Tensor]) -> None:
        """Take note of a validation and of the weights that it is of."""
        if self._config is None:
            return
        metric = self._config.metric
        if self.scores is None or scores[metric] > self.scores[metric]:
            self.scores, self._worse = dict(scores), 0
            self.tensors = {name: tensor.clone() for name, tensor in tensors.items()}
        else:
            self._worse += 1

    @property
    def should_stop(self) -> bool:
        """Whether there was no better validation for as long as the configuration waits."""
        return self._config is not None and self._worse >= self._config.patience

    def meta(self) -> dict[str, Any]:
        """What of it is no tensor, for JSON."""
        return {"scores": self.scores, "worse": self._worse}

    def restore(self, meta: dict[str, Any] | None, tensors: dict[str, Tensor]) -> None:
        """Go on with what `meta` and `tensors` were."""
        if meta:
            self.scores, self._worse, self.tensors = meta["scores"], int(meta["worse"]), tensors
