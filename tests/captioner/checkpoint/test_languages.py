"""Checkpoints of several languages: whole and sound, or refused in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.file import read_file, write_file
from captioner.checkpoint.torch_checkpoint import (
    Checkpoint,
    CheckpointError,
    LanguageDecoder,
    load_checkpoint,
    to_modules,
)
from captioner.engines.openvino_engine import OpenVINOEngine
from captioner.model.configs import is_of_the_words
from tests.captioner.checkpoint.test_checkpoint import parts, written
from tests.support.models import small_checkpoint, small_transformer, with_languages

CODES = ["de", "pt", "zh"]


@pytest.fixture(scope="module")
def english() -> Checkpoint:
    return small_checkpoint()


@pytest.fixture(scope="module")
def small(english: Checkpoint) -> Checkpoint:
    return with_languages(english)


@pytest.fixture(scope="module")
def saved(small: Checkpoint, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("languages") / "small.safetensors"
    small.save(path)
    return path


def test_languages_come_back_and_share_what_they_shared(small: Checkpoint, saved: Path) -> None:
    before, after = small, load_checkpoint(saved)
    assert [*after.languages] == CODES
    for code, one in before.languages.items():
        other = after.languages[code]
        assert isinstance(other, LanguageDecoder)
        assert other.vocabulary == one.vocabulary
        assert (other.group, other.scores, other.sources) == (one.group, one.scores, one.sources)
        assert not other.decoder.training
        old, new = one.decoder.state_dict(), other.decoder.state_dict()
        assert old.keys() == new.keys()
        assert all(torch.equal(t, new[n]) for n, t in old.items())
        assert other.decoder.output.weight is other.decoder.embedding.weight
    german, portuguese, chinese = (
        dict(after.languages[code].decoder.named_parameters()) for code in CODES
    )
    for name, parameter in german.items():
        assert (parameter is portuguese[name]) != is_of_the_words(name)
        assert parameter is not chinese[name]


def test_what_is_shared_is_in_the_file_once(saved: Path) -> None:
    tensors, document = parts(saved)
    assert document["format_version"] == 2
    assert document["languages"]["pt"]["decoder"] == "latin"
    assert [*document["decoders"]] == ["latin", "chinese"]
    cores = {name.split(".")[1] for name in tensors if name.startswith("decoders.")}
    assert cores == {"latin", "chinese"}
    own = {name for name in tensors if name.startswith("languages.")}
    assert own == {
        f"languages.{code}.{name}" for code in CODES for name in ("embedding.weight", "output.bias")
    }


@pytest.mark.parametrize("int8", [False, True])
def test_english_is_the_same_with_and_without_other_languages(
    int8: bool, english: Checkpoint, small: Checkpoint, tmp_path: Path
) -> None:
    small.save(tmp_path / "many.safetensors", int8=int8)
    english.save(tmp_path / "one.safetensors", int8=int8)
    many, document = parts(tmp_path / "many.safetensors")
    alone, described = parts(tmp_path / "one.safetensors")
    own = {n: t for n, t in many.items() if not n.startswith(("decoders.", "languages."))}
    assert own.keys() == alone.keys()
    assert all(torch.equal(own[name], tensor) for name, tensor in alone.items())
    assert (described.pop("format_version"), document.pop("format_version")) == (1, 2)
    del document["decoders"], document["languages"]
    assert document == described


def test_int8_comes_back_and_shares_too(small: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "int8.safetensors"
    small.save(path, int8=True)
    after = load_checkpoint(path)
    exact = dict(small.languages["pt"].decoder.named_parameters())
    german, portuguese = (
        dict(after.languages[code].decoder.named_parameters()) for code in ("de", "pt")
    )
    name = "lstm.weight_hh"  # one that is large enough for int8
    assert german[name] is portuguese[name]
    assert not torch.equal(german[name], exact[name])
    torch.testing.assert_close(german[name], exact[name], atol=0.01, rtol=0.01)


def test_a_transformer_may_serve_a_language(small: Checkpoint, tmp_path: Path) -> None:
    decoder = small_transformer(
        vocabulary_size=len(small.languages["zh"].vocabulary), annotation_dim=512
    )
    chinese = LanguageDecoder(**vars(small.languages["zh"]) | {"decoder": decoder})
    path = tmp_path / "transformer.safetensors"
    replace(small, languages={"zh": chinese}).save(path)
    after = load_checkpoint(path).languages["zh"].decoder
    assert after.config == decoder.config
    with pytest.raises(CheckpointError, match="torch alone"):
        OpenVINOEngine(read_file(path))


def test_languages_of_a_group_that_share_nothing_are_not_saved(
    small: Checkpoint, tmp_path: Path
) -> None:
    stranger = LanguageDecoder(**vars(small.languages["zh"]) | {"group": "latin"})
    with pytest.raises(ValueError, match=r"zh does not share .* with its group latin"):
        replace(small, languages=small.languages | {"zh": stranger}).save(tmp_path / "no")
    assert [*tmp_path.iterdir()] == []


def test_calibrations_are_each_language_s_own(saved: Path, tmp_path: Path) -> None:
    file = read_file(saved)
    assert file.languages["de"].calibration is None
    sure = Calibration(bias=1.5, mean=2.0, least=0.25)
    calibrated = replace(file.languages["de"], calibration=sure)
    described = replace(file, languages=file.languages | {"de": calibrated}).describe()
    path = tmp_path / "calibrated.safetensors"
    write_file(path, described, file.tensors)
    after = load_checkpoint(path)
    assert after.languages["de"].calibration == sure
    assert after.languages["pt"].calibration is after.calibration is None


@pytest.mark.parametrize(
    ("kept", "groups"),
    [({"de", "zh"}, {"latin", "chinese"}), ({"pt"}, {"latin"}), ({"zh", "en"}, {"chinese"})],
)
def test_languages_can_be_left_out(
    kept: set[str], groups: set[str], saved: Path, tmp_path: Path
) -> None:
    file = read_file(saved).keeping(kept)
    path = tmp_path / "fewer.safetensors"
    write_file(path, file.describe(), file.tensors)
    whole, after = load_checkpoint(saved), load_checkpoint(path)
    assert {*after.languages} == kept - {"en"}
    assert {one.group for one in after.languages.values()} == groups
    for code, one in after.languages.items():
        theirs = whole.languages[code].decoder.state_dict()
        assert all(torch.equal(t, theirs[n]) for n, t in one.decoder.state_dict().items())


def test_without_languages_it_is_a_file_for_older_versions(
    english: Checkpoint, saved: Path, tmp_path: Path
) -> None:
    english.save(tmp_path / "small.safetensors")
    file, plain = read_file(saved).keeping(()), read_file(tmp_path / "small.safetensors")
    assert file.describe() == plain.describe()
    assert file.describe()["format_version"] == 1
    assert file.tensors.keys() == plain.tensors.keys()


@pytest.fixture(scope="module")
def hostile(small: Checkpoint, saved: Path) -> Path:
    """What is tampered with: in int8, as there are many tests of it."""
    small.save(saved.with_name("int8.safetensors"), int8=True)
    return saved.with_name("int8.safetensors")


Change = Callable[[dict[str, Tensor], dict[str, Any]], object]


def language(**changes: object) -> Change:
    return lambda t, d: d["languages"]["de"].update(changes)


HOSTILE: dict[str, tuple[Change, str]] = {
    "a language nobody can write": (
        lambda t, d: d["languages"].update(xx=d["languages"].pop("de")),
        "language xx: captions in 'xx' cannot be written",
    ),
    "a language that is a path": (
        lambda t, d: d["languages"].update({"../de": d["languages"].pop("de")}),
        r"languages.*\.\./de",
    ),
    "English again": (
        lambda t, d: d["languages"].update(en=d["languages"].pop("de")),
        "language en: this is the first decoder's already",
    ),
    "too many languages": (
        lambda t, d: d["languages"].update(
            {f"x{chr(97 + n % 26)}{chr(97 + n // 26)}": d["languages"]["de"] for n in range(50)}
        ),
        "languages: ",
    ),
    "a decoder that is not there": (language(decoder="greek"), "there is no decoder 'greek'"),
    "a decoder that is a path": (language(decoder="a.b"), "languages.de.decoder"),
    "a decoder of no language": (
        lambda t, d: d["decoders"].update(greek=d["decoders"]["latin"]),
        "decoders.greek: no language has this decoder",
    ),
    "a decoder's name with a dot": (
        lambda t, d: d["decoders"].update({"la.tin": d["decoders"]["latin"]}),
        r"decoders.*la\.tin",
    ),
    "a huge decoder": (lambda t, d: d["decoders"]["latin"].update(hidden_dim=10**9), "hidden_dim"),
    "another decoder": (
        lambda t, d: d["decoders"]["latin"].update(hidden_dim=32),
        r"decoders\.latin\.\S+ is \(",
    ),
    "another kind of decoder": (
        lambda t, d: d["decoders"]["latin"].update(kind="mamba"),
        "decoders.latin: .*mamba",
    ),
    "no vocabulary": (lambda t, d: d["languages"]["de"].pop("vocabulary"), "de.vocabulary"),
    "a word too few": (
        lambda t, d: d["languages"]["de"]["vocabulary"].pop(),
        r"languages\.de\.\S+ is \(",
    ),
    "a word twice": (
        lambda t, d: d["languages"]["de"]["vocabulary"].append("Hund"),
        "language de: .*once",
    ),
    "no special words": (language(vocabulary=["a"], function_words=[]), "language de: .*begins"),
    "function words that nobody says": (
        language(function_words=["blau"]),
        "language de: function words",
    ),
    "repeatable words that nobody says": (language(repeatable=["blau"]), "repeatable words"),
    "a missing word": (lambda t, d: t.pop("languages.de.embedding.weight"), "is missing"),
    "a missing core": (lambda t, d: t.pop("decoders.latin.gate.bias"), "gate.bias is missing"),
    "a core of a language's own": (
        lambda t, d: t.update({"languages.de.gate.bias": torch.ones(1)}),
        "weights of no part",
    ),
    "weights of no language": (
        lambda t, d: t.update({"languages.fr.output.bias": torch.ones(1)}),
        "weights of no part",
    ),
    "weights of a language that was left out": (
        lambda t, d: d["languages"].pop("de"),
        "weights of no part",
    ),
    "not finite": (
        lambda t, d: t["languages.zh.output.bias"].fill_(float("nan")),
        "languages.zh.output.bias holds numbers that are not finite",
    ),
    "int8 without scale": (
        lambda t, d: t.update({"languages.zh.output.bias": torch.ones(13, dtype=torch.int8)}),
        "scale",
    ),
    "a calibration of no use": (language(calibration={"bias": 1}), "calibration"),
    "captions of no length": (language(length_power=9), "length_power"),
    "scores that are none": (language(scores=[1]), "scores"),
    "sources that are none": (language(sources=["me"]), "sources"),
    "a source of many lines": (
        language(sources=[{"name": "a\nb", "licence": "none"}]),
        "sources.0.name",
    ),
    "languages that are none": (lambda t, d: d.update(languages=["de"]), "languages"),
    "languages in format 1": (lambda t, d: d.update(format_version=1), "format 1"),
    "a format that is no number": (lambda t, d: d.update(format_version=2.0), "format 2.0"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_languages(name: str, tmp_path: Path, hostile: Path) -> None:
    """All who read them refuse them: the document, torch's modules and OpenVINO's graphs."""
    change, reason = HOSTILE[name]
    tensors, document = parts(hostile)
    change(tensors, document)
    path = written(tmp_path / "hostile.safetensors", tensors, document)
    try:
        file = read_file(path)
    except CheckpointError as error:
        refusals = [error]
    else:
        refusals = []
        for load in (to_modules, OpenVINOEngine):
            with pytest.raises(CheckpointError) as caught:
                load(file)
            refusals.append(caught.value)
    for refusal in map(str, refusals):
        assert re.search(reason, refusal), refusal
        assert str(path) in refusal
        assert "\n" not in refusal
