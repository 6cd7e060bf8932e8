"""What the doctor says of a checkpoint, from its header alone, whatever the file is."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from bot.doctor import Finding
from bot.doctor import checkpoint as doctor
from captioner.checkpoint import file as checkpoint_file
from captioner.checkpoint import metadata as checkpoint_document
from tests.bot.doctor.helpers import NOTE, OK, PROBLEM, examine, settings
from tests.support.models import save_small_checkpoint, small_checkpoint


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checkpoint") / "small.safetensors"
    small_checkpoint().save(path)
    return path


async def examined(path: Path) -> Finding:
    (found,) = await examine(settings(CAPTIONBOT_CHECKPOINT=str(path)), ("checkpoint",))
    return found


def test_it_agrees_with_the_captioner() -> None:
    assert doctor.FORMAT_VERSION == checkpoint_document.FORMAT_VERSION
    assert doctor.OLDEST_FORMAT_VERSION == checkpoint_document.OLDEST_FORMAT_VERSION
    assert doctor.MAX_HEADER_BYTES == checkpoint_file.MAX_HEADER_BYTES


async def test_a_sound_one_is_described(sound: Path, tmp_path: Path) -> None:
    found = await examined(sound)
    assert found.level is OK
    assert found.text.startswith("small: resnet18, 16 words, format 1, full weights")
    small = tmp_path / "int8.safetensors"
    small_checkpoint().save(small, int8=True)
    assert "int8 weights" in (await examined(small)).text


async def test_its_languages_are_named(tmp_path: Path) -> None:
    path = save_small_checkpoint(tmp_path / "many.safetensors", languages=True)
    found = await examined(path)
    assert found.level is OK
    assert "format 2" in found.text
    assert found.text.endswith("; captions also in de, pt, zh")


async def test_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = await examined(tmp_path / "absent.safetensors")
    assert (found.level, found.advice) == (
        PROBLEM,
        "set CAPTIONBOT_CHECKPOINT to a file or to one of these names: bundled",
    )
    assert (await examined(tmp_path)).level is PROBLEM
    monkeypatch.setattr(doctor, "BUNDLED", tmp_path / "absent")
    (found,) = await examine(settings(), ("checkpoint",))
    assert found.level is PROBLEM
    monkeypatch.setattr(doctor, "find_spec", lambda _name: None)
    (found,) = await examine(settings(), ("checkpoint",))
    assert found.level is NOTE, "a host without a worker needs none"


async def test_one_that_a_worker_will_fetch(tmp_path: Path) -> None:
    own = settings(
        CAPTIONBOT_CHECKPOINT=str(tmp_path / "absent.safetensors"),
        CAPTIONBOT_CHECKPOINT_URL="https://example.org/model.safetensors",
        CAPTIONBOT_CHECKPOINT_SHA256="0" * 64,
    )
    (found,) = await examine(own, ("checkpoint",))
    assert found.level is NOTE
    assert "a worker fetches it when it starts" in found.text


def written(path: Path, header: Any, data: bytes = b"\0" * 8, *, length: int | None = None) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + data)
    return path


BAD_LANGUAGES = {
    "format_version": 2, "encoder": "resnet18", "vocabulary": [], "languages": ["de"],
}  # fmt: skip
TENSOR = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (b"", "not a safetensors file"),
        (b"{", "not a safetensors file"),
        (b"[" * 100_000, "not a safetensors file"),
        ([], "not a safetensors file"),
        ({}, "incomplete"),
        ({"w": 7}, "not a safetensors file"),
        ({"w": {"data_offsets": [0]}}, "not a safetensors file"),
        ({"w": {"data_offsets": [0, "8"]}}, "not a safetensors file"),
        ({"w": {"data_offsets": [0, 10**30]}}, "incomplete"),
        ({"w": TENSOR}, "no CaptionBot checkpoint"),
        ({"w": TENSOR, "__metadata__": 1}, "no CaptionBot checkpoint"),
        ({"w": TENSOR, "__metadata__": {"captionbot": "["}}, "not JSON"),
        ({"w": TENSOR, "__metadata__": {"captionbot": "[" * 10**5}}, "not JSON"),
        ({"w": TENSOR, "__metadata__": {"captionbot": "[]"}}, "not JSON"),
        ({"w": TENSOR, "__metadata__": {"captionbot": "{}"}}, "its format is None"),
        ({"w": TENSOR, "__metadata__": {"captionbot": '{"format_version": 3}'}}, "format is 3"),
        ({"w": TENSOR, "__metadata__": {"captionbot": '{"format_version": 1}'}}, "lacks parts"),
        ({"w": TENSOR, "__metadata__": {"captionbot": json.dumps(BAD_LANGUAGES)}}, "lacks parts"),
    ],
)
async def test_a_bad_one(tmp_path: Path, header: Any, told: str) -> None:
    found = await examined(written(tmp_path / "bad.safetensors", header))
    assert found.level is PROBLEM
    assert told in found.text
    assert found.advice


@pytest.mark.parametrize("length", [0, 1, 2**63, 10**9, 17 * 1024 * 1024])
async def test_a_header_that_lies_about_its_length(tmp_path: Path, length: int) -> None:
    found = await examined(written(tmp_path / "bad.safetensors", {"w": TENSOR}, length=length))
    assert "not a safetensors file, or damaged" in found.text


async def test_one_that_was_cut_short(sound: Path, tmp_path: Path) -> None:
    data = sound.read_bytes()
    for kept in (0, 5, 100, len(data) // 2, len(data) - 1):
        cut = tmp_path / "cut.safetensors"
        cut.write_bytes(data[:kept])
        assert (await examined(cut)).level is PROBLEM


async def test_a_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    about = {
        "format_version": 1, "encoder": "resnet18\x1b[2J", "vocabulary": [],
        "provenance": {"configuration": {"name": "\x1b]0;title\x07" + "x" * 1000}},
    }  # fmt: skip
    header = {"w": TENSOR, "__metadata__": {"captionbot": json.dumps(about)}}
    found = await examined(written(tmp_path / "odd.safetensors", header))
    assert found.level is OK
    assert found.text.isprintable()
    assert len(found.text) < 700


async def test_models_that_others_made(tmp_path: Path) -> None:
    hub = await examined(Path("hf:Salesforce/blip-image-captioning-base"))
    assert (hub.level, "a worker fetches it when it starts" in hub.text) == (OK, True)
    none = await examined(tmp_path)
    assert (none.level, "no config.json" in none.text) == (PROBLEM, True)
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    pickles = await examined(tmp_path)
    assert (pickles.level, "no model.safetensors" in pickles.text) == (PROBLEM, True)
    weights = written(tmp_path / "model.safetensors", {"w": TENSOR})
    found = await examined(tmp_path)
    assert (found.level, "in transformers' layout" in found.text) == (OK, True)
    weights.write_bytes(weights.read_bytes()[:-1])
    half = await examined(tmp_path)
    assert (half.level, "incomplete" in half.text) == (PROBLEM, True)
    away = settings(
        CAPTIONBOT_ENGINE="openai",
        CAPTIONBOT_OPENAI_URL="http://127.0.0.1:11434/v1",
        CAPTIONBOT_OPENAI_MODEL="llava",
    )
    (found,) = await examine(away, ("checkpoint",))
    assert found.text.startswith("llava at 127.0.0.1, on your own network")
    outside = settings(
        CAPTIONBOT_ENGINE="openai",
        CAPTIONBOT_OPENAI_URL="https://api.example/v1",
        CAPTIONBOT_OPENAI_MODEL="llava",
        CAPTIONBOT_ALLOW_REMOTE_MODEL="true",
    )
    (found,) = await examine(outside, ("checkpoint",))
    assert "llava at api.example, outside of your own network: every photo is sent" in found.text
    (nowhere,) = await examine(settings(CAPTIONBOT_ENGINE="openai"), ("checkpoint",))
    assert nowhere.level is PROBLEM
