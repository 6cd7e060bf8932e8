"""The metadata in a run's folder: everything that is needed to repeat the run.

`config.json` is the configuration with all defaults, `environment.json` describes the machine and
the packages of each start, and `data.json` has fingerprints of the data sets. A fingerprint is
cheap, because no photo is opened: captioned photos are identified by name, size in bytes and
captions, labelled ones by the directory of their archive, which has a checksum of each.
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
from training.config import RunConfig
from training.data.cache import open_archive
from training.data.reader_base import DataError
from training.data.registry import read_source, read_texts
from training.resume_state import StateMismatch
from training.stage_config import AnyStage, DecoderStage, LabelsStage

_CODE = Path(__file__).with_name("run.py")


class RunMetadata:
    """Writes the metadata files of a run's folder, each of them atomically."""

    def __init__(self, folder: Path, console: Console) -> None:
        self._folder, self._console = folder, console

    def save_configuration(self, config: RunConfig) -> None:
        """Write the configuration with all defaults and the seed."""
        self._write("config.json", config.model_dump(mode="json"))

    def save_environment(self, device: torch.device, processes: int) -> None:
        """Add this start to the list, unless it equals the one before."""
        starts = self._read("environment.json").get("starts", [])
        now = describe_environment(device, processes)
        if not starts or {**starts[-1], "time": ""} != {**now, "time": ""}:
            self._write("environment.json", {"starts": [*starts, now]})

    def check_data(
        self,
        config: RunConfig,
        stages: Iterable[AnyStage],
        *,
        folder: Path,
        accept_changes: bool = False,
    ) -> None:
        """Check that the data sets of the vocabulary and these stages have not changed.

        Data sets without a record are recorded. Raises StateMismatch, naming the data set, if one
        has changed; with `accept_changes` its record is replaced instead, and the old one is kept
        under `replaced`. Raises DataError if one cannot be read.
        """
        kept = self._read("data.json")
        sets: dict[str, Any] = kept.get("sets", {})
        replaced: list[Any] = kept.get("replaced", [])
        for name, now in _data_sets(config, stages, folder).items():
            before = sets.get(name)
            if before is not None and before != now:
                if not accept_changes:
                    raise StateMismatch(_changed(name, before, now))
                self._console.log(f"{name} has changed; continuing: {self._folder}/data.json")
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


def describe_environment(device: torch.device, processes: int) -> dict[str, Any]:
    """The machine, the code version and every installed package."""
    gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    return {
        "time": _time(),
        "captionbot": version(),
        "git": git_commit_of(_CODE),
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
    texts = list(config.vocabulary.texts) if config.vocabulary else []
    texts += config.languages.texts.values() if config.languages else ()
    archives: list[str] = []
    for stage in stages:
        if isinstance(stage, LabelsStage):
            archives += stage.archives
            continue
        sources += [*stage.train, *stage.val]
        if isinstance(stage, DecoderStage):
            texts += stage.texts
    return (
        {name: fingerprint_of_source(name, folder) for name in dict.fromkeys(sources)}
        | {name: fingerprint_of_archive(folder / name) for name in dict.fromkeys(archives)}
        | {f"text-only/{name}": fingerprint_of_texts(name, folder) for name in dict.fromkeys(texts)}
    )


def _changed(name: str, before: dict[str, Any], now: dict[str, Any]) -> str:
    def counts(one: dict[str, Any]) -> str:
        return ", ".join(f"{v} {k}" for k, v in one.items() if isinstance(v, int))

    what = f"it had {counts(before)} and has {counts(now)}"
    if counts(before) == counts(now):
        what = f"the counts are equal ({counts(now)}), but names, sizes or captions differ"
    return (
        f"{name} has changed since this run began: {what}; restore it, give this run another name,"
        " or continue with --accept-changed-data"
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


def git_commit_of(file: Path) -> dict[str, Any] | None:
    """The commit of a file's checkout, and whether the checkout has uncommitted changes.

    None if git does not track the file: installed code may lie in another project's checkout.
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
    """The numbers of photos and captions and a SHA-256 of a source of captioned photos.

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


def fingerprint_of_texts(name: str, base: Path) -> dict[str, Any]:
    """The number and a SHA-256 of captions without photos; raises DataError."""
    texts = read_texts(name, base)
    return {"captions": len(texts), "sha256": _sha256((text,) for text in texts)}


def fingerprint_of_archive(archive: Path) -> dict[str, Any]:
    """The number of files and a SHA-256 of an archive of labelled photos; raises DataError."""
    with open_archive(archive) as opened:
        entries = [(e.filename, e.file_size, e.CRC) for e in opened.infolist() if not e.is_dir()]
    return {"files": len(entries), "sha256": _sha256(entries)}


def _sha256(items: Iterable[tuple[Any, ...]]) -> str:
    lines = sorted(json.dumps(item) for item in items)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
