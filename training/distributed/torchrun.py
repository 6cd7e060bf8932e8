"""Training in several processes that `torchrun` started, joined by Accelerate.

Gradients are averaged by torch's DistributedDataParallel, over NCCL on GPUs and gloo on CPUs.

On GPUs, batch norm in training uses the statistics of the whole batch (SyncBatchNorm), because the
statistics of one GPU's few photos are noisy. On CPUs torch has no such layer: each process
normalises its own shard, and the running statistics are averaged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import cast

import torch
from accelerate import Accelerator
from accelerate.utils import InitProcessGroupKwargs, broadcast
from torch import Tensor, nn
from torch.distributed import DistError

from captioner.model.encoder import Encoder
from training.distributed.processes import (
    DistributedError,
    LossFunction,
    ProcessGroup,
    ProcessLost,
    T,
)

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
