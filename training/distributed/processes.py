"""The group of processes that train one model, each on its shard of every batch.

`ProcessGroup` itself is the usual case, a run in one process: its shard is the whole batch, and
nothing is sent. `training.distributed.torchrun.TorchrunProcessGroup` joins several processes.

A stage's `batch_size` is the batch of all processes together, so a configuration and its learning
rate mean the same on any number of GPUs. Of n processes, each takes every n-th item of a batch:
the batch follows from seed and epoch, the shard from the rank as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import torch
from torch import Tensor, nn

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
