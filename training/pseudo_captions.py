"""Pseudo-captions: a model captions photos without captions, and known mistakes are corrected.

This is self-training: a decoder learns from captions that an earlier one wrote. If a photo has
boxes, its animals are known. A wrong animal in a caption is replaced by the right one in the same
number: for a cat, "a brown dog is lying on a couch" becomes "a brown cat is lying on a couch".
Hypotheses that already name the right animal come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.lang.en.stop_words import STOP_WORDS

from captioner.base import PhotoCaptioner
from captioner.language.english import ANIMAL_OF, named_animals
from training.data.decoding import open_rgb
from training.data.reader_base import CaptionedPhoto

_PLURAL = {"dog": "dogs", "cat": "cats", "sheep": "sheep", "horse": "horses", "cow": "cows"}
_PLURALS = frozenset({"cattle", "oxen", "ponies", "puppies", "calves"})
_BATCH = 16


def pseudo_captions(
    captioner: PhotoCaptioner,
    photos: Sequence[CaptionedPhoto],
    *,
    each: int = 5,
    beam_size: int = 10,
) -> Iterator[tuple[CaptionedPhoto, list[str]]]:
    """Each photo with up to `each` captions, the best first.

    A photo with known animals gets no captions if no hypothesis names an animal.
    Raises DataError for a photo that does not decode.
    """
    for start in range(0, len(photos), _BATCH):
        chunk = photos[start : start + _BATCH]
        opened = [open_rgb(photo.path, str(photo.path)) for photo in chunk]
        found = captioner.caption(opened, beam_size=beam_size, n_best=beam_size)
        for photo, said in zip(chunk, found, strict=True):
            hypotheses = [[word.text for word in caption.words] for caption in said.captions]
            hypotheses = [words for words in hypotheses if not _repeats(words)] or hypotheses[:1]
            there = {region.name for region in photo.regions}
            yield photo, _chosen(hypotheses, there)[:each]


def _chosen(hypotheses: Sequence[Sequence[str]], there: set[str]) -> list[str]:
    if not there:
        return [" ".join(words) for words in hypotheses]
    right, corrected = [], []
    for words in hypotheses:
        named = named_animals(words)
        if named and named <= there:
            right.append(" ".join(words))
        elif named and len(there) == 1:
            corrected.append(" ".join(_correct_animal(words, next(iter(there)))))
    return list(dict.fromkeys(right + corrected))


def _repeats(words: Sequence[str]) -> bool:
    """Whether a content word is there twice: "a dog is playing with a dog"."""
    content = [word for word in words if word not in STOP_WORDS]
    return len(set(content)) < len(content)


def _correct_animal(words: Sequence[str], animal: str) -> list[str]:
    """The words, with the names of other animals replaced by `animal`."""
    out = []
    for word in words:
        if ANIMAL_OF.get(word, animal) == animal:
            out.append(word)
        else:
            many = word in _PLURALS or (word.endswith("s") and not word.endswith("ss"))
            out.append(_PLURAL[animal] if many else animal)
    return out
