"""torch, on a CPU or a GPU: any checkpoint, any device."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from captioner.checkpoint.torch_checkpoint import Checkpoint, LanguageDecoder
from captioner.engines.base import DeviceError, Encoded, Engine, Pixels, by_language
from captioner.model.beam_search import BeamSearch
from captioner.model.decoder import Decoder
from captioner.model.search_types import Hypothesis, SearchConfig

_TOGETHER_ON_CPU = 16  # photos; of more, what lies between the layers leaves the CPU's caches


class TorchEngine(Engine):
    """A checkpoint whose modules lie on a device.

    The decoder is float32; so is the encoder, but on GPUs that have bfloat16, which take a fraction
    of the time for it.
    """

    name = "torch"

    def __init__(
        self,
        checkpoint: Checkpoint,
        device: torch.device | str,
        *,
        precision: torch.dtype | None = None,
    ) -> None:
        """`precision` is the encoder's; by default what suits the device."""
        self._device = torch.device(device)
        on_cpu = self._device.type == "cpu"
        self._precision = precision or _precision(self._device)
        first = checkpoint.vocabulary.language
        decoders = {first: checkpoint.decoder}
        decoders |= {code: one.decoder for code, one in checkpoint.languages.items()}
        self._decoders = _for_cpu(decoders) if on_cpu else decoders
        self.checkpoint: Checkpoint = replace(
            checkpoint,
            encoder=checkpoint.encoder.folded().to(self._precision),
            decoder=self._decoders[first],
            languages={
                code: LanguageDecoder(**vars(one) | {"decoder": self._decoders[code]})
                for code, one in checkpoint.languages.items()
            },
        )
        self.device = str(self._device)

    @torch.inference_mode()
    def encode(self, photos: Sequence[Pixels], languages: Sequence[str]) -> list[Encoded]:
        """The annotation vectors (B, K, D) for each language; all photos are encoded together."""
        together = _TOGETHER_ON_CPU if self._device.type == "cpu" else len(photos)
        annotations = torch.cat(
            [self._encode(photos[at : at + together]) for at in range(0, len(photos), together)]
        )
        return [
            Encoded(language, places, annotations[places])
            for language, places in by_language(languages).items()
        ]

    def _encode(self, photos: Sequence[Pixels]) -> Tensor:
        saved = self.checkpoint
        pixels = self._sent(photos).permute(0, 3, 1, 2)  # (B, 3, size, size)
        images = saved.preprocess.normalise(pixels).to(self._precision)
        annotations: Tensor = saved.encoder(images)
        return annotations.float()

    def _sent(self, photos: Sequence[Pixels]) -> Tensor:
        """The photos' pixels (B, size, size, 3) on the device.

        A GPU fetches them by itself from memory that is pinned, while this goes on.
        """
        shape, on_gpu = (len(photos), *photos[0].shape), self._device.type == "cuda"
        pixels = torch.empty(shape, dtype=torch.uint8, pin_memory=on_gpu)
        np.stack(photos, out=pixels.numpy())
        return pixels.to(self._device, non_blocking=True)

    @torch.inference_mode()
    def _search(
        self, language: str, photos: Tensor, config: SearchConfig
    ) -> list[list[Hypothesis]]:
        specials = self.languages[language].vocabulary.specials
        return BeamSearch(self._decoders[language], specials, config)(photos)


def _precision(device: torch.device) -> torch.dtype:
    """bfloat16 on GPUs that compute in it (NVIDIA's since Ampere), else float32."""
    if device.type == "cuda" and torch.cuda.get_device_capability(device) >= (8, 0):
        return torch.bfloat16
    return torch.float32


class _OneDNNLinear(nn.Module):
    """A linear layer that oneDNN computes, without gradients.

    For the few rows that the beams of one photo are, that takes a third of the time of the BLAS
    that `nn.Linear` calls.
    """

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self._weight = layer.weight.detach().to_mkldnn()
        self._bias = layer.bias.detach().to_mkldnn()

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x.to_mkldnn(), self._weight, self._bias).to_dense()


def _for_cpu(decoders: dict[str, Decoder]) -> dict[str, Decoder]:
    """Copies for search on a CPU, where the output layer is what takes the time."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]  # torch's
        return decoders
    decoders = deepcopy(decoders)  # together: what they share, the copies share
    for decoder in decoders.values():
        own = _OneDNNLinear(decoder.output)
        decoder.output = own  # type: ignore[assignment]  # it does the same
    return decoders


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
