"""The checkpoint file: whole and sound, or refused in a sentence."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.torch_checkpoint import Checkpoint, CheckpointError, load_checkpoint
from captioner.model.transformer import TransformerDecoder
from tests.support.models import small_checkpoint, small_transformer


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checkpoint") / "small.safetensors"
    small_checkpoint().save(path)
    return path


def parts(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    with safe_open(path, framework="pt") as opened:
        tensors = {n: opened.get_tensor(n) for n in opened.keys()}  # noqa: SIM118 - no mapping
        return tensors, json.loads(opened.metadata()["captionbot"])


def written(path: Path, tensors: dict[str, Tensor], document: object) -> Path:
    save_file(tensors, path, metadata={"captionbot": json.dumps(document)})
    return path


def test_everything_comes_back(saved: Path) -> None:
    before, after = small_checkpoint(), load_checkpoint(saved)
    for part in ("encoder", "decoder"):
        old, new = getattr(before, part).state_dict(), getattr(after, part).state_dict()
        assert old.keys() == new.keys()
        assert all(torch.equal(t, new[n]) for n, t in old.items())
    assert after.vocabulary == before.vocabulary
    assert after.preprocess == before.preprocess
    assert after.generation == before.generation
    assert after.name == "small"
    assert after.decoder.output.weight is after.decoder.embedding.weight


def test_preprocessing_comes_back(saved: Path, tmp_path: Path) -> None:
    """`detail` too, which the first versions did not know: it stands there where it is used."""
    assert "detail" not in parts(saved)[1]["preprocess"]
    before = small_checkpoint()
    preprocess = dataclasses.replace(before.preprocess, detail=32)
    path = tmp_path / "detail.safetensors"
    dataclasses.replace(before, preprocess=preprocess).save(path)
    assert load_checkpoint(path).preprocess == preprocess != before.preprocess


@pytest.fixture(scope="module")
def transformer(saved: Path) -> Path:
    """The same with a Transformer decoder."""
    before = small_checkpoint()
    decoder = small_transformer(vocabulary_size=len(before.vocabulary), annotation_dim=512)
    path = saved.with_name("transformer.safetensors")
    dataclasses.replace(before, decoder=decoder).save(path)
    return path


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("int8", [True, False])
def test_a_transformer_decoder_comes_back(tmp_path: Path, *, tied: bool, int8: bool) -> None:
    before = small_checkpoint()
    decoder = small_transformer(
        vocabulary_size=len(before.vocabulary), annotation_dim=512, tied=tied
    )
    path = tmp_path / "transformer.safetensors"
    dataclasses.replace(before, decoder=decoder).save(path, int8=int8)
    after = load_checkpoint(path).decoder
    assert isinstance(after, TransformerDecoder)
    assert after.config == decoder.config
    assert (after.output.weight is after.embedding.weight) == tied
    a, words = torch.randn(2, 4, 512), torch.tensor([[[1, 5, 7]], [[1, 8, 9]]])
    with torch.inference_mode():
        (scores, alpha), (wanted, weights) = after(a, words), decoder(a, words)
    close = 0.1 if int8 else 0.0
    torch.testing.assert_close(scores, wanted, atol=close * 10, rtol=close)
    torch.testing.assert_close(alpha, weights, atol=close, rtol=0)


def test_files_of_before_there_were_kinds_of_decoder(saved: Path, tmp_path: Path) -> None:
    """They say nothing of kind and attention: an LSTM with soft attention."""
    tensors, document = parts(saved)
    assert document["decoder"].pop("kind") == "lstm"
    assert document["decoder"].pop("attention") == "soft"
    old = load_checkpoint(written(tmp_path / "old.safetensors", tensors, document))
    new = load_checkpoint(saved)
    assert old.decoder.config == new.decoder.config
    assert old.describe() == new.describe()


HOSTILE_TRANSFORMERS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown kind": ({"kind": "mamba"}, r"decoder: .*mamba"),
    "kind of another type": ({"kind": ["lstm"]}, "decoder"),
    "kind of nothing": ({"kind": None}, "decoder"),
    "another kind's weights": ({"kind": "lstm"}, "decoder"),
    "huge": ({"width": 10**9}, "width"),
    "deep": ({"layers": 10**6}, "layers"),
    "no layers": ({"layers": 0}, "layers"),
    "many heads": ({"heads": 10**6}, "heads"),
    "heads that do not share the width": ({"heads": 3}, "multiple of heads"),
    "wide perceptron": ({"feed_forward": 10**9}, "feed_forward"),
    "dropout": ({"dropout": 1.0}, "dropout"),
    "more layers than weights": ({"layers": 3}, "layers.2.* is missing"),
    "fewer layers than weights": ({"layers": 1}, "weights of no part"),
}


@pytest.mark.parametrize("name", HOSTILE_TRANSFORMERS)
def test_hostile_transformers(name: str, tmp_path: Path, transformer: Path) -> None:
    change, reason = HOSTILE_TRANSFORMERS[name]
    tensors, document = parts(transformer)
    document["decoder"].update(change)
    path = written(tmp_path / "hostile.safetensors", tensors, document)
    with pytest.raises(CheckpointError, match=reason) as caught:
        load_checkpoint(path)
    assert "\n" not in str(caught.value)


def test_batch_norm_statistics_are_in_the_file(saved: Path) -> None:
    """The old project's random captions came from leaving these out."""
    tensors, _ = parts(saved)
    statistics = [n for n in tensors if n.endswith(("running_mean", "running_var"))]
    assert len(statistics) == 2 * 20  # a resnet18 has 20 batch-norm layers
    assert not torch.equal(tensors["encoder.stem.1.running_mean"], torch.zeros(64))


def test_a_loaded_model_is_in_evaluation_mode(saved: Path) -> None:
    loaded = load_checkpoint(saved)
    modules = [*loaded.encoder.modules(), *loaded.decoder.modules()]
    assert not any(m.training for m in modules)


def test_int8_is_about_a_quarter(tmp_path: Path, saved: Path) -> None:
    small = tmp_path / "int8.safetensors"
    load_checkpoint(saved).save(small, int8=True)
    assert small.stat().st_size < 0.27 * saved.stat().st_size
    load_checkpoint(small)


def test_saving_onto_a_full_disk_leaves_the_old_file(
    tmp_path: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "model.safetensors"
    target.write_bytes(b"the old one")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        load_checkpoint(saved).save(target)
    assert [p.name for p in tmp_path.iterdir()] == ["model.safetensors"]
    assert target.read_bytes() == b"the old one"


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no such checkpoint; set CAPTIONBOT_CHECKPOINT"):
        load_checkpoint(tmp_path / "absent.safetensors")


Change = Callable[[dict[str, Tensor], dict[str, Any]], object]

HOSTILE: dict[str, tuple[Change, str]] = {
    "another format": (lambda t, d: d.update(format_version=99), "checkpoint format 99"),
    "no format": (lambda t, d: d.pop("format_version"), "checkpoint format None"),
    "unknown encoder": (lambda t, d: d.update(encoder="vit"), "encoder"),
    "no vocabulary": (lambda t, d: d.pop("vocabulary"), "vocabulary"),
    "vocabulary of numbers": (lambda t, d: d.update(vocabulary=[1, 2]), "vocabulary"),
    "no special words": (lambda t, d: d.update(vocabulary=["a"]), "begins with"),
    "too few words": (lambda t, d: d["vocabulary"].pop(), r"decoder\.\S+ is \("),
    "a word twice": (lambda t, d: d["vocabulary"].append("a"), "once"),
    "huge decoder": (lambda t, d: d["decoder"].update(hidden_dim=10**9), "hidden_dim"),
    "negative decoder": (lambda t, d: d["decoder"].update(hidden_dim=-1), "hidden_dim"),
    "no decoder": (lambda t, d: d.update(decoder=None), "decoder"),
    "no detail": (lambda t, d: d["preprocess"].update(detail=0), "preprocess.detail"),
    "huge image": (lambda t, d: d["preprocess"].update(size=10**6), "preprocess.size"),
    "endless captions": (lambda t, d: d["generation"].update(max_length=10**9), "max_length"),
    "missing weight": (lambda t, d: t.pop("encoder.layer1.0.bn1.running_var"), "is missing"),
    "stranger": (lambda t, d: t.update(virus=torch.ones(1)), "weights of no part"),
    "wrong shape": (
        lambda t, d: t.update({"decoder.gate.weight": torch.ones(2, 64)}),
        r"decoder.gate.weight is \(2, 64\), not \(1, 64\)",
    ),
    "not finite": (
        lambda t, d: t.update({"decoder.gate.weight": torch.full((1, 64), float("nan"))}),
        "not finite",
    ),
    "provenance is no mapping": (lambda t, d: d.update(provenance=[1]), "provenance"),
    "int8 without scale": (
        lambda t, d: t.update({"decoder.gate.weight": torch.ones(1, 64, dtype=torch.int8)}),
        "scale",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_checkpoints(name: str, tmp_path: Path, saved: Path) -> None:
    change, reason = HOSTILE[name]
    tensors, document = parts(saved)
    change(tensors, document)
    path = written(tmp_path / "hostile.safetensors", tensors, document)
    with pytest.raises(CheckpointError, match=reason) as caught:
        load_checkpoint(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"1234567",
        b"not a checkpoint at all, but long enough to have a header size in it",
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 10**9) + b"{}" * 100,
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 4) + b"[[[[",
        struct.pack("<Q", 60) + b'{"a":{"dtype":"F32","shape":[9999999],"data_offsets":[0,4]}}',
        b"PK\x03\x04" + b"\x00" * 200,  # a torch.save file is a zip of pickles
        b"\x80\x04\x95" + b"\x00" * 200,  # a pickle
    ],
)  # fmt: skip
def test_files_that_are_no_checkpoint(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"damaged|no CaptionBot checkpoint"):
        load_checkpoint(path)


@pytest.mark.parametrize("text", ["[1, 2]", '"x"', "null", "{", "[" * 100_000, "{}", "NaN"])
def test_metadata_that_is_no_document(text: str, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_file({"x": torch.ones(1)}, path, metadata={"captionbot": text})
    with pytest.raises(CheckpointError, match=r"format|JSON"):
        load_checkpoint(path)


def test_a_truncated_file(tmp_path: Path, saved: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(saved.read_bytes()[:-1000])
    with pytest.raises(CheckpointError, match="damaged or incomplete"):
        load_checkpoint(path)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_mutated_header_is_refused_or_loads(
    data: st.DataObject, saved: Path, tmp_path: Path
) -> None:
    whole = bytearray(saved.read_bytes())
    length = struct.unpack("<Q", whole[:8])[0]
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, length + 7))] = data.draw(st.integers(0, 255))
    path = tmp_path / "mutated.safetensors"
    path.write_bytes(whole)
    try:
        loaded = load_checkpoint(path)
    except CheckpointError:
        return
    assert isinstance(loaded, Checkpoint)


def test_a_calibration_comes_back_and_old_files_have_none(saved: Path, tmp_path: Path) -> None:
    assert load_checkpoint(saved).calibration is None
    tensors, document = parts(saved)
    assert "calibration" not in document
    document["calibration"] = {"bias": 1.5, "mean": 2.0, "least": 0.25}
    path = written(tmp_path / "calibrated.safetensors", tensors, document)
    loaded = load_checkpoint(path)
    assert loaded.calibration == Calibration(bias=1.5, mean=2.0, least=0.25)
    assert loaded.describe()["calibration"] == document["calibration"]


@pytest.mark.parametrize("numbers", [{"bias": 1.0}, {"bias": 0, "mean": -1, "least": 0}, "sure", 3])
def test_a_calibration_of_no_use(saved: Path, tmp_path: Path, numbers: object) -> None:
    tensors, document = parts(saved)
    path = written(tmp_path / "odd.safetensors", tensors, document | {"calibration": numbers})
    with pytest.raises(CheckpointError, match="calibration"):
        load_checkpoint(path)
