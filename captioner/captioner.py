"""Photos in, captions out: the one door to the model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from captioner.checkpoint import Checkpoint, CheckpointError, load_checkpoint
from captioner.jobs import Caption, Word
from captioner.model.beam_search import BeamSearch, Hypothesis, SearchConfig, Specials
from captioner.vocabulary import sentence

BUNDLED = Path(__file__).parent / "bundled.safetensors"


class DeviceError(Exception):
    """The device asked for is not there; the text says what to do."""


@dataclass(frozen=True)
class Captioned:
    """What the model says of one photo."""

    captions: tuple[Caption, ...]  # best first; the words of each, with attention for the best
    confidence: float  # 0…1
    grid: tuple[int, int]  # rows and columns of the attention weights


class Captioner:
    """A loaded model.

    A photo gets the same captions today and tomorrow, alone and in any batch: nothing is
    random, and no state is kept from one call to the next.
    """

    def __init__(self, checkpoint: Checkpoint, *, device: torch.device | str = "cpu") -> None:
        self._checkpoint = checkpoint
        self.device = torch.device(device)
        self.model = checkpoint.name  # for people
        self.path = checkpoint.path

    def describe(self) -> dict[str, Any]:
        """Everything but the weights, as it stands in the checkpoint."""
        return self._checkpoint.describe()

    @classmethod
    def load(cls, path: Path | None = None, *, device: str = "auto") -> Captioner:
        """The model in a checkpoint file, or the bundled one, on a device.

        Raises CheckpointError or DeviceError, in one sentence for people.
        """
        place = pick_device(device)
        file = path or BUNDLED
        if path is None and not file.is_file():
            raise CheckpointError("no checkpoint is bundled; set CAPTIONBOT_CHECKPOINT to one")
        return cls(load_checkpoint(file, device=place), device=place)

    @torch.inference_mode()
    def caption(
        self, photos: Sequence[Image.Image], *, beam_size: int = 5, n_best: int = 1
    ) -> list[Captioned]:
        """Captions of each photo; raises ValueError for a beam_size or n_best that cannot be."""
        if not photos:
            return []
        saved = self._checkpoint
        pixels = torch.stack([saved.preprocess.to_pixels(photo) for photo in photos])
        images = saved.preprocess.normalise(pixels.to(self.device))
        annotations = saved.encoder(images)
        found = self._search(beam_size, n_best)(annotations)
        side = math.isqrt(annotations.shape[1])
        return [self._captioned(hypotheses, (side, side)) for hypotheses in found]

    def _search(self, beam_size: int, n_best: int) -> BeamSearch:
        words, generation = self._checkpoint.vocabulary, self._checkpoint.generation
        return BeamSearch(
            self._checkpoint.decoder,
            Specials(words.start, words.end, (words.pad, words.start, words.unknown)),
            SearchConfig(
                beam_size=beam_size,
                n_best=n_best,
                max_length=generation.max_length,
                length_power=generation.length_power,
            ),
        )

    def _captioned(self, found: Sequence[Hypothesis], grid: tuple[int, int]) -> Captioned:
        best = found[0]
        captions = tuple(self._caption(h, attention=h is best) for h in found)
        # geometric mean of the words' probabilities, the end included
        confidence = math.exp(best.log_prob / (len(best.words) + 1))
        return Captioned(captions, confidence, grid)

    def _caption(self, found: Hypothesis, *, attention: bool) -> Caption:
        texts = [self._checkpoint.vocabulary.words[number] for number in found.words]
        looked: list[tuple[float, ...]] = (
            [tuple(round(a, 5) for a in row) for row in found.alphas.tolist()]
            if attention
            else [()] * len(texts)
        )
        words = tuple(
            Word(text=text, log_prob=log_prob, attention=alpha)
            for text, log_prob, alpha in zip(texts, found.word_log_probs, looked, strict=True)
        )
        return Caption(text=sentence(texts), log_prob=found.log_prob, words=words)


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
