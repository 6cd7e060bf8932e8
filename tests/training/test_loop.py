"""The loop of a stage: what it says when a GPU is too small, and old states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import TypeAdapter
from rich.console import Console
from torch import Tensor, nn

from training.loop import OutOfMemory, Stage, train_stage
from training.resume_state import load_tensors, save_tensors
from training.stage_config import AnyStage

CAPTIONS = {"train": ["coco:coco"], "val": ["coco:coco"]}
COMMON = {"name": "teach", "epochs": 2, "batch_size": 48, "learning_rate": 0.1}


class Line(Stage):
    """Learns to say 1; four steps an epoch."""

    steps_per_epoch = 4

    def __init__(self, *, too_large: bool = False) -> None:
        self.module = nn.Linear(1, 1)
        self._too_large = too_large

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        if self._too_large:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.\nMore.")
        noise = torch.rand(1, generator=generator)
        return (self.module(torch.ones(1)) - 1 + 0.1 * noise).square().sum(), {"step": float(step)}

    def validate(self, module: nn.Module) -> dict[str, float]:
        return {"value": float(module(torch.ones(1)).detach())}


def train(stage: Stage, folder: Path, **options: object) -> dict[str, float]:
    config: Any = TypeAdapter[AnyStage](AnyStage).validate_python(COMMON | options)
    return train_stage(
        stage, config, seed=1, folder=folder, fingerprint="f", console=Console(quiet=True),
        save_every=0.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        (
            {"kind": "labels", "archives": ["a.zip"], "sizes": [{"until": 1, "size": 160}]},
            r"^teach: .* full; lower .* batch_size \(48\) or sizes \(up to 160\): .* 2 GiB\.$",
        ),
        ({"kind": "decoder", **CAPTIONS}, r"batch_size \(48\) or image_size:"),
        (
            {"kind": "self_critical", **CAPTIONS},
            r"batch_size \(48\) or samples \(5\) or image_size",
        ),
    ],
    ids=["labels", "decoder", "self_critical"],
)
def test_a_gpu_that_is_too_small(tmp_path: Path, options: dict[str, object], advice: str) -> None:
    with pytest.raises(OutOfMemory, match=advice):
        train(Line(too_large=True), tmp_path, **options)


def test_states_of_before_there_was_early_stopping_go_on(tmp_path: Path) -> None:
    """A state as the first version wrote it: module, average, optimizer, and nothing else."""
    torch.manual_seed(0)
    options: dict[str, object] = {"kind": "decoder", **CAPTIONS}
    stage = Line()
    scores = train(stage, tmp_path, **options)
    tensors, meta = load_tensors(tmp_path / "state.safetensors")
    assert {name.partition(".")[0] for name in tensors} == {"module", "average", "optimizer"}
    del meta["best"], meta["processes"]
    save_tensors(tmp_path / "state.safetensors", tensors, meta)
    again = Line()
    assert train(again, tmp_path, **options) == scores  # it was stopped behind its last step
    pairs = zip(again.module.parameters(), stage.module.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_a_state_with_what_a_stage_does_not_keep_is_refused(tmp_path: Path) -> None:
    options: dict[str, object] = {"kind": "decoder", **CAPTIONS}
    train(Line(), tmp_path, **options)
    tensors, meta = load_tensors(tmp_path / "state.safetensors")
    save_tensors(tmp_path / "state.safetensors", tensors | {"extra.baseline": torch.ones(1)}, meta)
    with pytest.raises(ValueError, match="tensors of another stage: baseline"):
        train(Line(), tmp_path, **options)
