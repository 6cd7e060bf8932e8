"""The training loop of every stage: learning rate, EMA, validation, saving, exact resume.

Also what a device can do: whether bf16 is fast on it, and what to change if its memory is full.
"""

from __future__ import annotations

import math
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import torch
from rich.console import Console
from torch import Tensor, nn

from captioner.errors import OperatorError
from training.distributed import SINGLE_PROCESS, LossFunction, ProcessGroup, ProcessLost
from training.reporting.progress import ProgressReporter
from training.resume_state import (
    BestWeights,
    ExponentialMovingAverage,
    StateMismatch,
    add_prefix,
    load_tensors,
    optimizer_tensors,
    restore_optimizer,
    save_tensors,
    select_prefix,
)
from training.stage_config import StageConfig

STOP_EXIT_CODE = 75  # EX_TEMPFAIL: interrupted; the same command resumes


class Stopped(Exception):
    """Training was asked to stop and saved its state; the same command resumes it."""


class OutOfMemory(OperatorError, RuntimeError):
    """The GPU's memory is full; the message says which setting to lower."""


@contextmanager
def explain_out_of_memory(config: StageConfig) -> Iterator[None]:
    """Turn torch's out-of-memory error into an OutOfMemory that says which setting to lower."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        lower = [f"batch_size ({config.batch_size})"]
        if samples := getattr(config, "samples", None):
            lower.append(f"samples ({samples})")
        sizes = getattr(config, "sizes", ())
        lower.append(f"sizes (up to {max(s.size for s in sizes)})" if sizes else "image_size")
        raise OutOfMemory(
            f"{config.name}: the GPU's memory is full; lower the stage's {' or '.join(lower)}: "
            + str(error).splitlines()[0]
        ) from error


_CPU_INSTRUCTIONS = ("avx512_bf16", "amx_bf16", "bf16")  # x86-64's two, ARM's


def supports_fast_bf16(device: torch.device) -> bool:
    """Whether bf16 is faster than float32: on CUDA, and on CPUs that have instructions for it.

    A CPU without them has to emulate it. On other devices (Apple's, Intel's GPUs) nobody tried.
    """
    if device.type != "cpu":
        return device.type == "cuda"
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) is True for name in _CPU_INSTRUCTIONS)


class Stage(ABC):
    """One stage of a run: the module that is trained, its loss and its validation.

    All random numbers of step s come from generators seeded with (seed, s), never from one
    generator for the whole training. So a run that is killed and resumed gives the same weights.
    """

    module: nn.Module
    steps_per_epoch: int

    @abstractmethod
    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """The loss of one step, and the numbers to log."""

    @abstractmethod
    def validate(self, module: nn.Module) -> dict[str, float]:
        """Scores of a module (the averaged one) on the validation photos."""

    def parameter_groups(self, config: StageConfig) -> Iterable[dict[str, object]]:
        """Optimizer groups: no weight decay on biases and norms (1-d parameters)."""
        trained = [p for p in self.module.parameters() if p.requires_grad]
        return [
            {"params": [p for p in trained if p.ndim > 1], "weight_decay": config.weight_decay},
            {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
        ]

    def set_training_mode(self) -> None:
        """Put the module into training mode; stages with frozen parts override this."""
        self.module.train()

    def finish(self) -> None:  # noqa: B027 - most stages have nothing left to do
        """Called after training, when the module has its final weights."""

    def extra_state(self) -> dict[str, Tensor]:
        """Tensors that a resumed stage needs besides weights, EMA and optimizer."""
        return {}

    def load_extra_state(self, tensors: dict[str, Tensor]) -> None:
        """Restore what `extra_state` returned; a stage that has such tensors overrides this."""
        if tensors:
            raise StateMismatch(
                f"the saved state has tensors of another stage: {', '.join(tensors)}"
            )


def learning_rate(config: StageConfig, step: int, total: int) -> float:
    """Linear warm-up, then a cosine to a hundredth of the peak."""
    warm_up = max(1, int(config.warm_up * total))
    if step < warm_up:
        return config.learning_rate * (step + 1) / warm_up
    progress = (step - warm_up) / max(1, total - warm_up)
    return config.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))


def step_seed(seed: int, step: int) -> int:
    """The seed of one step; mixed as in splitmix64, so neighbouring steps are unrelated."""
    mixed = (seed * 0x9E3779B97F4A7C15 + step * 0xBF58476D1CE4E5B9) & (2**64 - 1)
    return (mixed ^ (mixed >> 31)) & (2**63 - 1)


def batch_indices(step: int, *, count: int, batch_size: int, seed: int) -> Tensor:
    """The indices of a step's batch: a new order every epoch; an incomplete batch is dropped."""
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
    processes: ProcessGroup = SINGLE_PROCESS,
) -> dict[str, float]:
    """Train or resume a stage, and put the averaged weights into the module.

    The state is saved to `folder/state.safetensors` every `save_every` seconds, and on SIGTERM and
    Ctrl-C. `bf16` turns on mixed precision in training steps; validation runs as serving does.
    Returns the scores of the final weights: those of the last validation or, with early stopping,
    of the best one. With several processes, the main one validates and writes, and all end with
    the same weights.
    Raises Stopped when asked to stop, StateMismatch if the folder has the state of another
    configuration, OutOfMemory and DistributedError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    loss = processes.with_averaged_gradients(stage.module, stage.loss)
    state = _StageState(stage, config, folder / "state.safetensors", fingerprint, processes)
    total = config.epochs * stage.steps_per_epoch
    if state.step:
        console.log(f"{config.name}: resuming at step {state.step} of {total}")
    if state.saved_by != processes.count:
        console.log(
            f"{config.name}: saved by {state.saved_by} processes, resumed by {processes.count}:"
            " the result is as good, but not bit for bit the same"
        )
    report = ProgressReporter(console, config.name, total, folder, writes=processes.is_main)
    scores: dict[str, float] = {}
    last_save = time.monotonic()
    with (
        _StopSignals() as stop,
        report,
        explain_out_of_memory(config),
        processes.detect_lost_processes(),
    ):
        report.begin(state.step)
        while state.step < total and not state.best.should_stop:
            numbers = _training_step(
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
                state.best.update(scores, state.average.tensors)
            if processes.any(stop.requested):
                state.save()
                raise Stopped(
                    f"stopped at step {state.step} of {total} of {config.name}; state saved"
                )
            if time.monotonic() - last_save > save_every:
                state.save()
                report.flush()
                last_save = time.monotonic()
        if not scores:  # it was interrupted after its last step
            scores = _validate(stage, state.average, processes)
    processes.free()
    stage.module.load_state_dict(state.best.tensors or state.average.tensors)
    stage.finish()
    return state.best.scores or scores


class _StageState:
    """The state of a stage in training; it is saved to a file and restored from it."""

    def __init__(
        self,
        stage: Stage,
        config: StageConfig,
        path: Path,
        fingerprint: str,
        processes: ProcessGroup,
    ) -> None:
        self._stage, self._path, self._fingerprint = stage, path, fingerprint
        self._processes, self.saved_by = processes, processes.count
        self.optimizer = _optimizer(stage, config)
        self.average = ExponentialMovingAverage(stage.module, config.average)
        self.best = BestWeights(config.early_stopping)
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
        self.saved_by = int(meta.get("processes", 1))
        self._stage.module.load_state_dict(select_prefix("module", tensors))
        self._stage.load_extra_state(select_prefix("extra", tensors))
        device = next(self._stage.module.parameters()).device
        on_device = {name: tensor.to(device) for name, tensor in tensors.items()}
        self.average.tensors = select_prefix("average", on_device)
        self.best.restore(meta.get("best"), select_prefix("best", on_device))
        restore_optimizer(self.optimizer, select_prefix("optimizer", tensors))

    def save(self) -> None:
        """Write the state atomically; only the main process does."""
        if not self._processes.is_main:
            return
        save_tensors(
            self._path,
            add_prefix("module", self._stage.module.state_dict())
            | add_prefix("average", self.average.tensors)
            | add_prefix("optimizer", optimizer_tensors(self.optimizer))
            | add_prefix("extra", self._stage.extra_state())
            | add_prefix("best", self.best.tensors),
            {
                "fingerprint": self._fingerprint,
                "step": self.step,
                "best": self.best.metadata(),
                "processes": self._processes.count,
            },
        )


def _training_step(
    stage: Stage,
    config: StageConfig,
    optimizer: torch.optim.Optimizer,
    step: int,
    total: int,
    *,
    loss_of: LossFunction,
    processes: ProcessGroup,
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
    processes.average_running_statistics(stage.module)
    return numbers


def _validate(
    stage: Stage, average: ExponentialMovingAverage, processes: ProcessGroup
) -> dict[str, float]:
    return processes.broadcast(_scores(stage, average) if processes.is_main else {})


def _scores(stage: Stage, average: ExponentialMovingAverage) -> dict[str, float]:
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


class _StopSignals:
    """Catches SIGTERM and SIGINT, so that training stops between two steps and saves its state."""

    def __init__(self) -> None:
        self.requested = False

    def __enter__(self) -> _StopSignals:
        self._before = {s: signal.signal(s, self._ask) for s in (signal.SIGTERM, signal.SIGINT)}
        return self

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if kind is not None and issubclass(kind, ProcessLost):
            # Torchrun is about to send SIGTERM; this process first has to print why it ends.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
