"""`captionbot evaluate` and `weights calibrate` as they are typed."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from safetensors import safe_open
from typer.testing import CliRunner

from bot.cli import app
from captioner.captioner import Captioner
from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.file import read_file
from captioner.errors import UsageError
from tests.support.command import environment
from tests.support.models import save_small_checkpoint, small_checkpoint
from tests.support.shapes import make_flickr8k, write_translations
from training.cli.weights import keep_calibration
from training.data.reader_base import DataError
from training.evaluation.calibration import CalibrationResult, reliability
from training.evaluation.evaluate import Evaluation, evaluate

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_flickr8k(tmp_path_factory.mktemp("commands") / "shapes", train=9, dev=6)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    small_checkpoint().save(path, int8=True)
    return path


def command(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *map(str, arguments)],
        cwd=folder, env=environment(), capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip


def test_all_that_an_evaluation_writes(shapes: Path, checkpoint: Path, tmp_path: Path) -> None:
    done = command(
        tmp_path, "evaluate", checkpoint, "--data", shapes, "--split", "dev", "--beam-size", 2,
        "--beam-sizes", "1-3", "--captions", "c.jsonl", "--gallery", "g.html", "--model-card",
        "card.md", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert {"bleu_1", "bleu_4", "rouge_l", "cider_d", "meteor"} <= found["scores"].keys()
    assert [one["beam_size"] for one in found["beam_sizes"]] == [1, 2, 3]
    lines = (tmp_path / "c.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 6
    assert {"photo", "caption", "confidence", "cider_d"} == json.loads(lines[0]).keys()
    assert "Not for publishing" in (tmp_path / "g.html").read_text(encoding="utf-8")
    assert "# Model card: " in (tmp_path / "card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (["--beam-sizes", "10-1"], "--beam-sizes go from 1 to 20, the smaller one first"),
        (["--beam-sizes", "0-3"], "--beam-sizes go from 1 to 20"),
        (["--beam-sizes", "1,21"], "--beam-sizes go from 1 to 20"),
        (["--beam-sizes", "a-b"], "a range like 1-10, or a list like 1,3,5"),
        (["--beam-sizes", "1-2-3"], "a range like 1-10"),
        (["--compare", "a.json"], "are for --model-card"),
        (["--model-card", "card.md", "--compare", "b=a.json"], r"a\.json: cannot be read"),
        (["--model-card", "card.md", "--run", "nowhere"], "no run's folder"),
        (["--captions", "nowhere/c.jsonl"], "nowhere/c.jsonl: cannot be written: there is no such"),
        (["--gallery", "."], "cannot be written: it is a folder"),
    ],
)
def test_what_cannot_be_asked(shapes: Path, wrong: list[str], says: str) -> None:
    error = CliRunner().invoke(app, ["evaluate", "--data", str(shapes), *wrong]).exception
    assert isinstance(error, UsageError | DataError)
    assert re.search(says, str(error))


def test_too_few_photos_to_calibrate_on(shapes: Path, checkpoint: Path, tmp_path: Path) -> None:
    before = hashlib.sha256(checkpoint.read_bytes()).digest()
    done = command(tmp_path, "weights", "calibrate", checkpoint, "--data", shapes)
    assert done.returncode == 2
    assert done.stderr.startswith("captionbot: 6 photos are too few; calibrate on 200 or more")
    assert hashlib.sha256(checkpoint.read_bytes()).digest() == before


def test_a_calibration_changes_confidence_and_nothing_else(shapes: Path, checkpoint: Path) -> None:
    captioner = Captioner.load(checkpoint, device="cpu")
    *_, result = evaluate(captioner, shapes, split="dev", beam_size=2, meteor=False)
    assert isinstance(result, Evaluation)
    measured = reliability([0.5] * 6, [0.0, 1.0] * 3)
    calibration = Calibration(bias=0.25, mean=0.5, least=0.125)
    weights = stored(checkpoint)
    keep_calibration(checkpoint, CalibrationResult(calibration, measured, measured), result)
    assert stored(checkpoint) == weights
    after = Captioner.load(checkpoint, device="cpu")
    assert after.describe()["scores"]["calibration"]["photos"] == 6
    for told in result.photos:
        [found] = after.caption([Image.open(told.photo.path)], beam_size=2)
        best = found.captions[0]
        assert best.text == told.caption
        words = [word.log_prob for word in best.words]
        wanted = calibration.confidence(best.log_prob, words)
        assert found.confidence == pytest.approx(wanted)


def test_a_calibration_is_that_of_one_language(shapes: Path, tmp_path: Path) -> None:
    write_translations(shapes.parent)
    many = save_small_checkpoint(tmp_path / "many.safetensors", languages=True)
    captioner = Captioner.load(many, device="cpu")
    *_, result = evaluate(
        captioner, shapes, split="dev", language="de", beam_size=1, limit=2, meteor=False
    )
    assert isinstance(result, Evaluation)
    [first, _] = result.certainty_examples
    assert {"ein", "auf", "weiß"} < first.people
    assert {word.family for word in first.words} <= {"", "hund", "frau", "läuft", "sitzt", "gras",
                                                     "schnee"}  # fmt: skip
    before = read_file(many)
    measured = reliability([0.5] * 6, [0.0, 1.0] * 3)
    calibration = Calibration(bias=0.25, mean=0.5, least=0.125)
    found = CalibrationResult(calibration, measured, measured)
    keep_calibration(many, found, result)
    after = read_file(many)
    german = after.languages["de"]
    assert german.calibration == calibration
    assert german.scores["calibration"]["photos"] == 2
    assert german.scores["dev"] == before.languages["de"].scores["dev"]
    assert replace(german, calibration=None, scores={}) == replace(
        before.languages["de"], scores={}
    )
    assert (after.calibration, after.scores) == (None, before.scores)
    assert after.languages["pt"] == before.languages["pt"]


def test_a_language_is_scored_by_the_file_that_is_named(shapes: Path, tmp_path: Path) -> None:
    write_translations(shapes.parent)
    folder = shapes.parent / "languages"
    machine = json.loads((folder / "de.json").read_text(encoding="utf-8"))
    few = {name: said for name, said in machine.items() if int(Path(name).stem) % 2}
    (folder / "de.mt.json").write_text(json.dumps(few), encoding="utf-8")
    captioner = Captioner.load(
        save_small_checkpoint(tmp_path / "many.safetensors", languages=True), device="cpu"
    )
    found = {}
    for split in ("dev", "dev@de.mt"):
        *_, result = evaluate(
            captioner, shapes, split=split, language="de", beam_size=1, meteor=False
        )
        assert isinstance(result, Evaluation)
        assert (result.split, result.language) == ("dev", "de")
        found[str(result.as_json()["scored_by"])] = len(result.photos)
    assert found == {"de": 6, "de.mt": 3}


def stored(path: Path) -> dict[str, tuple[str, bytes]]:
    """Each tensor as it is stored: its type and its bytes."""
    with safe_open(path, framework="np") as opened:
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - no mapping
    return {name: (str(one.dtype), one.tobytes()) for name, one in tensors.items()}
