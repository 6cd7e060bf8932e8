"""Which engine runs a checkpoint: what was asked for, else what is fastest here."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path

from captioner.checkpoint.file import CheckpointFile, read_file
from captioner.distribution import how_to_install
from captioner.engines.base import DeviceError, Engine, openvino_refuses

_DEVICES = Path("/dev")
_GPUS = ("nvidia[0-9]*", "dxg", "kfd")  # NVIDIA's, those of WSL, AMD's

log = logging.getLogger("captioner.engines")


def load_engine(path: Path, *, engine: str = "auto", device: str = "auto") -> Engine:
    """The model in a checkpoint's file, ready to run.

    `auto` is OpenVINO where there is no GPU to compute on, the package is installed and the
    decoder is one that it runs; else torch. Raises CheckpointError or DeviceError.
    """
    if engine == "openvino":
        if device.startswith("cuda"):
            raise DeviceError(
                f"CAPTIONBOT_ENGINE=openvino computes on the CPU, not on {device}; "
                "set CAPTIONBOT_DEVICE to cpu"
            )
        if reason := _absent():
            raise DeviceError(f"CAPTIONBOT_ENGINE=openvino: {reason}; or set it to auto")
        return _on_openvino(read_file(path))
    file = read_file(path)
    if engine == "auto" and not device.startswith("cuda") and not (device == "auto" and _gpu()):
        if (reason := _absent() or openvino_refuses(file)) is None:
            return _on_openvino(file)
        log.info("the engine is torch, which is slower on a CPU: %s", reason)
    return _on_torch(file, device)


def _absent() -> str | None:
    if find_spec("openvino") is None:
        return f"OpenVINO is not installed ({how_to_install('openvino')})"
    return None


def _on_openvino(file: CheckpointFile) -> Engine:
    from captioner.engines.openvino_engine import OpenVINOEngine  # noqa: PLC0415 - if chosen

    if not file.activations:
        log.info("the model runs in float32; `captionbot weights engine` makes it faster, in int8")
    return OpenVINOEngine(file)


def _on_torch(file: CheckpointFile, device: str) -> Engine:
    if find_spec("torch") is None and device.startswith("cuda"):
        raise DeviceError(
            f"a GPU ({device}) needs torch, which is not installed: {how_to_install('worker')}; "
            "or choose the device auto or cpu"
        )
    if find_spec("torch") is None:
        raise DeviceError(
            f"torch is not installed: {how_to_install('worker')}; or use a checkpoint that runs on "
            "OpenVINO"
        )
    from captioner.checkpoint.torch_checkpoint import to_modules  # noqa: PLC0415 - slow, if chosen
    from captioner.engines.torch_engine import TorchEngine, pick_device  # noqa: PLC0415 - as well

    place = pick_device(device)
    return TorchEngine(to_modules(file, device=place), place)


def _gpu() -> bool:
    """Whether there is a GPU that torch may know; asking torch takes two seconds."""
    return find_spec("torch") is not None and any(
        True for name in _GPUS for _ in _DEVICES.glob(name)
    )
