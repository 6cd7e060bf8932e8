"""The machine that something was measured on: what matters for speed, and no name or address."""

from __future__ import annotations

import os
import platform
import re
import resource
import subprocess
import time
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

_PACKAGES = ("torch", "torchvision", "openvino", "redis", "numpy", "pillow", "transformers")


@dataclass(frozen=True, slots=True)
class Machine:
    """What somebody else needs to know to make sense of a number."""

    processor: str
    cores: int
    instructions: str  # the widest vector instructions
    memory_gb: float
    gpu: str  # "" for none
    threads: str  # of torch, and how they wait for each other
    system: str
    software: str  # "Python 3.11.2, torch 2.14.1, …"

    def as_dict(self) -> dict[str, str | int | float]:
        """The description as JSON has it."""
        return asdict(self)


def this_machine() -> Machine:
    """A description of the machine that this runs on."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        instructions=_instructions(),
        memory_gb=round(psutil.virtual_memory().total / 1e9, 1),
        gpu=_gpu(),
        threads=_threads(),
        system=f"{_distribution()}, {platform.system()} {platform.machine()}",
        software=", ".join(_software()),
    )


class BackgroundLoad:
    """How many cores everybody else kept busy while something was measured."""

    def __init__(self) -> None:
        self._wall, self._busy, self._own = time.monotonic(), _busy(), _own()

    def cores(self) -> float:
        """Cores that others used since this was made, on average.

        Of our own processes, only those that have ended are known as ours.
        """
        wall = time.monotonic() - self._wall
        others = (_busy() - self._busy) - (_own() - self._own)
        return round(max(0.0, others / wall), 1) if wall > 0 else 0.0


def _busy() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


def _own() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _cpu_info(field: str) -> str:
    found = re.search(rf"^{field}\s*: (.*)$", _read("/proc/cpuinfo"), re.MULTILINE)
    return found[1].strip() if found else ""


def _processor() -> str:
    return _cpu_info("model name") or platform.processor() or "unknown"


def _instructions() -> str:
    flags = set(_cpu_info("flags").split())
    known = ("amx_int8", "avx512_vnni", "avx512f", "avx_vnni", "avx2", "asimd")
    return next((name for name in known if name in flags), "unknown")


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "unknown")
    except OSError:
        return "unknown"


def _gpu() -> str:
    import torch  # noqa: PLC0415 - takes seconds; only this asks for it

    return torch.cuda.get_device_name() if torch.cuda.is_available() else ""


def _threads() -> str:
    """A thread that waits keeps its core busy by default, at the cost of whoever shares it."""
    passive = os.environ.get("OMP_WAIT_POLICY", "").upper() == "PASSIVE"
    count = os.environ.get("OMP_NUM_THREADS") or str(len(os.sched_getaffinity(0)))
    return f"{count}, OMP_WAIT_POLICY={'PASSIVE' if passive else 'default'}"


def _software() -> list[str]:
    found = [f"Python {platform.python_version()}", f"redis-server {_redis_server()}"]
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found


def _redis_server() -> str:
    try:
        said = subprocess.run(["redis-server", "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "absent"
    found = re.search(rb"v=([\d.]+)", said.stdout)
    return found[1].decode() if found else "unknown"


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
