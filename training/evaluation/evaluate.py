"""Evaluates a checkpoint on a split of a data set: captions, scores, confidence and errors."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from captioner.base import PhotoCaptioner, PhotoCaptions
from captioner.language.english import family
from captioner.language.writing import ENGLISH
from captioner.queue.messages import Caption
from training.data.decoding import open_rgb
from training.data.reader_base import CaptionedPhoto, DataError, Reader
from training.data.registry import guess_reader, read_folder, resolve_split
from training.evaluation.calibration import (
    CertaintyExample,
    Reliability,
    WordReliability,
    reliability,
    word_reliability,
)
from training.evaluation.error_analysis import (
    ErrorCount,
    ErrorKind,
    Usage,
    Verdict,
    classify_errors,
    count_errors,
)
from training.evaluation.grounding import AnimalEvaluation, evaluate_animals
from training.evaluation.ptb_tokenizer import words_to_score
from training.evaluation.scores import Scores, best_constant_caption, cider_d_of_each, score

_TRAIN = ("train", "train2017", "train2014")  # names of the training split


@dataclass(frozen=True)
class EvaluatedPhoto:
    """A photo, its captions by the model, and how well the best one agrees with the references."""

    photo: CaptionedPhoto
    captioned: PhotoCaptions
    cider_d: float
    verdict: Verdict

    @property
    def errors(self) -> set[ErrorKind]:
        """The kinds of error in the best caption."""
        return {kind for kind, wrong in self.verdict.items() if wrong}

    @property
    def caption(self) -> str:
        """The best caption."""
        return self.captioned.captions[0].text


@dataclass(frozen=True)
class Evaluation:
    """A model's captions, their scores, and the scores of the best constant caption."""

    reader: str
    split: str
    beam_size: int
    photos: tuple[EvaluatedPhoto, ...]
    scores: Scores
    by_beam_size: dict[int, Scores]  # without METEOR; empty for a single beam size
    constant_caption: str  # the training caption that fits all photos best
    constant_scores: Scores
    known: frozenset[str] = frozenset()  # the model's words
    language: str = ENGLISH
    scored_by: str = ENGLISH  # the file of captions that it is scored by: "es", or "es.mt"

    @cached_property
    def captions(self) -> dict[str, str]:
        """The captions, by the photos' names."""
        return {one.photo.name: one.caption for one in self.photos}

    @cached_property
    def reliability(self) -> Reliability | None:
        """How well confidence predicts which captions fit; None if the model does not say."""
        sure = [one.captioned.confidence for one in self.photos]
        known = [confidence for confidence in sure if confidence is not None]
        if len(known) < len(sure):
            return None
        return reliability(known, [one.cider_d for one in self.photos])

    @cached_property
    def certainty_examples(self) -> list[CertaintyExample]:
        """The words of each caption with the search's evidence, and the references' words."""
        return [
            CertaintyExample(
                words=one.captioned.said,
                log_prob=one.captioned.captions[0].log_prob,
                people=frozenset(
                    # In other languages a word's family is itself: see `Vocabulary.families`.
                    family(word, self.known) if self.language == ENGLISH else word
                    for caption in one.photo.captions
                    for word in words_to_score(caption, one.photo.language)
                ),
            )
            for one in self.photos
        ]

    @cached_property
    def words(self) -> WordReliability | None:
        """How reliable the certainty of words is; None if the model is not calibrated for it."""
        said = [one.captioned.captions[0].words for one in self.photos]
        certainties = [[word.certainty for word in words] for words in said]
        if not any(one is not None for own in certainties for one in own):
            return None
        least = [word.certainty for words in said for word in words if word.sure]
        sure_from = min((one for one in least if one is not None), default=1.01)
        return word_reliability(self.certainty_examples, certainties, sure_from)

    @cached_property
    def hedged(self) -> float:
        """The share of captions that the bot marks as not sure."""
        return sum(one.captioned.unsure for one in self.photos) / len(self.photos)

    @cached_property
    def errors(self) -> list[ErrorCount]:
        """How many captions have each kind of error that can be told in their language."""
        return count_errors({one.photo.name: one.verdict for one in self.photos})

    def as_json(self) -> dict[str, object]:
        """The figures, ready for JSON."""
        return {
            "scores": asdict(self.scores),
            "constant": {"caption": self.constant_caption, "scores": asdict(self.constant_scores)},
            "language": self.language,
            "scored_by": self.scored_by,
            "reader": self.reader,
            "split": self.split,
            "beam_size": self.beam_size,
            "beam_sizes": [
                {"beam_size": size, "scores": asdict(scores)}
                for size, scores in self.by_beam_size.items()
            ],
            "calibration": (
                {**asdict(self.reliability), "hedged": self.hedged} if self.reliability else None
            ),
            "words": asdict(self.words) if self.words else None,
            "failures": [
                {"kind": one.kind.value, "photos": one.photos, "of": one.of} for one in self.errors
            ],
            "photos": len(self.photos),
        }


def evaluate(
    captioner: PhotoCaptioner,
    folder: Path,
    *,
    split: str,
    beam_size: int,
    language: str | None = None,
    reader: Reader | None = None,
    beam_sizes: Sequence[int] = (),
    limit: int | None = None,
    batch_size: int = 32,
    meteor: bool = True,
) -> Iterator[tuple[int, int] | Evaluation | AnimalEvaluation]:
    """Yields the progress as (photos done, photos) and, at the end, the evaluation.

    The folder is a data set in its own layout; without a reader, the layout decides. Captions are
    in `language`, by default the model's first one, and are scored by captions in it, see
    `training.data.registry`. For photos with boxes instead of captions, the evaluation is an
    AnimalEvaluation.
    Captions are made by beam search, never by teacher forcing. METEOR, which is slow, is included
    if Java is installed and `meteor` is true. Raises DataError.
    """
    reader = reader or guess_reader(folder)
    there = captioner.capabilities.languages
    language = language or there[0]
    if language not in there:
        raise DataError(
            f"{captioner.model} has no captions in {language!r}; it has {', '.join(there)}"
        )
    wanted = split if language == ENGLISH or "@" in split else f"{split}@{language}"
    photos = read_folder(folder, wanted, reader=reader)[:limit]
    if not any(photo.captions or photo.regions for photo in photos):
        raise DataError(f"{folder}: its photos have no captions that others could be scored by")
    split = split.partition("@")[0]
    file = wanted.partition("@")[2] or language  # of the captions: "es", or "es.mt"
    for photo in photos[:1]:
        if photo.language != language:
            raise DataError(
                f"{captioner.model} captions in {language!r}, these photos have captions in "
                f"{photo.language!r}"
            )
    sizes = sorted({beam_size, *beam_sizes})
    found: dict[int, list[PhotoCaptions]] = {size: [] for size in sizes}
    yield 0, len(photos)
    for start in range(0, len(photos), batch_size):
        opened = [
            open_rgb(photo.path, str(photo.path)) for photo in photos[start : start + batch_size]
        ]
        for size, captioned in captioner.caption_by_beam_size(
            opened, sizes, language=language
        ).items():
            found[size] += map(_with_caption, captioned)
        yield min(start + batch_size, len(photos)), len(photos)
    if not any(photo.captions for photo in photos):
        yield evaluate_animals(
            photos,
            found[beam_size],
            reader=reader.name,
            split=resolve_split(reader, split),
            beam_size=beam_size,
        )
        return
    train = _train_captions(folder, reader, file)
    references = {photo.name: photo.captions for photo in photos}
    by_size = {
        size: score(
            _texts(photos, said), references, train_captions=train, meteor=False, language=language
        )
        for size, said in found.items()
        if beam_sizes
    }
    captions = _texts(photos, found[beam_size])
    constant, _ = best_constant_caption(references, train or _all(photos), language=language)
    same = dict.fromkeys(captions, constant)
    yield Evaluation(
        reader=reader.name,
        split=resolve_split(reader, split),
        beam_size=beam_size,
        photos=_evaluated_photos(
            photos, found[beam_size], train, _in_english(folder, split, reader, language)
        ),
        scores=score(captions, references, train_captions=train, meteor=meteor, language=language),
        by_beam_size=by_size,
        constant_caption=constant,
        constant_scores=score(
            same, references, train_captions=train, meteor=meteor, language=language
        ),
        known=captioner.vocabulary_in(language),
        language=language,
        scored_by=file,
    )


def _evaluated_photos(
    photos: Sequence[CaptionedPhoto],
    found: Sequence[PhotoCaptions],
    train: Sequence[str],
    english: Mapping[str, Sequence[str]],
) -> tuple[EvaluatedPhoto, ...]:
    references = {photo.name: photo.captions for photo in photos}
    captions = _texts(photos, found)
    language = photos[0].language
    each = cider_d_of_each(captions, references, language=language)
    usage = None
    if language != ENGLISH:
        usage = Usage.learn([words_to_score(caption, language) for caption in train], language)
    verdicts = classify_errors(
        captions, references, each, language=language, english=english, usage=usage
    )
    return tuple(
        EvaluatedPhoto(photo, said, each[photo.name], verdicts[photo.name])
        for photo, said in zip(photos, found, strict=True)
    )


def _in_english(
    folder: Path, split: str, reader: Reader, language: str
) -> dict[str, tuple[str, ...]]:
    """The English captions of a split's photos; none if the data set has none."""
    if language != ENGLISH:
        with contextlib.suppress(DataError):
            return {one.name: one.captions for one in read_folder(folder, split, reader=reader)}
    return {}


def _with_caption(said: PhotoCaptions) -> PhotoCaptions:
    """What was said; nothing, which fits no photo, where the model gave no caption."""
    return said if said.captions else replace(said, captions=(Caption(text="", log_prob=0.0),))


def _texts(photos: Sequence[CaptionedPhoto], found: Sequence[PhotoCaptions]) -> dict[str, str]:
    return {p.name: said.captions[0].text for p, said in zip(photos, found, strict=True)}


def _train_captions(folder: Path, reader: Reader, language: str) -> list[str]:
    """The captions of the data set's training split in a language, or in such a file.

    They are read even if the photos are missing.
    """
    for split in (name for name in _TRAIN if name in reader.splits):
        with contextlib.suppress(DataError):  # a folder may well hold one split alone
            if language != ENGLISH:
                return _all(read_folder(folder, f"{split}@{language}", reader=reader))
            contents = reader.contents(folder, split)
            return [caption.text for photo in contents.photos for caption in photo.captions]
    return []


def _all(photos: Sequence[CaptionedPhoto]) -> list[str]:
    return [caption for photo in photos for caption in photo.captions]
