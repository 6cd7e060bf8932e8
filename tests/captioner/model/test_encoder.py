"""Encoders: the same as other implementations of these networks, up to the last feature map."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
import torchvision
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

from captioner.model.configs import (
    EFFICIENTNET_NAMES,
    ENCODER_NAMES,
    RESNET_NAMES,
    EfficientNetName,
    EncoderName,
    ResNetName,
)
from captioner.model.encoder import EfficientNetLite, ResNet, ResNetV2
from captioner.model.factory import make_encoder


@pytest.mark.parametrize("name", RESNET_NAMES)
def test_annotations_are_torchvisions_last_feature_map(name: ResNetName) -> None:
    torch.manual_seed(0)
    resnet = torchvision.models.get_model(name, weights=None).eval()
    encoder = ResNet(name)
    encoder.load_torchvision(resnet.state_dict())
    encoder.eval()
    images = torch.randn(2, 3, 64, 96)
    with torch.inference_mode():
        annotations = encoder(images)
        logits = resnet.fc(annotations.mean(1))  # what torchvision does with it
        torch.testing.assert_close(logits, resnet(images), atol=1e-4, rtol=1e-4)
    assert annotations.shape == (2, 6, encoder.dim)


@pytest.mark.parametrize("side", [64, 90])  # padded on one side, and on both
@pytest.mark.parametrize("name", EFFICIENTNET_NAMES)
def test_annotations_are_those_of_another_efficientnet(name: EfficientNetName, side: int) -> None:
    """The implementation that the published weights come with."""
    torch.manual_seed(0)
    theirs = EfficientNet.from_name(name.replace("_", "-"), image_size=side)
    for layer in theirs.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = 1.0  # statistics of its own, at once
    theirs.train()(torch.randn(8, 3, side, side) * 2 + 0.5)
    theirs.eval()
    encoder = EfficientNetLite(name)
    encoder.load_published(theirs.state_dict())
    encoder.eval()
    images = torch.randn(2, 3, side, side)
    with torch.inference_mode():
        expected = theirs.extract_features(images)
        torch.testing.assert_close(encoder.feature_map(images), expected, atol=1e-4, rtol=1e-4)
    assert float(expected.std()) > 0.1


@pytest.mark.parametrize("name", ENCODER_NAMES)
def test_a_folded_encoder_sees_the_same(name: EncoderName) -> None:
    torch.manual_seed(0)
    encoder = make_encoder(name)
    encoder.train()(torch.randn(8, 3, 64, 64))  # batch norm that is not the identity
    before = {n: t.clone() for n, t in encoder.state_dict().items()}
    folded = encoder.folded()
    encoder.eval()
    images = torch.randn(3, 3, 64, 96)
    with torch.inference_mode():
        torch.testing.assert_close(folded(images), encoder(images), atol=1e-3, rtol=1e-3)
    left = sum(isinstance(layer, nn.BatchNorm2d) for layer in folded.modules())
    # Pre-activation: what a block and the end see of a sum, and the image, no convolution makes.
    assert left == (16 + 2 if isinstance(encoder, ResNetV2) else 0)
    assert all(torch.equal(t, before[n]) for n, t in encoder.state_dict().items())


def test_serving_imports_neither_torchvision_nor_a_compiler() -> None:
    code = (
        "import sys, captioner.captioner, captioner.worker.batch_handler, captioner.worker;"
        "print(sorted({'torchvision', 'torch._dynamo', 'sympy'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_places_go_row_by_row() -> None:
    encoder = ResNet("resnet18").eval()
    images = torch.randn(1, 3, 64, 96)
    with torch.inference_mode():
        grid = encoder.feature_map(images)
        assert torch.equal(encoder(images)[0, 4], grid[0, :, 1, 1])  # second row of three columns
