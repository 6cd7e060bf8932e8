"""Which models are loaded, and why others are not: one sentence each."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from PIL import Image

from bot.settings import Settings
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.base import DeviceError
from captioner.engines.transformers import loading
from captioner.engines.transformers.captioner import TransformersCaptioner
from captioner.engines.transformers.loading import load_model, precision
from captioner.loading import load_captioner
from tests.support.transformers_models import SAVE, load


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
        (
            {"model_type": "moondream1", "auto_map": {"AutoConfig": "code.Config"}},
            "it needs code of its repository, which is never run",
        ),
        ({"model_type": "llava"}, "CaptionBot does not know how to ask|cannot be read"),
    ],
)
def test_what_is_no_captioner(
    folder: Callable[[str], Path], tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    other = copied(folder("git"), tmp_path / "other", **changes)
    with pytest.raises(CheckpointError, match=sentence):
        load_model(other, device="cpu", name="other")


def test_code_beside_a_model_is_not_run(folder: Callable[[str], Path], tmp_path: Path) -> None:
    other = copied(folder("git"), tmp_path / "other", model_type="own", auto_map={
        "AutoConfig": "code.Config", "AutoModelForImageTextToText": "code.Model",
    })  # fmt: skip
    run = tmp_path / "run"
    (other / "code.py").write_text(f"open({str(run)!r}, 'w')\nclass Config: pass\n")
    with pytest.raises(CheckpointError, match="code"):
        load_model(other, device="cpu", name="other")
    assert not run.exists()


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    settings = Settings(_env_file=None)  # type: ignore[call-arg]  # pydantic-settings' own
    with pytest.raises(CheckpointError, match=r"no model of transformers is there \(no config"):
        load_captioner(settings, tmp_path)


@pytest.mark.parametrize(("capability", "expected"), [((8, 0), "bfloat16"), ((7, 5), "float32")])
def test_the_precision_on_gpus(
    monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], expected: str
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _device: capability)
    assert precision(torch.device("cuda", 0)) is getattr(torch, expected)


@pytest.mark.parametrize(
    ("able", "expected"),
    [
        ({"avx512_bf16": True, "amx_bf16": False}, torch.bfloat16),
        ({"avx512_bf16": False, "amx_bf16": True}, torch.bfloat16),
        ({"avx512_bf16": False, "amx_bf16": False}, torch.float32),
        ({"neon": True}, torch.float32),
    ],
)
def test_the_precision_on_cpus(
    monkeypatch: pytest.MonkeyPatch, able: dict[str, bool], expected: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    assert precision(torch.device("cpu")) is expected


def check_captions(captioner: TransformersCaptioner, photos: list[Image.Image]) -> None:
    for found in captioner.caption(photos, beam_size=2, n_best=2):
        best = found.captions[0]
        assert best.text
        assert all(word.log_prob <= 0 for word in best.words)
        if captioner.capabilities.attention:
            assert all(abs(sum(word.attention) - 1) < 1e-3 for word in best.words)


@pytest.mark.parametrize("name", sorted(SAVE))
def test_every_family_in_bfloat16(
    folder: Callable[[str], Path], photos: list[Image.Image], name: str
) -> None:
    captioner = load(name, folder(name), torch.bfloat16)
    assert captioner.describe()["precision"] == "bfloat16"
    check_captions(captioner, photos)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_every_family_on_a_gpu(folder: Callable[[str], Path], photos: list[Image.Image]) -> None:
    for name in SAVE:
        family = load_model(folder(name), device="cuda", name=name)
        captioner = TransformersCaptioner(family, folder(name), name=name)
        assert captioner.device.startswith("cuda")
        check_captions(captioner, photos)


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


@pytest.mark.skipif(
    find_spec("num2words") is not None, reason="num2words is installed, so nothing is missing"
)
def test_a_processor_that_needs_another_package(
    folder: Callable[[str], Path], tmp_path: Path
) -> None:
    """SmolVLM2's: it spells numbers out for videos."""
    other = copied(folder("idefics3"), tmp_path / "other", model_type="smolvlm")
    about = json.loads((other / "processor_config.json").read_text())
    about["processor_class"] = "SmolVLMProcessor"
    about["video_processor"] = {"video_processor_type": "SmolVLMVideoProcessor"}
    (other / "processor_config.json").write_text(json.dumps(about))
    with pytest.raises(DeviceError, match=r"its processor needs num2words, not installed here"):
        load_model(other, device="cpu", name="other")


def test_too_little_memory(folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "free_memory", lambda: 1000.0)
    with pytest.raises(DeviceError, match=r"blip needs about .* of memory, and this machine"):
        load_model(folder("blip"), device="cpu", name="blip")


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A host with 8 MB free, whose control groups are in a folder."""
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   8000 kB\n")
    (tmp_path / "own").write_text("0::/system.slice/captionbot-run.service\n")
    monkeypatch.setattr(loading, "_MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(loading, "_OWN_CGROUP", tmp_path / "own")
    monkeypatch.setattr(loading, "_CGROUP", tmp_path / "groups")
    return tmp_path


def limited(folder: Path, most: str, used: int, files: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(f"{most}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 1\nactive_file {files}\ninactive_file 0\n")


def test_the_memory_of_a_host(host: Path) -> None:
    assert loading.free_memory() == 8000 * 1024
    limited(host / "groups", "max", 1000, 0)
    assert loading.free_memory() == 8000 * 1024
    (host / "meminfo").unlink()
    assert loading.free_memory() == float("inf")


@pytest.mark.parametrize("place", ["", "system.slice", "system.slice/captionbot-run.service"])
def test_the_memory_of_a_service_or_of_a_slice(host: Path, place: str) -> None:
    limited(host / "groups" / place, "5000", 1200, 0)
    assert loading.free_memory() == 3800


def test_files_that_were_read_or_written_take_no_memory_away(host: Path) -> None:
    """As those of a model that was just fetched."""
    (host / "own").write_text("0::/\n")
    limited(host / "groups", "5000", 4900, 4000)
    assert loading.free_memory() == 4100


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
        load_model(other, device="cpu", name="other", dtype=torch.float32)
