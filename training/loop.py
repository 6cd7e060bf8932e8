"""The training loop of every stage: schedule, averaging, progress, saving, exact resume."""

from __future__ import annotations

import math
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

import torch
from rich.console import Console
from torch import Tensor, nn

from training.config import StageConfig
from training.device import memory_advice
from training.distributed.processes import ALONE, LossOf, Processes, ProcessLost
from training.reporting.progress import Report
from training.resume_state import (
    Average,
    Best,
    StateMismatch,
    load_tensors,
    optimizer_tensors,
    restore_optimizer,
    save_tensors,
    under_prefix,
    with_prefix,
)

STOP_EXIT_CODE = 75  # EX_TEMPFAIL: stopped half-way, the same command goes on


class Stopped(Exception):
    """Training was asked to stop, and saved its state; the same command goes on from there."""


class Stage(ABC):
    """One stage of a run: what is trained, on what, and how it is looked at.

    Every random number of step s is drawn from generators seeded by (seed, s), never from a
    stream that runs through the training: a run that is killed and resumed is the same run.
    """

    module: nn.Module
    steps_per_epoch: int

    @abstractmethod
    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The loss of one step, and numbers worth logging."""

    @abstractmethod
    def validate(self, module: nn.Module) -> dict[str, float]:
        """Scores of a module (the averaged one) on photos not trained on."""

    def parameter_groups(self, config: StageConfig) -> Iterable[dict[str, object]]:
        """Optimizer groups: no weight decay on biases and norms (1-d parameters)."""
        trained = [p for p in self.module.parameters() if p.requires_grad]
        return [
            {"params": [p for p in trained if p.ndim > 1], "weight_decay": config.weight_decay},
            {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
        ]

    def set_training_mode(self) -> None:
        """Put the module into training mode; stages with frozen parts say so here."""
        self.module.train()

    def finish(self) -> None:  # noqa: B027 - most stages have nothing left to do
        """What is left to do when the weights to keep are in the module."""

    def extra_state(self) -> dict[str, Tensor]:
        """What a resumed stage needs beside weights, average and optimizer."""
        return {}

    def load_extra_state(self, tensors: dict[str, Tensor]) -> None:
        """Go on with what `extra_state` gave; a stage that keeps something says how."""
        if tensors:
            raise StateMismatch(f"this stage does not keep {', '.join(tensors)}")


def learning_rate(config: StageConfig, step: int, total: int) -> float:
    """Linear warm-up, then a cosine to a hundredth of the peak."""
    warm_up = max(1, int(config.warm_up * total))
    if step < warm_up:
        return config.learning_rate * (step + 1) / warm_up
    progress = (step - warm_up) / max(1, total - warm_up)
    return config.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))


def step_seed(seed: int, step: int) -> int:
    """One seed for one step; splitmix-like, so that neighbours share nothing."""
    mixed = (seed * 0x9E3779B97F4A7C15 + step * 0xBF58476D1CE4E5B9) & (2**64 - 1)
    return (mixed ^ (mixed >> 31)) & (2**63 - 1)


def batch_of(step: int, *, count: int, batch_size: int, seed: int) -> Tensor:
    """Which items step `step` trains on: every epoch a new order, the last part left away."""
    per_epoch = max(1, count // batch_size)
    epoch, place = divmod(step, per_epoch)
    order = torch.randperm(
        count, generator=torch.Generator().manual_seed(step_seed(seed + 1, epoch))
    )
    return order[place * batch_size : (place + 1) * batch_size]


def train_stage(
    stage: Stage,
    config: StageConfig,
    *,
    seed: int,
    folder: Path,
    fingerprint: str,
    console: Console,
    save_every: float = 60.0,
    bf16: bool = False,
    processes: Processes = ALONE,
) -> dict[str, float]:
    """Train a stage to its end, or go on with it, and leave the averaged weights in the module.

    State is saved to `folder/state.safetensors` every `save_every` seconds, at SIGTERM and at
    Ctrl-C. `bf16` is mixed precision in training steps; validation is as serving is. Returns the
    scores of the weights that are left: the last validation's or, with early stopping, the best's.
    Of several processes, the main one validates and writes; all end with the same weights.
    Raises Stopped when told to stop, StateMismatch when the state in the folder is another
    configuration's, OutOfMemory, ProcessesError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    loss = processes.with_shared_gradients(stage.module, stage.loss)
    state = _State(stage, config, folder / "state.safetensors", fingerprint, processes)
    total = config.epochs * stage.steps_per_epoch
    if state.step:
        console.log(f"{config.name}: going on from step {state.step} of {total}")
    if state.begun_by != processes.count:
        console.log(
            f"{config.name}: saved by {state.begun_by} processes and going on in"
            f" {processes.count}: as good, but not to the bit what it would have been"
        )
    report = Report(console, config.name, total, folder, writes=processes.is_main)
    scores: dict[str, float] = {}
    last_save = time.monotonic()
    with _StopRequests() as stop, report, memory_advice(config), processes.watched():
        report.begin(state.step)
        while state.step < total and not state.best.should_stop:
            numbers = _one_step(
                stage, config, state.optimizer, state.step, total,
                loss_of=loss, processes=processes, seed=seed, bf16=bf16,
            )  # fmt: skip
            state.average.update(stage.module, state.step)
            state.step += 1
            report.step(state.step, numbers)
            epoch, place = divmod(state.step, stage.steps_per_epoch)
            if (not place and epoch % config.validate_every == 0) or state.step == total:
                scores = _validate(stage, state.average, processes)
                report.validation(state.step, state.step / stage.steps_per_epoch, scores)
                state.best.look(scores, state.average.tensors)
            if processes.any(stop.requested):
                state.save()
                raise Stopped(
                    f"stopped at step {state.step} of {total} of {config.name}; state saved"
                )
            if time.monotonic() - last_save > save_every:
                state.save()
                report.flush()
                last_save = time.monotonic()
        if not scores:  # it was stopped behind its last step
            scores = _validate(stage, state.average, processes)
    processes.free()
    stage.module.load_state_dict(state.best.tensors or state.average.tensors)
    stage.finish()
    return state.best.scores or scores


class _State:
    """What is saved of a stage, and comes back when it is gone on with."""

    def __init__(
        self,
        stage: Stage,
        config: StageConfig,
        path: Path,
        fingerprint: str,
        processes: Processes,
    ) -> None:
        self._stage, self._path, self._fingerprint = stage, path, fingerprint
        self._processes, self.begun_by = processes, processes.count
        self.optimizer = _optimizer(stage, config)
        self.average = Average(stage.module, config.average)
        self.best = Best(config.early_stopping)
        self.step = 0  # steps done
        if path.is_file():
            self._load()

    def _load(self) -> None:
        tensors, meta = load_tensors(self._path)
        if meta["fingerprint"] != self._fingerprint:
            raise StateMismatch(
                f"{self._path} belongs to another configuration; "
                "give this run another name or delete the folder"
            )
        self.step = int(meta["step"])
        self.begun_by = int(meta.get("processes", 1))
        self._stage.module.load_state_dict(under_prefix("module", tensors))
        self._stage.load_extra_state(under_prefix("extra", tensors))
        device = next(self._stage.module.parameters()).device
        on_device = {name: tensor.to(device) for name, tensor in tensors.items()}
        self.average.tensors = under_prefix("average", on_device)
        self.best.restore(meta.get("best"), under_prefix("best", on_device))
        restore_optimizer(self.optimizer, under_prefix("optimizer", tensors))

    def save(self) -> None:
        """Write it, atomically; of several processes, the main one does."""
        if not self._processes.is_main:
            return
        save_tensors(
            self._path,
            with_prefix("module", self._stage.module.state_dict())
            | with_prefix("average", self.average.tensors)
            | with_prefix("optimizer", optimizer_tensors(self.optimizer))
            | with_prefix("extra", self._stage.extra_state())
            | with_prefix("best", self.best.tensors),
            {
                "fingerprint": self._fingerprint,
                "step": self.step,
                "best": self.best.meta(),
                "processes": self._processes.count,
            },
        )


def _one_step(
    stage: Stage,
    config: StageConfig,
    optimizer: torch.optim.Optimizer,
    step: int,
    total: int,
    *,
    loss_of: LossOf,
    processes: Processes,
    seed: int,
    bf16: bool,
) -> dict[str, float]:
    torch.manual_seed(processes.seed(step_seed(seed, step)))  # dropout draws from this generator
    generator = torch.Generator().manual_seed(processes.seed(step_seed(seed + 7, step)))
    rate = learning_rate(config, step, total)
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("lr_scale", 1.0)
    stage.set_training_mode()
    device = next(stage.module.parameters()).device.type
    with torch.autocast(device, dtype=torch.bfloat16, enabled=bf16):
        loss, numbers = loss_of(step, generator)
    numbers = processes.means({"loss": float(loss.detach()), **numbers})
    if not math.isfinite(numbers["loss"]):
        raise FloatingPointError(
            f"{config.name}: the loss is {numbers['loss']} at step {step}; lower learning_rate"
        )
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
    if config.clip:
        nn.utils.clip_grad_norm_(stage.module.parameters(), config.clip)
    optimizer.step()
    processes.agree_on_statistics(stage.module)
    return numbers


def _validate(stage: Stage, average: Average, processes: Processes) -> dict[str, float]:
    return processes.told(_scores(stage, average) if processes.is_main else {})


def _scores(stage: Stage, average: Average) -> dict[str, float]:
    own = {name: t.detach().clone() for name, t in stage.module.state_dict().items()}
    stage.module.load_state_dict(average.tensors)
    stage.module.eval()
    try:
        with torch.no_grad():
            return stage.validate(stage.module)
    finally:
        stage.module.load_state_dict(own)


def _optimizer(stage: Stage, config: StageConfig) -> torch.optim.Optimizer:
    groups = list(stage.parameter_groups(config))
    if config.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=config.learning_rate, momentum=0.9, nesterov=True)
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, config.beta2))


class _StopRequests:
    """SIGTERM and SIGINT end training between two steps, with the state saved."""

    def __init__(self) -> None:
        self.requested = False

    def __enter__(self) -> _StopRequests:
        self._before = {s: signal.signal(s, self._ask) for s in (signal.SIGTERM, signal.SIGINT)}
        return self

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if kind is not None and issubclass(kind, ProcessLost):
            # Torchrun is about to send one, and this process has yet to say why it ends.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
