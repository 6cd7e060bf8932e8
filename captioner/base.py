"""What every captioner does, whatever model it has; workers and commands know nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from captioner.capabilities import Capabilities
from captioner.checkpoint.confidence import SaidWord
from captioner.engines.base import Pixels
from captioner.language.writing import ENGLISH
from captioner.queue.messages import Caption, Failure, is_unsure

SHORT = "short"  # the length of captions that everybody offers


@dataclass(frozen=True)
class PhotoCaptions:
    """The captions of one photo, with confidence and attention."""

    # Best first; the words of each, where the model tells them, with attention for the best.
    captions: tuple[Caption, ...]
    confidence: float | None  # 0…1, that the best caption fits; None: the model does not say
    grid: tuple[int, int]  # rows and columns of the attention weights; (0, 0): there are none
    said: tuple[SaidWord, ...] = ()  # the best caption's words: what certainty is estimated from
    language: str = ENGLISH  # that the captions are in
    failure: Failure | None = None  # why there are no captions; None: there are some

    @property
    def unsure(self) -> bool:
        """Whether people are told that it may not fit."""
        return is_unsure(self.confidence)


class PhotoCaptioner(ABC):
    """A model that is loaded, or can be reached. To be used by one thread at a time.

    A photo gets the same captions alone and in any batch. What it can do, it declares in its
    `capabilities`; what it does not declare, nobody asks it for.
    """

    engine: str
    device: str  # where it computes
    model: str  # its name, for people
    path: Path | None = None  # of its file or folder
    capabilities: Capabilities
    log_probs = True  # whether it says how likely its words are
    # How many photos it works on at a time; more in a batch only wait for each other. None: any.
    most_at_once: int | None = None
    seconds_a_photo = 0.0  # that each may take at worst, where a few hundred are not plenty for all

    @property
    def identity(self) -> str:
        """The model's name in replies and in the cache; another one when captions may change."""
        return self.model

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its captions, the default one first."""
        return self.capabilities.languages

    @property
    def language(self) -> str:
        """The language of captions where nobody asks for another."""
        return self.capabilities.language

    def check(self) -> None:
        """See whether a model that computes elsewhere answers.

        Raises ModelAwayError if it may do so by itself, DeviceError if the operator must do
        something.
        """
        return

    def close(self) -> None:
        """Let go of what the model holds, such as connections; it is not used afterwards."""
        return

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """What there is to know of the model."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """The words that it may say in its default language, as far as they are known."""
        return self.vocabulary_in(self.language)

    def vocabulary_in(self, _language: str) -> frozenset[str]:
        """The words that it may say in one of its languages, as far as they are known."""
        return frozenset()

    @abstractmethod
    def pixels(self, photo: Image.Image) -> Pixels:
        """The photo's pixels as the model uses them; can be computed ahead, in any thread."""

    @abstractmethod
    def caption(
        self,
        photos: Sequence[Image.Image | Pixels],
        *,
        beam_size: int = 5,
        n_best: int = 1,
        languages: Sequence[str | None] | None = None,
    ) -> list[PhotoCaptions]:
        """The captions of each photo, given as an image or as its `pixels`.

        `languages` has one for each photo. For None, and for a language that is none of the
        model's, captions are in its default one; `PhotoCaptions.language` says in which.
        Raises ValueError for an invalid beam_size or n_best, and for another number of languages.
        """

    def caption_by_beam_size(
        self,
        photos: Sequence[Image.Image],
        beam_sizes: Sequence[int],
        *,
        language: str | None = None,
    ) -> dict[int, list[PhotoCaptions]]:
        """The result of `caption` for each of the beam sizes, in one language."""
        languages = [language] * len(photos)
        return {
            size: self.caption(photos, beam_size=size, languages=languages) for size in beam_sizes
        }

    def languages_for(
        self, photos: Sequence[Image.Image | Pixels], languages: Sequence[str | None] | None
    ) -> list[str]:
        """For each photo the language that its captions will be in; raises ValueError."""
        if languages is None:
            return [self.language] * len(photos)
        if len(languages) != len(photos):
            raise ValueError(f"{len(languages)} languages for {len(photos)} photos")
        return [one if one and one in self.languages else self.language for one in languages]


class PromptedCaptioner(PhotoCaptioner):
    """A captioner that does what a prompt says, so that it writes more than short captions."""

    @abstractmethod
    def write(
        self,
        photos: Sequence[Image.Image | Pixels],
        *,
        length: str,
        languages: Sequence[str | None] | None = None,
    ) -> list[PhotoCaptions]:
        """One text for each photo, of another length than `SHORT` that `capabilities` name."""

    @abstractmethod
    def answer(
        self,
        photos: Sequence[Image.Image | Pixels],
        questions: Sequence[str],
        *,
        languages: Sequence[str | None] | None = None,
    ) -> list[PhotoCaptions]:
        """The answer to a question about each photo, where `capabilities.questions` is true."""


QUESTION = "question"
# Tokens that an answer may take; models that are cut off say half a sentence.
MOST_TOKENS = {"short": 80, "alt": 160, "long": 500, QUESTION: 300}
MOST_CHARACTERS = {"short": 300, "alt": 600, "long": 2000, QUESTION: 1200}
LENGTHS = ("short", "alt", "long")
