"""The processes that train one model, each on its shard of every batch.

`ProcessGroup` itself is the usual case, a run in one process: its shard is the whole batch, and
nothing is sent. `TorchrunProcessGroup` are several that `torchrun` started, joined by Accelerate.

A stage's `batch_size` is the batch of all processes together, so a configuration and its learning
rate mean the same on any number of GPUs. Of n processes, each takes every n-th item of a batch:
the batch follows from seed and epoch, the shard from the rank as well. Gradients are averaged by
torch's DistributedDataParallel, over NCCL on GPUs and gloo on CPUs.

On GPUs, batch norm in training uses the statistics of the whole batch (SyncBatchNorm), because the
statistics of one GPU's few photos are noisy. On CPUs torch has no such layer: each process
normalises its own shard, and the running statistics are averaged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import TypeVar, cast

import torch
from torch import Tensor, nn
from torch.distributed import DistError

from captioner.errors import OperatorError
from captioner.model.encoder import Encoder

LossFunction = Callable[[int, torch.Generator], tuple[Tensor, dict[str, float]]]
T = TypeVar("T")


class DistributedError(OperatorError, ValueError):
    """These processes cannot train together; the message says why and what to change."""


class ProcessLost(RuntimeError):
    """Another process of the run has ended, so this one cannot continue."""


class ProcessGroup:
    """A group of one process, and the interface of larger groups.

    All processes must call the methods that communicate, and in the same order.
    """

    rank = 0
    count = 1

    @property
    def is_main(self) -> bool:
        """Whether this process logs, validates and writes files."""
        return self.rank == 0

    def shard(self, items: Tensor) -> Tensor:
        """This process's items of a batch (B,); raises DistributedError.

        All shards have the same size, so that the mean over processes is the mean over the batch.
        """
        if len(items) % self.count:
            raise DistributedError(
                f"a batch of {len(items)} cannot be split evenly between {self.count} processes;"
                " batch_size must not be greater than the data set"
            )
        return items[self.rank :: self.count]

    def check_batch_size(self, stage: str, batch_size: int) -> None:
        """Raise DistributedError now, not hours later, for a batch that cannot be split evenly."""
        if batch_size % self.count:
            raise DistributedError(
                f"{stage}: batch_size ({batch_size}) must be a multiple of the number of processes,"
                f" {self.count}, because they share each batch"
            )

    def seed(self, seed: int) -> int:
        """A seed for this process; the main process gets `seed` itself."""
        return (seed + self.rank * 0x9E3779B97F4A7C15) & (2**63 - 1)

    def wait(self) -> None:
        """Return when all processes have called this (a barrier)."""

    def broadcast(self, value: T) -> T:
        """The main process's value, in every process; it must be representable in JSON."""
        return value

    def any(self, flag: bool) -> bool:
        """Whether the flag is true in any process."""
        return flag

    def mean(self, number: Tensor) -> Tensor:
        """The mean of a number over the processes, without gradient."""
        return number

    def means(self, numbers: Mapping[str, float]) -> dict[str, float]:
        """The mean of each number over the processes; all must pass the same names."""
        return dict(numbers)

    def mean_where(self, values: Tensor, mask: Tensor) -> Tensor | None:
        """The mean of all processes' values under the mask; None if the mask is empty."""
        return values[mask].mean() if bool(mask.any()) else None

    def with_synchronized_batch_norm(self, encoder: Encoder) -> Encoder:
        """The encoder; if possible, its batch norm uses the statistics of the whole batch."""
        return encoder

    def with_averaged_gradients(self, module: nn.Module, loss: LossFunction) -> LossFunction:
        """`loss`, wrapped so that `backward` averages the gradients of `module` over processes."""
        del module
        return loss

    def average_running_statistics(self, module: nn.Module) -> None:
        """Average batch norm's running statistics over the processes after a step."""

    def free(self) -> None:
        """Release what `with_averaged_gradients` was given."""

    def detect_lost_processes(self) -> AbstractContextManager[None]:
        """A context in which errors caused by the end of another process become ProcessLost."""
        return nullcontext()


SINGLE_PROCESS = ProcessGroup()


# How long a process waits for another one: a validation may take long. A process that has died is
# noticed in another way, by a broken connection or by torchrun.
_TIMEOUT = timedelta(days=1)
_LOST = ("gloo", "connection closed", "connection reset", "broken pipe", "nccl")


class TorchrunProcessGroup(ProcessGroup):
    """The processes that `torchrun` started on this machine."""

    def __init__(self, device: torch.device) -> None:
        """Join the other processes, on CPUs or with one GPU each. Raises DistributedError."""
        local, here = int(os.environ["LOCAL_RANK"]), int(os.environ["LOCAL_WORLD_SIZE"])
        if here != int(os.environ["WORLD_SIZE"]):
            raise DistributedError(
                "training runs on one machine only, because all processes use the same run folder;"
                " start torchrun with --standalone"
            )
        if device.type == "cuda" and here > torch.cuda.device_count():
            raise DistributedError(
                f"there are {here} processes but {torch.cuda.device_count()} GPUs;"
                " start torchrun with --nproc-per-node=gpu"
            )
        if device.index not in (None, local):
            raise DistributedError(
                f"each process uses the GPU with its own number: use --device cuda, not {device}"
            )
        from accelerate import Accelerator  # noqa: PLC0415 - takes time; only several processes need it
        from accelerate.utils import InitProcessGroupKwargs  # noqa: PLC0415 - only several processes need it

        self._accelerator = Accelerator(
            cpu=device.type == "cpu",
            mixed_precision="no",  # the loop has its own
            kwargs_handlers=[InitProcessGroupKwargs(timeout=_TIMEOUT)],
        )
        self.rank, self.count = self._accelerator.process_index, self._accelerator.num_processes
        self.device = torch.device("cuda", local) if device.type == "cuda" else device

    def wait(self) -> None:
        self._accelerator.wait_for_everyone()

    def broadcast(self, value: T) -> T:
        said = json.dumps(value).encode() if self.is_main else b""
        from accelerate.utils import broadcast  # noqa: PLC0415 - only several processes need it

        size = broadcast(torch.tensor(len(said), device=self.device))
        text = torch.zeros(int(size), dtype=torch.uint8, device=self.device)
        if self.is_main:
            text.copy_(torch.frombuffer(bytearray(said), dtype=torch.uint8))
        return cast("T", json.loads(bytes(broadcast(text).tolist())))

    def any(self, flag: bool) -> bool:
        return bool(self.mean(torch.tensor(float(flag))) > 0)

    def mean(self, number: Tensor) -> Tensor:
        sent = number.detach().to(self.device, torch.float32)
        mean: Tensor = self._accelerator.reduce(sent, reduction="mean")
        return mean.to(number.device)

    def means(self, numbers: Mapping[str, float]) -> dict[str, float]:
        means = self.mean(torch.tensor(list(numbers.values())))
        return dict(zip(numbers, means.tolist(), strict=True))

    def mean_where(self, values: Tensor, mask: Tensor) -> Tensor | None:
        total, count = self.mean(torch.stack([(values * mask).sum(), mask.sum().float()]))
        return total / count if bool(count > 0) else None

    def with_synchronized_batch_norm(self, encoder: Encoder) -> Encoder:
        if self.device.type == "cuda":
            nn.SyncBatchNorm.convert_sync_batchnorm(encoder)  # type: ignore[no-untyped-call]  # torch does not annotate it
        return encoder

    def with_averaged_gradients(self, module: nn.Module, loss: LossFunction) -> LossFunction:
        return cast("LossFunction", self._accelerator.prepare_model(_LossModule(module, loss)))

    def average_running_statistics(self, module: nn.Module) -> None:
        if self.device.type == "cuda":
            return  # SyncBatchNorm's are the same
        statistics = [b for b in module.buffers() if b.is_floating_point()]
        if not statistics:
            return
        means = self.mean(torch.cat([b.flatten() for b in statistics]))
        parts = torch.split(means, [b.numel() for b in statistics])
        for buffer, mean in zip(statistics, parts, strict=True):
            buffer.copy_(mean.view_as(buffer))

    def free(self) -> None:
        self._accelerator.free_memory()

    @contextmanager
    def detect_lost_processes(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:
            if not _means_lost(error):
                raise
            raise ProcessLost(
                f"process {self.rank + 1} of {self.count} stops because another one has ended"
            ) from error

    def end(self) -> None:
        """Leave the group."""
        self._accelerator.end_training()


class _LossModule(nn.Module):
    """A stage's loss as a module's forward pass, as DistributedDataParallel needs it."""

    def __init__(self, module: nn.Module, loss: LossFunction) -> None:
        super().__init__()
        self.module, self._loss = module, loss

    def forward(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        return self._loss(step, generator)


def _means_lost(error: RuntimeError) -> bool:
    text = str(error).lower()
    return isinstance(error, DistError) or any(word in text for word in _LOST)
