"""What a run's folder keeps beside weights and logs: all that it takes to repeat the run.

`config.json` is the configuration with every default written out, `environment.json` says on what
each start of the run ran, and `data.json` what it was trained on.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from captioner.distribution import version
from training.config import AnyStage, LabelsStage, RunConfig
from training.data.labelled import opened_archive
from training.data.reader_base import DataError
from training.data.registry import read_source
from training.resume_state import StateMismatch

_CODE = Path(__file__).with_name("run.py")


class Record:
    """The record in a run's folder; what is written is whole or absent."""

    def __init__(self, folder: Path, console: Console) -> None:
        self._folder, self._console = folder, console

    def configuration(self, config: RunConfig) -> None:
        """Keep the configuration as it is in force, with its seed."""
        self._write("config.json", config.model_dump(mode="json"))

    def environment(self, device: torch.device, processes: int) -> None:
        """Add this start, unless it is like the one before it."""
        starts = self._read("environment.json").get("starts", [])
        now = environment(device, processes)
        if not starts or {**starts[-1], "time": ""} != {**now, "time": ""}:
            self._write("environment.json", {"starts": [*starts, now]})

    def data(
        self,
        config: RunConfig,
        stages: Iterable[AnyStage],
        *,
        folder: Path,
        accept_changes: bool = False,
    ) -> None:
        """See that what the vocabulary and these stages need is what the run began with.

        What the run has no record of is recorded. Raises StateMismatch naming a data set that
        has changed (with `accept_changes`, the record follows it, and keeps what was), DataError
        for one that cannot be read.
        """
        kept = self._read("data.json")
        sets: dict[str, Any] = kept.get("sets", {})
        replaced: list[Any] = kept.get("replaced", [])
        for name, now in _data_sets(config, stages, folder).items():
            before = sets.get(name)
            if before is not None and before != now:
                if not accept_changes:
                    raise StateMismatch(_changed(name, before, now))
                self._console.log(f"going on though {name} has changed: {self._folder}/data.json")
                replaced.append({"name": name, "time": _time(), **before})
            sets[name] = now
        self._write("data.json", {"folder": str(folder), "sets": sets, "replaced": replaced})

    def _read(self, name: str) -> dict[str, Any]:
        path = self._folder / name
        try:
            read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise DataError(f"{path}: damaged ({error}); delete it, and it is made anew") from error
        return read

    def _write(self, name: str, content: dict[str, Any]) -> None:
        path = self._folder / name
        half = path.with_name(name + ".part")
        try:
            half.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)


def environment(device: torch.device, processes: int) -> dict[str, Any]:
    """The machine, the code and every installed package, as they are now."""
    gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    return {
        "time": _time(),
        "captionbot": version(),
        "git": commit_of(_CODE),
        "python": sys.version,
        "torch": torch.__version__,
        "cuda": torch.version.cuda if gpus else None,
        "platform": platform.platform(),
        "cpu": _cpu(),
        "gpus": gpus,
        "device": str(device),
        "processes": processes,
        "threads": torch.get_num_threads(),
        "packages": dict(sorted({d.name: d.version for d in metadata.distributions()}.items())),
    }


def _data_sets(
    config: RunConfig, stages: Iterable[AnyStage], folder: Path
) -> dict[str, dict[str, Any]]:
    sources = list(config.vocabulary.sources) if config.vocabulary else []
    archives: list[str] = []
    for stage in stages:
        if isinstance(stage, LabelsStage):
            archives += stage.archives
        else:
            sources += [*stage.train, *stage.val]
    return {name: fingerprint_of_source(name, folder) for name in dict.fromkeys(sources)} | {
        name: fingerprint_of_archive(folder / name) for name in dict.fromkeys(archives)
    }


def _changed(name: str, before: dict[str, Any], now: dict[str, Any]) -> str:
    def counts(one: dict[str, Any]) -> str:
        return ", ".join(f"{v} {k}" for k, v in one.items() if isinstance(v, int))

    what = f"it had {counts(before)} and has {counts(now)}"
    if counts(before) == counts(now):
        what = f"as many ({counts(now)}), but other names, sizes or captions"
    return (
        f"{name} is not what this run began with: {what}; put it back, give this run another name,"
        " or go on all the same with --accept-changed-data"
    )


def _time() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.processor()


def commit_of(file: Path) -> dict[str, Any] | None:
    """The commit that a file is of and whether anything in its checkout was changed since.

    None where the file is not under git: installed code may lie in the checkout of another project.
    """
    folder = file.parent
    if _ask_git(folder, "ls-files", "--error-unmatch", file.name) is None:
        return None
    changes = _ask_git(folder, "status", "--porcelain", "--untracked-files=no", ":/")
    return {"commit": _ask_git(folder, "rev-parse", "HEAD"), "dirty": bool(changes)}


def _ask_git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603  # the arguments are ours
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def fingerprint_of_source(source: str, base: Path) -> dict[str, Any]:
    """Numbers of photos and captions and a SHA-256 of a source of captioned photos.

    Raises DataError.
    """
    reader, _, rest = source.partition(":")
    folder, _, split = rest.partition(":")
    photos = read_source(source, base)
    try:
        items = [(p.name, p.path.stat().st_size, p.captions) for p in photos]
    except OSError as error:
        raise DataError(f"{source!r}: {error}") from error
    return {
        "reader": reader,
        "data_set": folder,
        "split": split,
        "photos": len(photos),
        "captions": sum(len(p.captions) for p in photos),
        "sha256": _sha256(items),
    }


def fingerprint_of_archive(archive: Path) -> dict[str, Any]:
    """The number of files and a SHA-256 of an archive of labelled photos; raises DataError."""
    with opened_archive(archive) as opened:
        entries = [(e.filename, e.file_size, e.CRC) for e in opened.infolist() if not e.is_dir()]
    return {"files": len(entries), "sha256": _sha256(entries)}


def _sha256(items: Iterable[tuple[Any, ...]]) -> str:
    lines = sorted(json.dumps(item) for item in items)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
