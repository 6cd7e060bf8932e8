"""`captionbot weights engine` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from captioner.captioner import Captioner
from captioner.checkpoint.file import read_file
from captioner.checkpoint.metadata import CheckpointError
from captioner.errors import UsageError
from tests.support.models import small_checkpoint
from tests.support.shapes import make_flickr8k
from tests.training.cli.test_evaluate import command
from training.cli import weights
from training.data.reader_base import DataError

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_flickr8k(tmp_path_factory.mktemp("engine") / "shapes", train=3, dev=15)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    small_checkpoint().save(path, int8=True)
    return path


def test_a_checkpoint_is_made_fit_for_openvino(checkpoint: Path, shapes: Path) -> None:
    before = read_file(checkpoint)
    checkpoint.chmod(0o640)
    done = command(checkpoint.parent, "weights", "engine", checkpoint, "--data", shapes)
    assert done.returncode == 0, done.stderr
    assert "from 12 photos, and on 3 others its encoder is" in done.stdout
    after = read_file(checkpoint)
    assert len(after.activations) == 16
    assert after.describe() == before.describe() | {"activations": after.activations}
    assert all((after.tensors[n] == t).all() for n, t in before.tensors.items())
    assert checkpoint.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in checkpoint.parent.iterdir()] == [checkpoint.name]
    assert Captioner.load(checkpoint, device="cpu").engine == "openvino"


def test_what_cannot_be_is_refused_and_the_file_left_as_it_was(
    checkpoint: Path, shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(path: Path = checkpoint, data: Path = shapes) -> None:
        weights.engine(path, data=data, split="dev", reader=None, photos=15)

    before = checkpoint.read_bytes()
    with pytest.raises(DataError):
        prepare(data=tmp_path / "absent")
    with pytest.raises(CheckpointError, match="no such checkpoint"):
        prepare(tmp_path / "absent.safetensors")
    with monkeypatch.context() as strict:
        strict.setattr(weights, "_MAX_ERROR", 1e-9)
        with pytest.raises(UsageError, match="too far"):
            prepare()
    monkeypatch.setattr(weights, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match="pip install"):
        prepare()
    assert checkpoint.read_bytes() == before
