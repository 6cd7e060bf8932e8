"""The processes that train one model together, each on its share of every batch.

A run in one process is the usual case, and what `Processes` is as it stands: everything is this
process's, nothing is sent. `training.distributed.torchrun.Torchrun` is the same for several of
them.

A stage's `batch_size` is the batch of all processes together, so that a configuration, with its
learning rate, means the same on any number of GPUs. Each process takes every n-th of a batch's
items: which ones follows from seed, epoch and rank, as the batch follows from seed and epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import torch
from torch import Tensor, nn

from captioner.errors import OperatorError
from captioner.model.encoder import Encoder

LossOf = Callable[[int, torch.Generator], tuple[Tensor, dict[str, float]]]
T = TypeVar("T")


class ProcessesError(OperatorError, ValueError):
    """Processes cannot train this together; the text says why and what to change."""


class ProcessLost(RuntimeError):
    """Another process of the run has ended, so this one cannot go on."""


class Processes:
    """This process among those that train together: the only one.

    Whatever sends something must be called by all of them, in the same order.
    """

    rank = 0
    count = 1

    @property
    def is_main(self) -> bool:
        """Whether this is the one that logs, validates and writes."""
        return self.rank == 0

    def share(self, items: Tensor) -> Tensor:
        """Which items of a batch (B,) are this process's; raises ProcessesError.

        All get as many, for the mean over processes to be the mean over the batch.
        """
        if len(items) % self.count:
            raise ProcessesError(
                f"there is a batch of {len(items)} for {self.count} processes;"
                " let batch_size be no greater than the data set"
            )
        return items[self.rank :: self.count]

    def check_batch_size(self, stage: str, batch_size: int) -> None:
        """Raise ProcessesError for a batch that will not do, before hours have passed."""
        if batch_size % self.count:
            raise ProcessesError(
                f"{stage}: batch_size ({batch_size}), which all processes share, must be a multiple"
                f" of their number, {self.count}"
            )

    def seed(self, seed: int) -> int:
        """A seed of this process's own; the main process's is the one given."""
        return (seed + self.rank * 0x9E3779B97F4A7C15) & (2**63 - 1)

    def wait(self) -> None:
        """Return once all have come this far."""

    def told(self, value: T) -> T:
        """What the main process gave, in all of them; something that JSON can hold."""
        return value

    def any(self, flag: bool) -> bool:
        """Whether the flag is up in one of them."""
        return flag

    def mean(self, number: Tensor) -> Tensor:
        """A number's mean over the processes, without gradient."""
        return number

    def means(self, numbers: Mapping[str, float]) -> dict[str, float]:
        """Each number's mean over the processes; all have the same names."""
        return dict(numbers)

    def mean_where(self, values: Tensor, mask: Tensor) -> Tensor | None:
        """The mean of all values where the mask is true, or None where it nowhere is."""
        return values[mask].mean() if bool(mask.any()) else None

    def with_shared_batch_norm(self, encoder: Encoder) -> Encoder:
        """The encoder, its batch norm in training over the whole batch where that is possible."""
        return encoder

    def with_shared_gradients(self, module: nn.Module, loss: LossOf) -> LossOf:
        """`loss`, such that `backward` leaves the mean of all processes' gradients in `module`."""
        del module
        return loss

    def agree_on_statistics(self, module: nn.Module) -> None:
        """Make batch norm's running statistics the same in all processes after a step."""

    def free(self) -> None:
        """Forget what `with_shared_gradients` was given."""

    def watched(self) -> AbstractContextManager[None]:
        """Within it, an error that means that another process has ended is a ProcessLost."""
        return nullcontext()


ALONE = Processes()
