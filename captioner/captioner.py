"""`Captioner`: photos in, captions out, by a checkpoint of CaptionBot's own."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from captioner.base import PhotoCaptioner, PhotoCaptions
from captioner.capabilities import Capabilities
from captioner.checkpoint.certainty import SaidWord
from captioner.checkpoint.confidence import UNCALIBRATED
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.base import DeviceError, Encoded, Engine, Pixels
from captioner.engines.factory import load_engine
from captioner.language.writing import written
from captioner.model.search_types import Hypothesis, SearchConfig
from captioner.queue.messages import Caption, Word
from captioner.shipped import BUNDLED

if TYPE_CHECKING:
    import torch

    from captioner.checkpoint.torch_checkpoint import Checkpoint

__all__ = ["BUNDLED", "Captioner", "CheckpointError", "DeviceError", "PhotoCaptions", "Pixels"]

_SPARE = 2  # hypotheses beyond those asked for


class Captioner(PhotoCaptioner):
    """A checkpoint of CaptionBot's own, loaded.

    A photo gets the same captions today and tomorrow, alone and in any batch: nothing is
    random, and no state is kept from one call to the next.
    """

    def __init__(self, model: Checkpoint | Engine, *, device: torch.device | str = "cpu") -> None:
        """`model` is an engine, or a checkpoint that torch runs on `device`."""
        self._engine = model if isinstance(model, Engine) else _on_torch(model, device)
        self._checkpoint = self._engine.checkpoint
        self.engine, self.device = self._engine.name, self._engine.device
        self.model = self._checkpoint.name  # for people
        self.path = self._checkpoint.path
        self.capabilities: Capabilities = self._engine.capabilities

    @cached_property
    def identity(self) -> str:
        """The model's name and, if it came from a file, a hash of the file.

        A checkpoint that was trained further keeps its name, but gives other captions.
        """
        if self.path is None:
            return self.model
        with self.path.open("rb") as file:
            return f"{self.model} {hashlib.file_digest(file, 'sha256').hexdigest()[:8]}"

    @property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self._checkpoint.vocabulary.words)

    def describe(self) -> dict[str, Any]:
        """The checkpoint's metadata."""
        return self._checkpoint.describe()

    @classmethod
    def load(
        cls, path: Path | None = None, *, device: str = "auto", engine: str = "auto"
    ) -> Captioner:
        """The model in a checkpoint file, or the bundled one, on a device and an engine.

        Raises CheckpointError or DeviceError, in one sentence for people.
        """
        file = path or BUNDLED
        if path is None and not file.is_file():
            raise CheckpointError("no checkpoint is bundled; set CAPTIONBOT_CHECKPOINT to one")
        return cls(load_engine(file, engine=engine, device=device))

    def caption(
        self,
        photos: Sequence[Image.Image | Pixels],
        *,
        beam_size: int = 5,
        n_best: int = 1,
        languages: Sequence[str | None] | None = None,
    ) -> list[PhotoCaptions]:
        if languages is not None and len(languages) != len(photos):
            raise ValueError(f"{len(languages)} languages for {len(photos)} photos")
        return self._captions(self._encoded(photos), beam_size, n_best) if photos else []

    def caption_by_beam_size(
        self, photos: Sequence[Image.Image], beam_sizes: Sequence[int]
    ) -> dict[int, list[PhotoCaptions]]:
        """The result of `caption` for each of the beam sizes; the photos are encoded once."""
        encoded = self._encoded(photos)
        return {size: self._captions(encoded, size, 1) for size in beam_sizes}

    def pixels(self, photo: Image.Image) -> Pixels:
        return self._checkpoint.preprocess.to_array(photo)

    def _encoded(self, photos: Sequence[Image.Image | Pixels]) -> Encoded:
        return self._engine.encode(
            [p if isinstance(p, np.ndarray) else self.pixels(p) for p in photos]
        )

    def _captions(self, encoded: Encoded, beam_size: int, n_best: int) -> list[PhotoCaptions]:
        words, generation = self._checkpoint.vocabulary, self._checkpoint.generation
        wanted = n_best
        if 1 < n_best <= beam_size:  # some are left out because they say the same as another
            wanted = min(beam_size, n_best + _SPARE)
        found = self._engine.search(
            encoded,
            words.specials,
            SearchConfig(
                beam_size=beam_size,
                n_best=wanted,
                max_length=generation.max_length,
                length_power=generation.length_power,
            ),
        )
        return [self._captioned(self._different(hypotheses)[:n_best]) for hypotheses in found]

    def _different(self, found: Sequence[Hypothesis]) -> list[Hypothesis]:
        """The hypotheses whose content words differ from those of every likelier one."""
        families = self._checkpoint.vocabulary.families
        first: dict[frozenset[str], Hypothesis] = {}
        for hypothesis in found:
            about = frozenset(families[number] for number in hypothesis.words)
            first.setdefault(about, hypothesis)
        return list(first.values())

    def _captioned(self, found: Sequence[Hypothesis]) -> PhotoCaptions:
        best = found[0]
        side = math.isqrt(best.alphas.shape[1])
        said, calibration = self._said(best), self._checkpoint.calibration or UNCALIBRATED
        certainties: Sequence[float | None] = [None] * len(said)
        sure_from = 0.0
        if calibration.certainty:
            certainties = calibration.certainty.of_words(said, best.log_prob)
            sure_from = calibration.certainty.words.sure_from
        words = self._words(best, certainties, sure_from)
        captions = (
            self._caption(best, words),
            *(self._caption(other, self._words(other)) for other in found[1:]),
        )
        confidence = calibration.confidence_of(best.log_prob, said)
        return PhotoCaptions(captions, confidence, (side, side), said, self.language)

    def _said(self, found: Hypothesis) -> tuple[SaidWord, ...]:
        vocabulary = self._checkpoint.vocabulary
        alphas = found.alphas.astype(np.float64)
        entropy = -(alphas * np.log(np.maximum(alphas, 1e-9))).sum(1)
        spreads = (entropy / max(1.0, math.log(alphas.shape[1]))).tolist()
        return tuple(
            SaidWord(vocabulary.families[number], log_prob, spread, vocabulary.rarity(number))
            for number, log_prob, spread in zip(
                found.words, found.word_log_probs, spreads, strict=True
            )
        )

    def _words(
        self,
        found: Hypothesis,
        certainties: Sequence[float | None] | None = None,
        sure_from: float = 0.0,
    ) -> tuple[Word, ...]:
        """The words of a caption; with `certainties`, also their certainty and attention."""
        texts = self._checkpoint.vocabulary.texts(found.words)
        if certainties is None:
            pairs = zip(texts, found.word_log_probs, strict=True)
            return tuple(Word(text=text, log_prob=log_prob) for text, log_prob in pairs)
        rounded = np.round(found.alphas.astype(np.float64), 5)
        return tuple(
            Word(
                text=text,
                log_prob=log_prob,
                attention=tuple(alphas),
                certainty=None if certainty is None else round(certainty, 4),
                sure=None if certainty is None else certainty >= sure_from,
            )
            for text, log_prob, alphas, certainty in zip(
                texts, found.word_log_probs, rounded.tolist(), certainties, strict=True
            )
        )

    def _caption(self, found: Hypothesis, words: tuple[Word, ...]) -> Caption:
        text = written([word.text for word in words], self.language)
        return Caption(text=text, log_prob=found.log_prob, score=found.score, words=words)


def _on_torch(checkpoint: Checkpoint, device: torch.device | str) -> Engine:
    from captioner.engines.torch_engine import TorchEngine  # noqa: PLC0415 - imports torch

    return TorchEngine(checkpoint, device)
