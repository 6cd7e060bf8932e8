"""Which engine is taken."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from captioner.captioner import Captioner, DeviceError
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines import base as choice


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of devices without a GPU."""
    monkeypatch.setattr(choice, "_DEVICES", tmp_path)
    return tmp_path


def without(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(name: str) -> Any:
        return None if name == package else find_spec(name)

    monkeypatch.setattr(choice, "find_spec", found)


def test_auto_takes_openvino_where_it_can(ready: Path) -> None:
    assert Captioner.load(ready).engine == "openvino"
    assert Captioner.load(ready, device="cpu").device == "cpu"
    assert Captioner.load(ready, engine="torch").engine == "torch"


def test_auto_leaves_a_gpu_to_torch(ready: Path, no_gpu: Path) -> None:
    (no_gpu / "nvidia0").touch()
    assert Captioner.load(ready).engine == "torch"
    assert Captioner.load(ready, device="cpu").engine == "openvino"
    with pytest.raises(DeviceError, match="CAPTIONBOT_DEVICE=cuda:9"):
        Captioner.load(ready, device="cuda:9")


def test_a_checkpoint_without_ranges_runs_in_float32_and_the_log_says_what_is_faster(
    ready: Path, bare: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert Captioner.load(ready).engine == "openvino"
        assert not caplog.text
        assert Captioner.load(bare).engine == "openvino"
    assert "float32; `captionbot weights engine`" in caplog.text


def test_without_openvino(
    ready: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    without("openvino", monkeypatch)
    with caplog.at_level(logging.INFO):
        assert Captioner.load(ready).engine == "torch"
    assert "OpenVINO is not installed" in caplog.text
    with pytest.raises(DeviceError, match=r"pip install .*'\.\[openvino\]'"):
        Captioner.load(ready, engine="openvino")


def test_without_torch(
    ready: Path,
    bare: Path,
    transformer: Path,
    no_gpu: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without("torch", monkeypatch)
    (no_gpu / "nvidia0").touch()
    for path in (ready, bare):
        assert Captioner.load(path).engine == "openvino"
    for path, engine in ((transformer, "auto"), (ready, "torch")):
        with pytest.raises(DeviceError, match="torch is not installed"):
            Captioner.load(path, engine=engine)
    with pytest.raises(DeviceError, match=r"needs torch.*'\.\[worker\]'.*auto or cpu"):
        Captioner.load(ready, device="cuda")


def test_a_transformer_runs_on_torch_and_the_log_says_why(
    transformer: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert Captioner.load(transformer).engine == "torch"
    assert "it has a decoder that runs on torch alone" in caplog.text
    with pytest.raises(CheckpointError, match="torch alone"):
        Captioner.load(transformer, engine="openvino")


def test_openvino_on_a_gpu_is_refused(ready: Path) -> None:
    with pytest.raises(DeviceError, match="set CAPTIONBOT_DEVICE to cpu"):
        Captioner.load(ready, engine="openvino", device="cuda:0")


@pytest.mark.parametrize("engine", ["auto", "torch", "openvino"])
def test_no_file(engine: str, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no such checkpoint"):
        Captioner.load(tmp_path / "absent.safetensors", engine=engine)
