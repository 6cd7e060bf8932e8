"""The captions of all photos as token ids, ready for batches of similar length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from captioner.checkpoint.vocabulary import SPECIALS, Vocabulary
from captioner.language.writing import ENGLISH
from training.data.reader_base import CaptionedPhoto, DataError
from training.data.registry import language_of_texts, read_sources, read_texts
from training.data.tokenization import (
    function_words,
    repeatable_words,
    says_left_or_right,
    tokenize_in,
)
from training.loop import step_seed


def tokenize_captions(photos: Sequence[CaptionedPhoto]) -> list[list[list[str]]]:
    """The words of each caption of each photo."""
    words = {
        language: iter(tokenize_in(_captions(photos, language), language))
        for language in {photo.language for photo in photos}
    }
    return [[next(words[photo.language]) for _ in photo.captions] for photo in photos]


def _captions(photos: Sequence[CaptionedPhoto], language: str) -> list[str]:
    return [text for photo in photos if photo.language == language for text in photo.captions]


@cache
def words_of_texts(names: tuple[str, ...], language: str, data: Path) -> Sequence[Sequence[str]]:
    """The words of each caption without a photo, see `training.data.registry.read_texts`.

    Cached, because a vocabulary and the steps of a stage have the same captions. Raises DataError,
    also where captions are in another language.
    """
    for name in names:
        if language_of_texts(name) != language:
            raise DataError(
                f"texts: {name!r} has captions in {language_of_texts(name)!r}, "
                f"and the vocabulary is of {language!r}"
            )
    return tokenize_in([text for name in names for text in read_texts(name, data)], language)


def caption_words(
    sources: Sequence[str], data: Path, texts: Sequence[str] = ()
) -> tuple[list[Sequence[str]], str]:
    """The words of each caption of some sources in one language, and the language.

    `texts` name captions without photos. Raises DataError.
    """
    photos = read_sources(tuple(sources), data)
    language, *others = sorted({photo.language for photo in photos})
    if others:
        raise DataError(f"a vocabulary is of one language, not of {language} and {others[0]}")
    of_photos = (caption for own in tokenize_captions(photos) for caption in own)
    return [*of_photos, *words_of_texts(tuple(texts), language, data)], language


def build_vocabulary(
    captions: Sequence[Sequence[str]], language: str, *, min_count: int
) -> Vocabulary:
    """The words that occur at least `min_count` times in captions of a language."""
    found = Vocabulary.build(captions, min_count=min_count, language=language)
    if language == ENGLISH:  # its rules are in captioner.language
        return found
    own = found.words[len(SPECIALS) :]
    free = function_words(own, language)
    return replace(found, function_words=free, repeatable=repeatable_words(own, captions))


def extend_vocabulary(known: Vocabulary, more: Vocabulary) -> Vocabulary:
    """The words of `known` at their places, then those that `more` adds; raises DataError."""
    if more.language != known.language:
        raise DataError(
            f"a vocabulary in {known.language!r} cannot be extended by words in {more.language!r}"
        )
    new = [word for word in more.words if word not in known.numbers]
    return replace(
        known,
        words=(*known.words, *new),
        function_words=(*known.function_words, *(w for w in more.function_words if w in new)),
        repeatable=(*known.repeatable, *(w for w in more.repeatable if w in new)),
    )


@dataclass(frozen=True)
class CaptionTable:
    """One row for each caption: its photo and its token ids, with start and end."""

    photo: Tensor  # (N,), rising
    token_ids: Tensor  # (N, longest), padded
    length: Tensor  # (N,), of the numbers
    flippable: Tensor  # (N,), whether the mirrored photo may keep it

    @classmethod
    def build(
        cls, words: Sequence[Sequence[Sequence[str]]], vocabulary: Vocabulary, *, longest: int
    ) -> CaptionTable:
        """All captions, those of more than `longest` words cut."""
        rows = [(i, caption[:longest]) for i, own in enumerate(words) for caption in own if caption]
        token_ids = torch.full((len(rows), longest + 2), vocabulary.pad)
        length = torch.empty(len(rows), dtype=torch.long)
        for row, (_, caption) in enumerate(rows):
            coded = [vocabulary.start, *vocabulary.encode(caption), vocabulary.end]
            token_ids[row, : len(coded)] = torch.tensor(coded)
            length[row] = len(coded)
        return cls(
            photo=torch.tensor([i for i, _ in rows]),
            token_ids=token_ids,
            length=length,
            flippable=torch.tensor([not says_left_or_right(caption) for _, caption in rows]),
        )

    def batches(self, *, batch_size: int, seed: int, epoch: int) -> list[Tensor]:
        """An epoch's rows in batches of similar length, in random order (section 4.3 of the paper).

        Captions of one length need no padding.
        """
        generator = torch.Generator().manual_seed(step_seed(seed, epoch))
        noise = torch.rand(len(self.length), generator=generator)
        by_length = (self.length + noise).argsort()
        batches = list(torch.split(by_length, batch_size))
        if len(batches) > 1 and len(batches[-1]) < batch_size:
            batches.pop()
        order = torch.randperm(len(batches), generator=generator)
        return [batches[int(i)] for i in order]

    def photos(self) -> Tensor:
        """The indices of the photos that have a caption, in order."""
        return torch.tensor(sorted(set(self.photo.tolist())))

    def random_captions(self, photos: Tensor, count: int, generator: torch.Generator) -> Tensor:
        """`count` random rows (B, count) for each of the photos (B,).

        No caption of a photo is repeated before all of them were used.
        """
        order = torch.rand(len(self.photo), generator=generator)
        rows = []
        for photo in photos.tolist():
            first, end = torch.searchsorted(self.photo, torch.tensor([photo, photo + 1])).tolist()
            own = first + order[first:end].argsort()
            rows.append(own[torch.arange(count) % len(own)])
        return torch.stack(rows)
