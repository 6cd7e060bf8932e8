"""Runs that go on from a checkpoint: what they take over, say, and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from rich.console import Console

from captioner.captioner import BUNDLED
from captioner.checkpoint.torch_checkpoint import Checkpoint, CheckpointError, load_checkpoint
from tests.support.models import save_small_checkpoint, small_checkpoint
from training.config import ConfigError, load_config
from training.reporting.model_card import recipe
from training.resume_state import StateMismatch
from training.run import Run
from training.warm_start import read_start

HEAD = """
name = "further"
data = "."
start = "{start}"
image_size = 64

"""
DECODER = """
[[stages]]
kind = "decoder"
name = "decoder"
train = ["flickr8k:shapes:train"]
val = ["flickr8k:shapes:dev"]
packed_size = 64
views = 1
epochs = 1
batch_size = 16
learning_rate = 1e-12
average = 0.0
validate_photos = 2
"""
VOCABULARY = '[vocabulary]\nsources = ["flickr8k:shapes:train"]\nmin_count = 2\n\n'
TRANSFORMER = '[decoder]\nkind = "transformer"\nwidth = 16\nlayers = 1\nheads = 2\n\n'


@pytest.fixture(name="start")
def fixture_start(tmp_path: Path) -> Path:
    """A checkpoint as it is handed out: in int8."""
    path = tmp_path / "start.safetensors"
    small_checkpoint().save(path, int8=True)
    return path


def train(text: str, data: Path, folder: Path) -> Checkpoint:
    config = folder / "run.toml"
    config.write_text(text, encoding="utf-8")
    run = Run(
        load_config(config),
        folder=folder / "run",
        data=data,
        device=torch.device("cpu"),
        console=Console(quiet=True),
    )
    return load_checkpoint(run.train())


def test_the_whole_model_is_taken_over(data: Path, start: Path, tmp_path: Path) -> None:
    """At a learning rate of next to nothing, what comes out is what went in."""
    before = load_checkpoint(start)
    after = train(HEAD.format(start=start) + DECODER, data, tmp_path)
    assert after.vocabulary.words == before.vocabulary.words
    assert after.decoder.config == before.decoder.config
    for own, other in ((after.encoder, before.encoder), (after.decoder, before.decoder)):
        state = other.state_dict()
        for name, tensor in own.state_dict().items():
            torch.testing.assert_close(tensor, state[name], atol=1e-6, rtol=0, msg=name)


def test_the_encoder_alone_with_a_decoder_of_another_kind(
    data: Path, start: Path, tmp_path: Path
) -> None:
    text = HEAD.format(start=start) + TRANSFORMER + VOCABULARY + DECODER
    before, after = load_checkpoint(start), train(text, data, tmp_path)
    assert after.decoder.config.kind == "transformer"
    assert "circle" in after.vocabulary.words
    state = before.encoder.state_dict()
    assert all(torch.equal(t, state[n]) for n, t in after.encoder.state_dict().items())


def test_where_it_comes_from_stands_in_checkpoint_and_card(
    data: Path, start: Path, tmp_path: Path
) -> None:
    provenance = train(HEAD.format(start=start) + DECODER, data, tmp_path).provenance
    assert provenance["start"]["name"] == "start"
    assert provenance["configuration"]["start"] == start.name  # people share checkpoints
    assert str(start.parent) not in json.dumps(provenance)
    card = "\n".join(recipe(provenance))
    assert "The model of *start*, trained further, seed 1" in card
    bundled: Any = {"name": "flickr8k", "provenance": load_checkpoint(BUNDLED).provenance}
    card = "\n".join(recipe({"configuration": {}, "start": bundled}))
    assert card.index("Before that, *flickr8k*") < card.index("Encoder from package")


def test_a_run_does_not_go_on_from_another_checkpoint(
    data: Path, start: Path, tmp_path: Path
) -> None:
    text = HEAD.format(start=start) + DECODER
    train(text, data, tmp_path)
    train(text, data, tmp_path)  # there is nothing left to do
    save_small_checkpoint(start, seed=1)
    with pytest.raises(StateMismatch, match="another configuration"):
        train(text, data, tmp_path)


def test_the_bundled_one_has_a_name() -> None:
    assert read_start("bundled").checkpoint.path == BUNDLED


def test_what_is_no_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"absent\.safetensors"):
        read_start(str(tmp_path / "absent.safetensors"))
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"\x00" * 100)
    with pytest.raises(CheckpointError, match=r"broken\.safetensors"):
        read_start(str(broken))


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ('[encoder]\nname = "resnet18"\n', r"leave \[encoder\] out"),
        (TRANSFORMER, r"give \[vocabulary\] as well"),
    ],
)
def test_what_start_says_already_is_not_said_again(tmp_path: Path, more: str, reason: str) -> None:
    path = tmp_path / "run.toml"
    path.write_text(HEAD.format(start="bundled") + more + DECODER, encoding="utf-8")
    with pytest.raises(ConfigError, match=reason):
        load_config(path)


def test_words_must_come_from_somewhere(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(HEAD.format(start="") + DECODER, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[vocabulary\] is missing"):
        load_config(path)
