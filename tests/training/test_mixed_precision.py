"""Mixed precision: where it is used, and that every stage learns in it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import torch
from rich.console import Console

from tests.support.shapes import CONFIG
from training.config import load_config
from training.loop import supports_fast_bf16
from training.resume_state import load_tensors
from training.run import Run

SELF_CRITICAL = """
[[stages]]
kind = "self_critical"
name = "self-critical"
train = ["flickr8k:shapes:train"]
val = ["flickr8k:shapes:dev"]
packed_size = 64
epochs = 1
batch_size = 16
learning_rate = 1e-3
validate_photos = 2
"""
TRANSFORMER = 'kind = "transformer"\nwidth = 16\nlayers = 1\nheads = 2\nfeed_forward = 32\n\n'
SHORT = CONFIG.replace("epochs = 6", "epochs = 1").replace("epochs = 30\n", "epochs = 1\n")


@pytest.mark.parametrize(
    ("device", "capabilities", "pays"),
    [
        ("cpu", {"avx2": True, "avx512_f": True, "cpu_name": "bf16"}, False),
        ("cpu", {"avx512_bf16": False, "amx_bf16": False}, False),
        ("cpu", {"avx512_bf16": True}, True),
        ("cpu", {"amx_bf16": True}, True),
        ("cpu", {"architecture": "aarch64", "bf16": True}, True),
        ("cpu", {}, False),
        ("cuda", {}, True),
        ("mps", {"bf16": True}, False),
    ],
)
def test_where_bf16_pays(
    device: str, capabilities: dict[str, object], pays: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert supports_fast_bf16(torch.device(device)) is pays


def trained(text: str, data: Path, folder: Path) -> tuple[Path, str]:
    """A run's folder, and what was said."""
    folder.mkdir()
    config = folder / "run.toml"
    config.write_text(text, encoding="utf-8")
    said = io.StringIO()
    Run(
        load_config(config), folder=folder / "run", data=data, device=torch.device("cpu"),
        console=Console(file=said, width=200),
    ).train()  # fmt: skip
    return folder / "run", said.getvalue()


def losses(folder: Path) -> list[float]:
    lines = (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [entry["loss"] for line in lines if "loss" in (entry := json.loads(line))]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("decoder", ["hard", "transformer"])
def test_every_stage_in_bf16(
    decoder: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever this CPU has: rounded steps, but the weights of float32, as far as bf16 can tell."""
    text = SHORT + SELF_CRITICAL
    sizes = text[text.index("hidden_dim") : text.index("[vocabulary]")]
    if decoder == "transformer":
        text = text.replace(sizes, TRANSFORMER)
    else:
        text = text.replace(sizes, f'attention = "hard"\n{sizes}')
    in_float32, _ = trained(text, data, tmp_path / "float32")
    monkeypatch.setattr("training.run.supports_fast_bf16", lambda device: True)
    in_bf16, said = trained(
        text.replace("seed = 3", 'seed = 3\nprecision = "bf16"'), data, tmp_path / "bf16"
    )
    assert "precision:" not in said
    for stage in ("0-words", "1-decoder", "2-end-to-end", "3-self-critical"):
        exact, rounded = losses(in_float32 / stage), losses(in_bf16 / stage)
        assert exact != rounded, f"{stage} was not in bf16"
        if stage == "0-words":  # behind it, weights differ, and what is drawn may differ
            assert rounded[0] == pytest.approx(exact[0], rel=0.1)
        tensors, _ = load_tensors(in_bf16 / stage / "weights.safetensors")
        for name, tensor in tensors.items():
            assert tensor.dtype in (torch.float32, torch.int64), name
            assert tensor.isfinite().all(), name


@pytest.mark.timeout(300)
def test_where_it_does_not_pay_it_is_left_out_with_a_note(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.run.supports_fast_bf16", lambda device: False)
    text = SHORT[: SHORT.index('[[stages]]\nkind = "decoder"')]
    in_float32, _ = trained(text, data, tmp_path / "float32")
    left_out, said = trained(
        text.replace("seed = 3", 'seed = 3\nprecision = "bf16"'), data, tmp_path / "bf16"
    )
    assert "precision: float32, because this cpu has no bf16 instructions" in said
    assert losses(left_out / "0-words") == losses(in_float32 / "0-words")
