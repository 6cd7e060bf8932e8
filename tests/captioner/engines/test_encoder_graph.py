"""Every encoder as a graph: in float32 what torch computes, in int8 close to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
import pytest
import torch
from openvino import opset13 as op

from captioner.captioner import Captioner
from captioner.checkpoint.file import CheckpointFile, read_file
from captioner.checkpoint.metadata import Range
from captioner.engines.base import Pixels
from captioner.engines.encoder_graph import int8_error, make_encoder_graph, measured_ranges
from captioner.engines.openvino_engine import OpenVINOEngine
from captioner.model.configs import (
    BLOCKS,
    ENCODER_NAMES,
    EncoderName,
    efficientnet_stages,
    is_efficientnet,
)
from captioner.model.encoder import Encoder
from captioner.model.factory import make_encoder
from captioner.model.preprocess import Preprocess, normalization_of
from tests.support.models import small_checkpoint
from tests.support.photos import drawing

SIDE = 96  # 48, 24, 12, 6, 3: TensorFlow pads some of these on one side, some on both


def lively(name: EncoderName) -> Encoder:
    """An encoder with batch-norm statistics that differ from a fresh layer's."""
    torch.manual_seed(1)
    encoder = make_encoder(name)
    with torch.no_grad():
        for layer in encoder.modules():
            if isinstance(layer, torch.nn.BatchNorm2d):
                layer.momentum = 0.5
                layer.weight.uniform_(0.2, 0.6)
                layer.bias.uniform_(-0.1, 0.5)
        for _ in range(3):
            encoder.train()(torch.randn(4, 3, 64, 64) * 1.5 + 0.3)
    return encoder.eval()


def saved(encoder: Encoder, name: EncoderName, path: Path, *, int8: bool = False) -> CheckpointFile:
    """A checkpoint of an encoder and a small decoder."""
    small = small_checkpoint()
    config = replace(small.decoder.config, annotation_dim=encoder.dim)
    mean, std = normalization_of(name)
    replace(
        small,
        encoder=encoder,
        decoder=type(small.decoder)(config),
        preprocess=Preprocess(size=SIDE, mean=mean, std=std),
    ).save(path, int8=int8)
    return read_file(path)


@pytest.fixture(scope="module", params=ENCODER_NAMES)
def name(request: pytest.FixtureRequest) -> EncoderName:
    found: EncoderName = request.param
    return found


@pytest.fixture(scope="module")
def encoder(name: EncoderName) -> Encoder:
    return lively(name)


@pytest.fixture(scope="module")
def quantized(
    encoder: Encoder, name: EncoderName, tmp_path_factory: pytest.TempPathFactory
) -> CheckpointFile:
    return saved(encoder, name, tmp_path_factory.mktemp("int8") / "m.safetensors", int8=True)


@pytest.fixture(scope="module")
def ranges(quantized: CheckpointFile, photos: list[Pixels]) -> dict[str, Range]:
    """What eight photos let the encoder's layers see."""
    return measured_ranges(quantized, photos[:8])


@pytest.fixture(scope="module")
def photos() -> list[Pixels]:
    preprocess = Preprocess(size=SIDE)
    return [preprocess.to_array(drawing(200 + 7 * seed, 160, seed)) for seed in range(10)]


def test_float32_is_what_torch_computes(
    encoder: Encoder, name: EncoderName, photos: list[Pixels], tmp_path: Path
) -> None:
    file = saved(encoder, name, tmp_path / "m.safetensors")
    graph = make_encoder_graph(name, file.weights, file.preprocess)
    inputs = op.parameter([2, SIDE, SIDE, 3], np.uint8)
    model = openvino.Model([graph.annotations(inputs)], [inputs], name)
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    pixels = np.stack(photos[:2])
    found = openvino.Core().compile_model(model, "CPU", settings)(pixels)[0]
    images = file.preprocess.normalise(torch.from_numpy(pixels).permute(0, 3, 1, 2))
    with torch.inference_mode():
        expected = encoder(images).numpy()
    assert found.shape == (2, 9, expected.shape[2])
    assert np.linalg.norm(found - expected) / np.linalg.norm(expected) < 1e-4


def test_int8_is_close_and_captions_come_of_it(
    quantized: CheckpointFile, ranges: dict[str, Range], photos: list[Pixels]
) -> None:
    file = quantized
    assert all(low <= high for low, high in ranges.values())
    assert 0 < int8_error(file, ranges, photos[8:]) < 0.05
    halved = {place: (low / 2, high / 2) for place, (low, high) in ranges.items()}
    assert int8_error(file, halved, photos[8:]) > 0.1
    engine = OpenVINOEngine(replace(file, activations=ranges))
    exact = OpenVINOEngine(file)
    first, other = (
        one.encode(photos[8:], ["en"] * len(photos[8:]))[0].photos[0] for one in (engine, exact)
    )
    assert np.linalg.norm(first - other) / np.linalg.norm(other) < 0.05
    assert Captioner(engine).caption(photos[8:])[0].captions[0].text


def test_every_convolution_but_the_first_has_a_range(
    name: EncoderName, ranges: dict[str, Range]
) -> None:
    if is_efficientnet(name):
        blocks = sum(stage.repeats for stage in efficientnet_stages(name))
        expected = 3 * blocks - 1 + 1  # the first does not expand; the head
    else:
        expected = sum(BLOCKS[name]) * (2 if name in ("resnet18", "resnet34") else 3)
    assert len(ranges) == expected
