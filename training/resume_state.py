"""The state of a stage that a resumed run needs: averaged and best weights, optimizer, file."""

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
from training.stage_config import EarlyStopping


class StateMismatch(OperatorError, ValueError):
    """A saved state belongs to another configuration or another stage."""


def save_tensors(path: Path, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
    """Write tensors and JSON metadata to a safetensors file, atomically.

    Raises OSError (for example if the disk is full) and leaves no incomplete file behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".part")
    try:
        save_file(_without_shared_memory(tensors), half, metadata={"json": json.dumps(meta)})
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _without_shared_memory(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors without shared memory: a tied weight becomes two tensors."""
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


def load_metadata(path: Path) -> dict[str, Any]:
    """The metadata alone."""
    with safe_open(path, framework="pt") as opened:
        meta: dict[str, Any] = json.loads((opened.metadata() or {}).get("json", "{}"))
    return meta


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """An optimizer's state of each parameter, under `INDEX.NAME`."""
    return {
        f"{index}.{key}": value if torch.is_tensor(value) else torch.tensor(value)
        for index, memory in optimizer.state_dict()["state"].items()
        for key, value in memory.items()
        if value is not None
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Restore an optimizer from the tensors that `optimizer_tensors` returned."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        index, key = name.split(".", 1)
        state.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})


def add_prefix(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors under `prefix.NAME`."""
    return {f"{prefix}.{name}": tensor for name, tensor in tensors.items()}


def select_prefix(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors whose names begin with `prefix.`, without that prefix."""
    start = prefix + "."
    return {n[len(start) :]: t for n, t in tensors.items() if n.startswith(start)}


class ExponentialMovingAverage:
    """The exponential moving average (EMA) of a module's weights and batch-norm statistics."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.tensors = {name: t.detach().clone() for name, t in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Move towards the module; early steps have a lower decay, so the start fades soon."""
        decay = min(self.decay, (1 + step) / (10 + step))
        current = module.state_dict()
        pairs = [(t, current[n]) for n, t in self.tensors.items() if t.is_floating_point()]
        torch._foreach_lerp_([t for t, _ in pairs], [c for _, c in pairs], 1 - decay)
        for name, tensor in self.tensors.items():
            if not tensor.is_floating_point():
                tensor.copy_(current[name])


class BestWeights:
    """Early stopping: keeps the weights of the best validation, if the configuration asks for it.

    It is part of a stage's saved state, so a resumed run stops at the same step as an
    uninterrupted one.
    """

    def __init__(self, config: EarlyStopping | None) -> None:
        self._config = config
        self.scores: dict[str, float] | None = None
        self.tensors: dict[str, Tensor] = {}
        self._worse = 0  # validations since the best one

    def update(self, scores: dict[str, float], tensors: dict[str, Tensor]) -> None:
        """Record a validation and the weights that it scored."""
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
        """Whether the last `patience` validations were no better than the best one."""
        return self._config is not None and self._worse >= self._config.patience

    def metadata(self) -> dict[str, Any]:
        """The part of the state that goes into JSON."""
        return {"scores": self.scores, "worse": self._worse}

    def restore(self, meta: dict[str, Any] | None, tensors: dict[str, Tensor]) -> None:
        """Restore the saved state."""
        if meta:
            self.scores, self._worse, self.tensors = meta["scores"], int(meta["worse"]), tensors
