"""A trained encoder teaches another one; afterwards its decoder captions with the new one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from pydantic import ValidationError

from captioner.checkpoint.torch_checkpoint import load_checkpoint
from captioner.model.configs import LSTMConfig
from captioner.model.decoder import LSTMDecoder
from captioner.model.factory import make_decoder
from captioner.model.transformer import TransformerConfig
from tests.training.test_run import SHORT, configuration, run
from training.config import RunConfig
from training.data.reader_base import DataError
from training.resume_state import load_tensors, select_prefix
from training.stages.distillation import decoder_for, fold_projection

STUDENT = """
name = "taught"
data = "."
start = "START"
image_size = 64

[encoder]
name = "resnet34"

[[stages]]
kind = "distillation"
name = "distillation"
train = ["flickr8k:shapes:train", "photos:shapes/Images"]
val = ["flickr8k:shapes:dev"]
packed_size = 64
frozen_stages = 3
epochs = 12
batch_size = 12
learning_rate = 2e-3
average = 0.9
validate_every = 100
"""

END_TO_END = """
[[stages]]
kind = "end_to_end"
name = "end_to_end"
train = ["flickr8k:shapes:train"]
val = ["flickr8k:shapes:dev"]
packed_size = 64
frozen_stages = 3
epochs = 1
batch_size = 12
captions = 2
learning_rate = 1e-3
"""


@torch.no_grad()
def test_a_projection_disappears_in_the_decoder() -> None:
    """The new decoder says of annotations what the teacher's says of their projection."""
    torch.manual_seed(0)
    teacher = make_decoder(LSTMConfig(30, 6, 16, 12, 8)).eval()
    student = decoder_for(9, teacher).eval()
    assert isinstance(teacher, LSTMDecoder)
    assert isinstance(student, LSTMDecoder)
    projection = torch.randn(6, 9)
    fold_projection(projection, teacher, student)
    annotations, words = torch.randn(2, 4, 9), torch.randint(30, (2, 3, 5))
    expected = teacher(annotations @ projection.T, words)
    for got, wanted in zip(student(annotations, words), expected, strict=True):
        torch.testing.assert_close(got, wanted, atol=1e-5, rtol=1e-4)


def test_a_transformer_is_not_carried_over() -> None:
    teacher = make_decoder(TransformerConfig(30, 6, width=32, layers=1, heads=4, feed_forward=64))
    with pytest.raises(DataError, match="carries an LSTM decoder over"):
        decoder_for(9, teacher)


@pytest.fixture(scope="module")
def teacher(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("teacher")
    return run(configuration(folder, SHORT), data, folder / "run")


@pytest.mark.timeout(600)
def test_a_taught_encoder_captions_with_its_teachers_decoder(
    data: Path, tmp_path: Path, teacher: Path
) -> None:
    text = STUDENT.replace("START", str(teacher)) + END_TO_END
    path = run(configuration(tmp_path, text), data, tmp_path / "run")
    taught, theirs = load_checkpoint(path), load_checkpoint(teacher)
    assert taught.encoder.name == "resnet34"
    assert taught.vocabulary == theirs.vocabulary
    _, stage = load_tensors(tmp_path / "run" / "0-distillation" / "weights.safetensors")
    scores = stage["scores"]
    assert scores["unexplained"] < 0.5  # 1 would be: no better than always the mean
    # No caption was shown to it, and it says what its teacher says.
    assert scores["cider_d"] > 0.8 * theirs.scores["last_validation"]["cider_d"]
    tensors, _ = load_tensors(tmp_path / "run" / "0-distillation" / "weights.safetensors")
    before, after = select_prefix("model.encoder", tensors), taught.encoder.state_dict()
    assert torch.equal(before["stem.0.weight"], after["stem.0.weight"])  # frozen all along
    assert not torch.equal(before["layer4.0.conv1.weight"], after["layer4.0.conv1.weight"])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('start = "START"', "", "needs a teacher: name a checkpoint as start"),
        ('[encoder]\nname = "resnet34"', "", "makes a new encoder: name it in"),
        ("frozen_stages = 3\n", "", "distillation.frozen_stages: this key is missing"),
        ("frozen_stages = 3", "frozen_stages = 0", "frozen_stages: .* greater than or equal to 1"),
        ("[[stages]]", '[vocabulary]\nsources = ["a:b"]\n[[stages]]', "keeps the decoder of start"),
    ],
)
def test_broken_configurations(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in STUDENT
    with pytest.raises(ValueError, match=reason):
        configuration(tmp_path, STUDENT.replace(old, new, 1))


def test_it_comes_first_and_once(tmp_path: Path) -> None:
    config = configuration(tmp_path, STUDENT)
    stages = [one.model_dump() for one in config.stages]
    with pytest.raises(ValidationError, match="first stage of a run, and there is one of it"):
        RunConfig.model_validate(config.model_dump() | {"stages": stages * 2})


def test_a_stage_is_left_to_be_trained(data: Path, tmp_path: Path, teacher: Path) -> None:
    text = STUDENT.replace("START", str(teacher))
    broken = text.replace("frozen_stages = 3", "frozen_stages = 5")
    with pytest.raises(DataError, match="frozen_stages = 5, but resnet34 has 5 stages"):
        run(configuration(tmp_path, broken), data, tmp_path / "broken")
