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
from captioner.checkpoint.confidence import UNCALIBRATED, SaidWord
from captioner.checkpoint.metadata import CheckpointError
from captioner.distribution import BUNDLED
from captioner.engines.base import (
    DescribedLanguage,
    DeviceError,
    Encoded,
    Engine,
    Pixels,
    load_engine,
)
from captioner.language.english import without_doubtful_animals
from captioner.language.writing import ENGLISH, written
from captioner.model.search_types import Hypothesis, SearchConfig
from captioner.queue.messages import Caption, Word

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
        self._writers = {code: _Writer(one) for code, one in self._engine.languages.items()}
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

    def vocabulary_in(self, language: str) -> frozenset[str]:
        return frozenset(self._writers[language].vocabulary.words)

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
        encoded = self._encoded(photos, languages)
        return self._captions(encoded, beam_size, n_best) if photos else []

    def caption_by_beam_size(
        self,
        photos: Sequence[Image.Image],
        beam_sizes: Sequence[int],
        *,
        language: str | None = None,
    ) -> dict[int, list[PhotoCaptions]]:
        """The result of `caption` for each of the beam sizes; the photos are encoded once."""
        encoded = self._encoded(photos, [language] * len(photos))
        return {size: self._captions(encoded, size, 1) for size in beam_sizes}

    def pixels(self, photo: Image.Image) -> Pixels:
        return self._checkpoint.preprocess.to_array(photo)

    def _encoded(
        self, photos: Sequence[Image.Image | Pixels], languages: Sequence[str | None] | None
    ) -> list[Encoded]:
        wanted = self.languages_for(photos, languages)
        pixels = [p if isinstance(p, np.ndarray) else self.pixels(p) for p in photos]
        return self._engine.encode(pixels, wanted) if pixels else []

    def _captions(
        self, encoded: Sequence[Encoded], beam_size: int, n_best: int
    ) -> list[PhotoCaptions]:
        generation = self._checkpoint.generation
        wanted = n_best
        if 1 < n_best <= beam_size:  # some are left out because they say the same as another
            wanted = min(beam_size, n_best + _SPARE)
        found = self._engine.search(
            encoded,
            SearchConfig(
                beam_size=beam_size,
                n_best=wanted,
                max_length=generation.max_length,
                length_power=generation.length_power,
            ),
        )
        languages = {place: part.language for part in encoded for place in part.places}
        return [
            self._writers[languages[place]].captions(hypotheses, n_best)
            for place, hypotheses in enumerate(found)
        ]


class _Writer:
    """Makes captions in one language of what a search found."""

    def __init__(self, language: DescribedLanguage) -> None:
        self.vocabulary = language.vocabulary
        self._calibration = language.calibration or UNCALIBRATED

    def captions(self, found: Sequence[Hypothesis], n_best: int) -> PhotoCaptions:
        """The best captions of a photo, with confidence and attention."""
        best, *others = self._different(found)[:n_best]
        side = math.isqrt(best.alphas.shape[1])
        said, calibration = self._said(best), self._calibration
        certainties: Sequence[float | None] = [None] * len(said)
        sure_from = 0.0
        if calibration.certainty:
            certainties = calibration.certainty.of_words(said, best.log_prob)
            sure_from = calibration.certainty.words.sure_from
        words = self._words(best, certainties, sure_from)
        captions = (
            self._caption(best, words),
            *(self._caption(other, self._words(other)) for other in others),
        )
        confidence = calibration.confidence_of(best.log_prob, said)
        language = self.vocabulary.language
        return PhotoCaptions(captions, confidence, (side, side), said, language)

    def _different(self, found: Sequence[Hypothesis]) -> list[Hypothesis]:
        """The hypotheses whose content words differ from those of every likelier one.

        Nor do two read the same once their words agree, as "sentado" and "sentada" may.
        """
        vocabulary = self.vocabulary
        about: set[frozenset[str]] = set()
        read: set[tuple[str, ...]] = set()
        different = []
        for hypothesis in found:
            content = frozenset(vocabulary.families[number] for number in hypothesis.words)
            texts = tuple(vocabulary.texts(hypothesis.words))
            if content not in about and texts not in read:
                different.append(hypothesis)
            about.add(content)
            read.add(texts)
        return different

    def _said(self, found: Hypothesis) -> tuple[SaidWord, ...]:
        vocabulary = self.vocabulary
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
        texts = self.vocabulary.texts(found.words)
        if certainties is None:
            pairs = zip(texts, found.word_log_probs, strict=True)
            return tuple(Word(text=text, log_prob=log_prob) for text, log_prob in pairs)
        if self.vocabulary.language == ENGLISH:
            named = texts
            texts = without_doubtful_animals(named, certainties)
            # Nothing is known of how certain the more general word is.
            certainties = [
                certainty if text == name else None
                for text, name, certainty in zip(texts, named, certainties, strict=True)
            ]
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
        text = written([word.text for word in words], self.vocabulary.language)
        return Caption(text=text, log_prob=found.log_prob, score=found.score, words=words)


def _on_torch(checkpoint: Checkpoint, device: torch.device | str) -> Engine:
    from captioner.engines.torch_engine import TorchEngine  # noqa: PLC0415 - imports torch

    return TorchEngine(checkpoint, device)
