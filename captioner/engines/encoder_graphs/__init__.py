"""Encoders as graphs of OpenVINO's, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from captioner.checkpoint.metadata import Range
from captioner.checkpoint.tensors import TensorReader
from captioner.engines.encoder_graphs.base import EncoderGraph
from captioner.engines.encoder_graphs.efficientnet import EfficientNetGraph
from captioner.engines.encoder_graphs.resnet import ResNetGraph, ResNetV2Graph
from captioner.model.configs import EncoderName, is_efficientnet, is_resnet, is_resnet_v2
from captioner.model.preprocess import Preprocess

__all__ = ["EncoderGraph", "make_encoder_graph"]


def make_encoder_graph(
    name: EncoderName,
    weights: TensorReader,
    preprocess: Preprocess,
    ranges: Mapping[str, Range] | None = None,
) -> EncoderGraph[Any]:
    """The builder of an encoder's graph: in int8 by the ranges, in float32 without them."""
    if is_resnet(name):
        return ResNetGraph(name, weights, preprocess, ranges)
    if is_efficientnet(name):
        return EfficientNetGraph(name, weights, preprocess, ranges)
    if is_resnet_v2(name):
        return ResNetV2Graph(name, weights, preprocess, ranges)
    raise ValueError(f"there is no encoder {name!r}")
