"""Training in several processes that `torchrun` started, joined by Accelerate.

Gradients are averaged by torch's DistributedDataParallel, over NCCL on GPUs and gloo on CPUs.

Batch norm that is trained takes its statistics from the whole batch on GPUs (SyncBatchNorm): a
GPU's share of it is small, and statistics of a few photos are noise. On CPUs, where torch has no
such layer, each process normalises its share by itself, and the running statistics are averaged.
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
from training.distributed.processes import LossOf, Processes, ProcessesError, ProcessLost, T

# How long one waits for another: as long as a validation may take. That one has died is noticed
# by other means, by a connection that breaks or by torchrun.
_PATIENCE = timedelta(days=1)
_LOST = ("gloo", "connection closed", "connection reset", "broken pipe", "nccl")


class Torchrun(Processes):
    """This process among those of one machine that `torchrun` started."""

    def __init__(self, device: torch.device) -> None:
        """Join the others, on CPUs or each on a GPU of its own. Raises ProcessesError."""
        local, here = int(os.environ["LOCAL_RANK"]), int(os.environ["LOCAL_WORLD_SIZE"])
        if here != int(os.environ["WORLD_SIZE"]):
            raise ProcessesError(
                "training runs on one machine only: they would have to share the run's folder;"
                " start torchrun with --standalone"
            )
        if device.type == "cuda" and here > torch.cuda.device_count():
            raise ProcessesError(
                f"there are {here} processes but {torch.cuda.device_count()} GPUs;"
                " start torchrun with --nproc-per-node=gpu"
            )
        if device.index not in (None, local):
            raise ProcessesError(
                f"each process takes the GPU of its own number: say cuda, not {device}"
            )
        self._accelerator = Accelerator(
            cpu=device.type == "cpu",
            mixed_precision="no",  # the loop has its own
            kwargs_handlers=[InitProcessGroupKwargs(timeout=_PATIENCE)],
        )
        self.rank, self.count = self._accelerator.process_index, self._accelerator.num_processes
        self.device = torch.device("cuda", local) if device.type == "cuda" else device

    def wait(self) -> None:
        self._accelerator.wait_for_everyone()

    def told(self, value: T) -> T:
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

    def with_shared_batch_norm(self, encoder: Encoder) -> Encoder:
        if self.device.type == "cuda":
            nn.SyncBatchNorm.convert_sync_batchnorm(encoder)  # type: ignore[no-untyped-call]  # torch does not annotate it
        return encoder

    def with_shared_gradients(self, module: nn.Module, loss: LossOf) -> LossOf:
        return cast("LossOf", self._accelerator.prepare_model(_LossOf(module, loss)))

    def agree_on_statistics(self, module: nn.Module) -> None:
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
    def watched(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:
            if not _means_lost(error):
                raise
            raise ProcessLost(
                f"process {self.rank + 1} of {self.count} stops, for another one has ended"
            ) from error

    def end(self) -> None:
        """Part from the others."""
        self._accelerator.end_training()


class _LossOf(nn.Module):
    """A stage's loss as a module's forward pass: that is where gradients are shared from."""

    def __init__(self, module: nn.Module, loss: LossOf) -> None:
        super().__init__()
        self.module, self._loss = module, loss

    def forward(self, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        return self._loss(step, generator)


def _means_lost(error: RuntimeError) -> bool:
    text = str(error).lower()
    return isinstance(error, DistError) or any(word in text for word in _LOST)
