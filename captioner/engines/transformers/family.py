"""What every family of models has: photos go in, and sequences of tokens come out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from torch import Tensor

from captioner.engines.base import Pixels
from captioner.engines.prompts import LENGTHS
from captioner.engines.transformers.generation import Search
from captioner.engines.transformers.words import Found

CAPTION_TOKENS = 40  # models that only write captions write short ones


class Family(ABC):
    """Models that are used alike."""

    lengths: tuple[str, ...] = LENGTHS[:1]
    questions = False
    languages = False  # writes in the language that it is asked to
    most_tokens = 1000  # of a text
    grid: tuple[int, int] = (0, 0)  # of attention weights; (0, 0): it gives none

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        self.model, self.processor = model, processor
        self.tokenizer = getattr(processor, "tokenizer", processor)
        self.specials = frozenset(self.tokenizer.all_special_ids)

    @abstractmethod
    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        """For each photo what is found, best first; the best with attention, if there is any."""

    def prompt(self, purpose: str, language: str, question: str) -> str:
        """What the model is asked for a length or a question; "" if it is asked nothing."""
        del purpose, language, question
        return ""

    def _images(self, photos: Sequence[Pixels]) -> Tensor:
        """The photos as the model takes them (B, 3, height, width)."""
        process = getattr(self.processor, "image_processor", self.processor)
        pixels: Tensor = process(list(photos), return_tensors="pt")["pixel_values"]
        return pixels.to(self.model.device, self.model.dtype)
