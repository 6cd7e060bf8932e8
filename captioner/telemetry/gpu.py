"""The memory of a worker's GPU, read whenever Prometheus asks."""

from __future__ import annotations

from captioner.telemetry.metrics import GPU_MEMORY


def watch_gpu(device: str) -> None:
    """Show the memory of a CUDA device; nothing for any other."""
    if not device.startswith("cuda"):
        return
    import torch  # noqa: PLC0415 - a worker has it loaded, and nobody else has it at all

    where = torch.device(device)

    def used() -> float:
        free, total = torch.cuda.mem_get_info(where)
        return float(total - free)

    GPU_MEMORY.labels("process").set_function(lambda: float(torch.cuda.memory_reserved(where)))
    GPU_MEMORY.labels("used").set_function(used)
    GPU_MEMORY.labels("total").set_function(lambda: float(torch.cuda.mem_get_info(where)[1]))
