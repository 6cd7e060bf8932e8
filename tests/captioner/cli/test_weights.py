"""`captionbot weights languages`: what a checkpoint can say, and leaving some of it out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from captioner.checkpoint.file import read_file
from captioner.distribution import BUNDLED
from captioner.errors import UsageError
from tests.support.models import save_small_checkpoint


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_small_checkpoint(tmp_path_factory.mktemp("cli") / "many", languages=True)


def said(*words: object) -> str:
    done = CliRunner().invoke(app, ["weights", *map(str, words)])
    assert done.exit_code == 0, done.output
    return done.output


def refusal(*words: object) -> str:
    error = CliRunner().invoke(app, ["weights", *map(str, words)]).exception
    assert isinstance(error, UsageError)
    return str(error)


def test_languages_are_shown_with_their_sources(many: Path) -> None:
    assert said("languages", many).splitlines() == [
        "en (English): 16 words, the first decoder",
        "de (German): 14 words, decoder latin; dev CIDEr-D 0.500",
        "    Sentences made up for tests (CC0)",
        "pt (Portuguese): 17 words, decoder latin; dev CIDEr-D 0.500",
        "    Sentences made up for tests (CC0)",
        "zh (Chinese): 13 words, decoder chinese; dev CIDEr-D 0.500",
        "    Sentences made up for tests (CC0)",
    ]
    assert said("languages").startswith("en (English): ")
    words = len(read_file(BUNDLED).vocabulary)
    assert f" {words:,} words" in said("languages").splitlines()[0]


def test_show_tells_of_each_how_many_words(many: Path) -> None:
    found = json.loads(said("show", many))["languages"]
    assert [one["vocabulary_size"] for one in found.values()] == [14, 17, 13]
    assert found["de"]["sources"][0]["licence"] == "CC0"
    assert "vocabulary" not in found["zh"]


def test_languages_that_are_not_kept_are_gone(many: Path, tmp_path: Path) -> None:
    target = tmp_path / "fewer"
    assert said("languages", many, target, "--keep", "en, pt").startswith(
        f"{target}: captions in en, pt, "
    )
    file = read_file(target)
    assert [*file.languages] == ["pt"]
    assert {n.split(".")[1] for n in file.tensors if n.startswith("languages.")} == {"pt"}
    assert said("languages", target, target, "--keep", "en").startswith(f"{target}: captions in en")
    assert read_file(target).languages == {}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("OUT", "--keep", "de,zh"), "en is what the first decoder of .*: --keep en,de,zh"),
        (("OUT", "--keep", ""), "keep it too: --keep en$"),
        (("OUT", "--keep", "en,fr"), "has no captions in fr; it has en, de, pt, zh"),
        (("--keep", "en,de"), "say where to write it"),
        (("OUT",), "name the languages to keep"),
        (("none/OUT", "--keep", "en"), "cannot be written: No such file"),
    ],
)
def test_what_cannot_be_left_out(
    options: tuple[str, ...], reason: str, many: Path, tmp_path: Path
) -> None:
    own = [str(tmp_path / one) if "OUT" in one else one for one in options]
    assert re.search(reason, refusal("languages", many, *own))
    assert [*tmp_path.iterdir()] == []


def test_a_place_that_cannot_be_written_is_told(many: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "small"
    assert refusal("shrink", many, nowhere) == (
        f"{nowhere} cannot be written: No such file or directory"
    )


def test_shrink_keeps_the_languages(many: Path, tmp_path: Path) -> None:
    said("shrink", many, tmp_path / "small")
    before, after = read_file(many), read_file(tmp_path / "small")
    assert after.describe() == before.describe()
    assert after.tensors["languages.de.output.bias"].shape == (14,)
