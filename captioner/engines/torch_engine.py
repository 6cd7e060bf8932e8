"""torch in float32, on a CPU or a GPU: any checkpoint, any device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from captioner.checkpoint import Checkpoint
from captioner.engines.engine import DeviceError, Engine, Pixels
from captioner.model.beam_search import BeamSearch
from captioner.model.hypotheses import Hypothesis, SearchConfig, Specials


class TorchEngine(Engine):
    """A checkpoint whose modules lie on a device."""

    name = "torch"

    def __init__(self, checkpoint: Checkpoint, device: torch.device | str) -> None:
        self.checkpoint: Checkpoint = replace(checkpoint, encoder=checkpoint.encoder.folded())
        self._device = torch.device(device)
        self.device = str(self._device)

    @torch.inference_mode()
    def encode(self, photos: Sequence[Pixels]) -> Tensor:
        """The annotation vectors (B, K, D)."""
        saved = self.checkpoint
        pixels = torch.from_numpy(np.stack(photos)).permute(0, 3, 1, 2)  # (B, 3, size, size)
        annotations: Tensor = saved.encoder(saved.preprocess.normalise(pixels.to(self._device)))
        return annotations

    @torch.inference_mode()
    def search(
        self, encoded: Tensor, specials: Specials, config: SearchConfig
    ) -> list[list[Hypothesis]]:
        """For each photo at least one hypothesis, best first."""
        return BeamSearch(self.checkpoint.decoder, specials, config)(encoded)


def pick_device(name: str) -> torch.device:
    """The device for `auto`, `cpu`, `cuda` or `cuda:N`; raises DeviceError if it is not there."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceError(f"CAPTIONBOT_DEVICE={name}: use auto, cpu, cuda or cuda:N") from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise DeviceError(
            f"CAPTIONBOT_DEVICE={name}: no such GPU here; use auto or cpu, "
            "or see whether nvidia-smi shows one"
        )
    return device
