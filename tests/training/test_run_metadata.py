"""A run's folder says what it takes to repeat the run, and notices other data."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import torch
from rich.console import Console

from tests.support.shapes import CONFIG, make_flickr8k
from training.config import RunConfig, load_config
from training.data.reader_base import DataError
from training.resume_state import StateMismatch
from training.run_metadata import RunMetadata, git_commit_of

CPU = torch.device("cpu")
LABELS = """
[[stages]]
kind = "labels"
name = "labels"
archives = ["labelled.zip"]
sizes = [{ until = 1.0, size = 64 }]
epochs = 1
batch_size = 2
learning_rate = 1e-3
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder of data sets that a test may change."""
    folder = tmp_path / "data"
    make_flickr8k(folder / "shapes", train=6, dev=3)
    with zipfile.ZipFile(folder / "labelled.zip", "w") as archive:
        archive.writestr("train/n01/a.jpg", b"a photo")
    return folder


@pytest.fixture
def config(tmp_path: Path) -> RunConfig:
    path = tmp_path / "run.toml"
    path.write_text(CONFIG + LABELS, encoding="utf-8")
    return load_config(path)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


def data_json(run: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((run / "data.json").read_text())
    return read


def keep(run: Path, config: RunConfig, base: Path, **options: Any) -> str:
    said = io.StringIO()
    stages = options.pop("stages", config.stages)
    RunMetadata(run, Console(file=said, width=200)).check_data(
        config, stages, folder=base, **options
    )
    return said.getvalue()


def test_data_sets_with_their_sizes(run: Path, config: RunConfig, base: Path) -> None:
    keep(run, config, base)
    sets = data_json(run)["sets"]
    train, dev = sets["flickr8k:shapes:train"], sets["flickr8k:shapes:dev"]
    assert (train["photos"], train["captions"], train["split"]) == (6, 12, "train")
    assert (dev["photos"], dev["captions"]) == (3, 6)
    assert sets["labelled.zip"]["files"] == 1
    assert len({one["sha256"] for one in sets.values()}) == 3
    before = (run / "data.json").read_bytes()
    assert keep(run, config, base) == ""  # and again, as when a run goes on
    assert (run / "data.json").read_bytes() == before


def a_word(base: Path) -> None:
    tokens = base / "shapes" / "Flickr8k.token.txt"
    tokens.write_text(tokens.read_text().replace("There is a red", "There was a red", 1))


def a_photo_less(base: Path) -> None:
    names = base / "shapes" / "Flickr_8k.trainImages.txt"
    names.write_text("\n".join(names.read_text().splitlines()[:-1]) + "\n")


def another_photo(base: Path) -> None:
    with (base / "shapes" / "Images" / "0000.jpg").open("ab") as photo:
        photo.write(b"more")


def another_label(base: Path) -> None:
    with zipfile.ZipFile(base / "labelled.zip", "a") as archive:
        archive.writestr("train/n02/b.jpg", b"another")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (a_word, r"^flickr8k:shapes:train .* equal \(6 photos, 12 captions\), but names"),
        (a_photo_less, r"^flickr8k:shapes:train .* 6 photos, 12 captions and has 5 photos"),
        (another_photo, r"^flickr8k:shapes:train .* sizes"),
        (another_label, r"^labelled\.zip .* had 1 files and has 2 files.*--accept-changed-data"),
    ],
)
def test_changed_data_are_refused_by_name_and_accepted_if_wished(
    run: Path, config: RunConfig, base: Path, change: Callable[[Path], None], reason: str
) -> None:
    keep(run, config, base)
    before = data_json(run)
    change(base)
    with pytest.raises(StateMismatch, match=reason):
        keep(run, config, base)
    assert data_json(run) == before
    assert "has changed; continuing" in keep(run, config, base, accept_changes=True)
    [replaced] = data_json(run)["replaced"]
    was = before["sets"][replaced["name"]]
    assert {k: replaced[k] for k in was} == was
    assert keep(run, config, base) == ""  # it is now the data of the run


def test_a_run_of_before_there_was_a_record_goes_on(
    run: Path, config: RunConfig, base: Path
) -> None:
    keep(run, config, base)
    (run / "data.json").unlink()
    a_word(base)
    keep(run, config, base)
    assert len(data_json(run)["sets"]) == 3


def test_data_of_stages_that_are_done_may_be_gone(run: Path, config: RunConfig, base: Path) -> None:
    keep(run, config, base)
    (base / "labelled.zip").unlink()
    keep(run, config, base, stages=config.stages[:-1])
    assert "labelled.zip" in data_json(run)["sets"]
    with pytest.raises(DataError, match=r"labelled\.zip"):
        keep(run, config, base)


def test_a_damaged_record_is_named(run: Path, config: RunConfig, base: Path) -> None:
    (run / "data.json").write_text('{"sets": ')
    with pytest.raises(DataError, match=r"data\.json: damaged .* delete it"):
        keep(run, config, base)


def test_the_configuration_has_its_defaults_written_out(run: Path, config: RunConfig) -> None:
    RunMetadata(run, Console(quiet=True)).save_configuration(config)
    kept = json.loads((run / "config.json").read_text())
    assert kept["seed"] == 3
    assert kept["stages"][1]["label_smoothing"] == 0.1  # a default
    again = RunConfig.model_validate(kept)
    assert [again.fingerprint(i) for i in range(4)] == [config.fingerprint(i) for i in range(4)]


def test_the_environment_of_each_start_that_differs(run: Path) -> None:
    run_metadata = RunMetadata(run, Console(quiet=True))
    for processes in (1, 1, 2):
        run_metadata.save_environment(CPU, processes)
    first, second = json.loads((run / "environment.json").read_text())["starts"]
    assert (first["processes"], second["processes"]) == (1, 2)
    assert first["torch"] == torch.__version__
    assert first["packages"]["safetensors"] == metadata.version("safetensors")
    assert first["threads"] == torch.get_num_threads()
    assert {"python", "platform", "cpu", "gpus", "device", "git", "captionbot"} <= first.keys()


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_the_commit_and_whether_the_code_was_changed(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
        )  # fmt: skip
        return done.stdout.strip()

    code, stray = tmp_path / "code.py", tmp_path / "stray.py"
    code.write_text("1\n")
    git("init")
    git("add", "code.py")
    git("commit", "-m", "first")
    stray.write_text("2\n")
    commit = git("rev-parse", "HEAD")
    assert git_commit_of(code) == {"commit": commit, "dirty": False}
    assert git_commit_of(stray) is None
    code.write_text("3\n")
    assert git_commit_of(code) == {"commit": commit, "dirty": True}
    assert git_commit_of(Path("/") / "code.py") is None
