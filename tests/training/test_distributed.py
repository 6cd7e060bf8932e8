"""Several processes share out batches evenly; two on loopback do what one does."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import torch
from rich.console import Console

from tests.support.command import environment
from tests.support.features import shape_decoder, shape_stage, vocabulary_of
from tests.support.shapes import CONFIG
from training.config import load_config
from training.distributed import SINGLE_PROCESS, DistributedError, ProcessGroup
from training.resume_state import load_tensors
from training.run import Run
from training.stages.frozen_encoder import DecoderTraining

PATIENCE = 240.0  # seconds; three processes import torch

_HEAD, *_STAGES = CONFIG.split("[[stages]]\n")
_, DECODER, END_TO_END = ("[[stages]]\n" + text for text in _STAGES)

# Nothing is drawn at random, and a batch of 20 has captions of both lengths that there are.
PLAIN = _HEAD.replace("dropout = 0.1", "dropout = 0.0") + (
    DECODER.replace("views = 2", "views = 1")
    .replace("batch_size = 16", "batch_size = 20")
    .replace("learning_rate = 5e-3", 'learning_rate = 0.1\noptimizer = "sgd"')
    .replace("epochs = 30\n", "epochs = 8\n")
    .replace("validate_every = 30", "validate_every = 8")
)

LABELS = """
[[stages]]
kind = "labels"
name = "labels"
archives = ["labelled.zip"]
packed_size = 64
sizes = [{ until = 1.0, size = 64 }]
epochs = 1
batch_size = 12
learning_rate = 1e-3
"""

# Everything that processes have to agree on: batch norm, hard attention's baseline, rewards.
VARIED = (
    _HEAD.replace("tied = true", 'tied = true\nattention = "hard"')
    + LABELS
    + DECODER.replace("epochs = 30\n", "epochs = 2\nearly_stopping = { patience = 1 }\n").replace(
        "validate_every = 30", "validate_every = 1"
    )
    + END_TO_END.replace("epochs = 2\n", "epochs = 1\n").replace(
        "packed_size", 'batch_norm = "train"\npacked_size'
    )
    + DECODER.replace('"decoder"', '"self_critical"').replace("epochs = 30\n", "epochs = 1\n")
)

CHILD = """
import os, sys
from pathlib import Path
import torch
from rich.console import Console
from captioner.model.encoder import Encoder
from training.config import load_config
from training.run import Run
from training.resume_state import save_tensors
from training.distributed import TorchrunProcessGroup

config, data, folder = map(Path, sys.argv[1:])
cpu = torch.device("cpu")
processes = TorchrunProcessGroup(cpu)
run = Run(load_config(config), folder=folder, data=data, device=cpu, console=Console(quiet=True),
          processes=processes)
run.train()
own = {f"encoder.{n}": t for n, t in run._encoder.state_dict().items()}
own |= {f"decoder.{n}": t for n, t in run._decoder.state_dict().items()}
save_tensors(folder / f"rank-{processes.rank}.safetensors", own, {})
processes.end()
"""


@contextmanager
def torchrun(*command: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Two processes of a command; none of them is left at the end."""
    run = [sys.executable, "-W", "error", "-m", "torch.distributed.run"]
    with subprocess.Popen(
        [*run, "--standalone", "--nproc-per-node", "2", *command],
        cwd=folder, env=environment(), text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                for child in psutil.Process(process.pid).children():
                    child.kill()
                process.kill()


def worker(launcher: subprocess.Popen[str], rank: int) -> psutil.Process:
    """The process of that rank."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for child in psutil.Process(launcher.pid).children():
            if child.environ().get("RANK") == str(rank):
                return child
        time.sleep(0.05)
    raise AssertionError(f"there is no process {rank}")


def until(path: Path, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE
    while not path.is_file():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end, f"{path} does not come"
        time.sleep(0.01)


def wholly_alike(one: Path, other: Path) -> Sequence[str]:
    first, second = load_tensors(one)[0], load_tensors(other)[0]
    assert first.keys() == second.keys()
    return [name for name in first if not torch.equal(first[name], second[name])]


@pytest.mark.timeout(600)
def test_two_processes_killed_and_resumed_end_where_one_does(data: Path, tmp_path: Path) -> None:
    config = tmp_path / "run.toml"
    config.write_text(PLAIN, encoding="utf-8")
    command = ("-m", "bot.cli", "train", str(config), "--data", str(data))
    stage = tmp_path / "runs" / "shapes" / "0-decoder"

    with torchrun(*command, "--save-every", "0", folder=tmp_path) as run:
        victim = worker(run, 1)
        until(stage / "state.safetensors", run)
        victim.send_signal(signal.SIGKILL)
        said = run.communicate(timeout=PATIENCE)[0]
        assert run.returncode != 0
    assert (
        "captionbot: process 1 of 2 stops because another one has ended; "
        "give the same command to resume" in said
    )
    assert not (stage / "weights.safetensors").exists()

    with torchrun(*command, folder=tmp_path) as run:
        said = run.communicate(timeout=PATIENCE)[0]
        assert run.returncode == 0, said
    assert said.count("resuming at step") == said.count("checkpoint.safetensors") == 1
    made = {p.name for p in (tmp_path / "runs" / "shapes").iterdir()}
    files = {"checkpoint.safetensors", "config.toml", "config.json", "environment.json"}
    assert made == {"0-decoder", "data.json", *files}
    log = [json.loads(line) for line in (stage / "log.jsonl").read_text().splitlines()]
    [validation] = [line["validation"] for line in log if "validation" in line]

    one = tmp_path / "one"
    Run(
        load_config(config), folder=one, data=data, device=torch.device("cpu"),
        console=Console(quiet=True),
    ).train()  # fmt: skip
    weights, meta = load_tensors(one / "0-decoder" / "weights.safetensors")
    shared, _ = load_tensors(stage / "weights.safetensors")
    for name, tensor in weights.items():
        torch.testing.assert_close(shared[name], tensor, rtol=1e-3, atol=1e-4)
    assert validation["val_entropy"] == pytest.approx(meta["scores"]["val_entropy"], abs=1e-3)


@pytest.mark.timeout(600)
def test_all_processes_end_with_the_same_weights(data: Path, tmp_path: Path) -> None:
    """Whatever the stage: to the bit, for each goes on from its own."""
    photos = sorted((data / "shapes" / "Images").iterdir())
    base = tmp_path / "data"
    base.mkdir()
    (base / "shapes").symlink_to(data / "shapes")
    with zipfile.ZipFile(base / "labelled.zip", "w") as archive:
        for number, photo in enumerate(photos[:36]):
            part = "val" if number >= 24 else "train"
            archive.write(photo, f"{part}/n{number % 3:02d}/{photo.name}")
    config, child = tmp_path / "run.toml", tmp_path / "child.py"
    config.write_text(VARIED, encoding="utf-8")
    child.write_text(CHILD, encoding="utf-8")
    folder = tmp_path / "run"
    with torchrun(str(child), str(config), str(base), str(folder), folder=tmp_path) as run:
        said = run.communicate(timeout=PATIENCE)[0]
        assert run.returncode == 0, said
    assert not wholly_alike(folder / "rank-0.safetensors", folder / "rank-1.safetensors")


class Of(ProcessGroup):
    """One of several, as far as nothing is sent."""

    def __init__(self, rank: int, count: int) -> None:
        self.rank, self.count = rank, count


def test_shares_are_the_batch() -> None:
    batch = torch.randperm(12)
    shares = [Of(rank, 4).shard(batch) for rank in range(4)]
    assert [len(share) for share in shares] == [3, 3, 3, 3]
    assert sorted(torch.cat(shares).tolist()) == list(range(12))
    assert torch.equal(SINGLE_PROCESS.shard(batch), batch)


def test_what_cannot_be_shared_out_is_refused() -> None:
    Of(1, 4).check_batch_size("teach", 16)
    with pytest.raises(DistributedError, match=r"teach: batch_size \(18\).* multiple .*, 4"):
        Of(1, 4).check_batch_size("teach", 18)
    with pytest.raises(DistributedError, match=r"batch of 3 cannot .* 2 .*; .* the data set"):
        Of(0, 2).shard(torch.arange(3))


def test_each_process_draws_numbers_of_its_own() -> None:
    assert SINGLE_PROCESS.seed(7) == Of(0, 3).seed(7) == 7
    assert len({Of(rank, 3).seed(2**63 - 1) for rank in range(3)}) == 3


def test_each_word_counts_once(data: Path) -> None:
    """The mean of the shares' losses is the loss of the batch, though captions differ in length."""
    decoder = shape_decoder("soft", len(vocabulary_of(data)))
    _, stage = shape_stage(
        data, decoder, kind="decoder", epochs=1, batch_size=20, attention_penalty=0.5
    )
    assert isinstance(stage, DecoderTraining)
    one_view = replace(stage._features, train=stage._features.train[:1])  # so that none is drawn
    decoder.eval()  # no dropout
    uneven = 0
    for step in range(stage.steps_per_epoch):
        stage._features, losses = one_view, []
        for processes in (SINGLE_PROCESS, *(Of(rank, 5) for rank in range(5))):
            stage._processes = processes
            losses.append(stage.loss(step, torch.Generator())[0])
            uneven += stage._captions.batch(step, processes).weight != 1
        whole, *parts = losses
        torch.testing.assert_close(torch.stack(parts).mean(), whole)
    assert uneven, "no batch has captions of several lengths"
