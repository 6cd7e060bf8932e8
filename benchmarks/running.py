"""Runs pieces one after the other, tells how it goes, and loses nothing when interrupted.

Each is kept with the machine that it was measured on: what matters for speed, no name, no address.
"""

from __future__ import annotations

import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from benchmarks.measurement import BenchContext, Measurement
from benchmarks.results import Piece, Record, Results, Statistic


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of one measurement."""

    measurement: Measurement
    piece: str

    @property
    def name(self) -> str:
        """What it is called on screen and in an unfinished run."""
        return f"{self.measurement.name}: {self.piece}"


def tasks_of(measurements: Sequence[Measurement]) -> list[Task]:
    """All pieces, in order."""
    return [Task(one, piece) for one in measurements for piece in one.pieces]


def measure(
    tasks: Sequence[Task], results: Results, *, effort: float = 1.0, resumable: bool = False
) -> bool:
    """Measure pieces and keep each as soon as it is there; whether all of them worked.

    With `resumable`, what an unfinished run has done is not done again, and this one can be
    continued in turn. A piece that fails is told, the others go on, and the results say so in a
    sentence, without what it said, which may be of this machine alone.
    """
    done = results.done() if resumable else []
    left = [task for task in tasks if task.name not in done]
    if done:
        _say(f"continuing: {len(tasks) - len(left)} of {len(tasks)} pieces are done")
    machine, well = this_machine().as_dict(), True
    with tempfile.TemporaryDirectory(prefix="captionbot-bench-") as folder:
        for number, task in enumerate(left, len(tasks) - len(left) + 1):
            progress = _Progress(f"[{number}/{len(tasks)}] {task.name}")
            others, started, failure = BackgroundLoad(), time.monotonic(), ""
            try:
                own = Path(tempfile.mkdtemp(dir=folder))
                bench = BenchContext(own, Path(folder), effort, progress.tell)
                record = task.measurement.pieces[task.piece](bench)
            except Exception as error:  # noqa: BLE001 - the other pieces are worth having all the same
                failure = f"failed: {type(error).__name__}: {error}"
                record = Record(skipped=f"it failed, with {type(error).__name__}")
            results.keep(
                task.measurement.name,
                task.piece,
                Piece(
                    record,
                    datetime.now(UTC).date().isoformat(),
                    round(time.monotonic() - started, 1),
                    others.cores(),
                    machine,
                ),
            )
            well = well and not failure
            if resumable and not failure:
                done = [*done, task.name]
                results.note_done(done)
            progress.end(failure or _told(record))
    if resumable and well:
        results.finish()
    return well


def _told(record: Record) -> str:
    if record.skipped:
        return f"not measured here: {record.skipped}"
    name, figure = next(iter(record.figures.items()))
    return f"{name} {spoken(figure)}"


def spoken(figure: Statistic) -> str:
    """A figure for people: its median and, where it varied, its quartiles."""
    unit = f" {figure.unit}" if figure.unit else ""
    if figure.count == 1 or figure.low == figure.high:
        return f"{number(figure.median)}{unit}"
    return f"{number(figure.median)}{unit} ({number(figure.low)} – {number(figure.high)})"


def number(value: float) -> str:
    """A number with three digits that mean something, thousands apart."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"


class _Progress:
    """A line on the terminal that changes while a piece is measured; plain lines elsewhere."""

    def __init__(self, title: str) -> None:
        self._title, self._started = title, time.monotonic()
        self._live = sys.stderr.isatty()
        self.tell("…")

    def tell(self, text: str) -> None:
        if self._live:
            print(f"\r\x1b[K{self._title}  {text}", end="", file=sys.stderr, flush=True)

    def end(self, text: str) -> None:
        start = "\r\x1b[K" if self._live else ""
        took = time.monotonic() - self._started
        print(f"{start}{self._title}  {text}  in {took:.0f} s", file=sys.stderr, flush=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


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
