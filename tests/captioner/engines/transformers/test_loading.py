"""Which models are loaded, and why others are not: one sentence each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.base import DeviceError
from captioner.engines.transformers import loading
from captioner.engines.transformers.loading import load_model


def copied(source: Path, target: Path, **changes: object) -> Path:
    """A folder like another, with changes of its configuration."""
    target.mkdir()
    for file in source.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    config = json.loads((target / "config.json").read_text())
    (target / "config.json").write_text(json.dumps(config | changes))
    return target


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model_type": "bert"}, "a model of the type bert does not turn photos into text"),
        ({"model_type": "no-such-model"}, "of no model that the installed transformers knows"),
        ({"model_type": "llava"}, "CaptionBot does not know how to ask|cannot be read"),
    ],
)
def test_what_is_no_captioner(
    folder: Callable[[str], Path], tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    other = copied(folder("git"), tmp_path / "other", **changes)
    with pytest.raises(CheckpointError, match=sentence):
        load_model(other, device="cpu", name="other")


def test_damaged_weights(folder: Callable[[str], Path], tmp_path: Path) -> None:
    other = copied(folder("git"), tmp_path / "other")
    (other / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(CheckpointError, match="its weights cannot be read"):
        load_model(other, device="cpu", name="other")


def test_a_folder_without_a_tokenizer(folder: Callable[[str], Path], tmp_path: Path) -> None:
    other = copied(folder("blip"), tmp_path / "other")
    for name in ("tokenizer.json", "tokenizer_config.json", "processor_config.json"):
        (other / name).unlink()
    with pytest.raises(CheckpointError, match="its tokenizer or its image processor"):
        load_model(other, device="cpu", name="other")


def test_too_little_memory(folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "free_memory", lambda: 1000.0)
    with pytest.raises(DeviceError, match=r"blip needs about .* of memory, and this machine"):
        load_model(folder("blip"), device="cpu", name="blip")


@pytest.mark.parametrize(("kind", "gigabytes"), [("F32", "72.0"), ("BF16", "144.0")])
def test_a_model_larger_than_any_memory(
    folder: Callable[[str], Path], tmp_path: Path, kind: str, gigabytes: str
) -> None:
    """A file of 60 GB, with nothing in it: not even opening it may fail."""
    other = copied(folder("blip"), tmp_path / "other")
    size = 60_000_000_000
    tensor = {"dtype": kind, "shape": [size], "data_offsets": [0, size]}
    header = json.dumps({"__metadata__": {"format": "pt"}, "x": tensor}).encode()
    with (other / "model.safetensors").open("wb") as opened:
        opened.write(len(header).to_bytes(8, "little") + header)
        opened.truncate(8 + len(header) + size)
    with pytest.raises(DeviceError, match=f"other needs about {gigabytes} GB of memory"):
        load_model(other, device="cpu", name="other")
