"""A checkpoint's captions for a data set's split, and their scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from captioner.captioner import Captioned, Captioner
from training.data.flickr8k import SPLIT_FILES, read_flickr8k
from training.data.photos import CaptionedPhoto, DataError
from training.scores import Scores, best_constant_caption, score


@dataclass(frozen=True)
class Evaluation:
    """What a model said of each photo, how that scores, and what saying one thing would score."""

    split: str
    beam_size: int
    captions: dict[str, str]  # by the photo's name, as the model says them
    scores: Scores
    constant_caption: str  # of all training captions the one that fits all photos best
    constant_scores: Scores

    def as_json(self) -> dict[str, object]:
        """The figures, ready for JSON."""
        return {
            "scores": asdict(self.scores),
            "constant": {"caption": self.constant_caption, "scores": asdict(self.constant_scores)},
            "split": self.split,
            "beam_size": self.beam_size,
            "photos": len(self.captions),
        }


def caption_photos(
    captioner: Captioner, photos: Sequence[CaptionedPhoto], *, beam_size: int, batch_size: int = 32
) -> Iterator[tuple[CaptionedPhoto, Captioned]]:
    """Each photo with what the model says of it; raises DataError for one that does not decode."""
    for start in range(0, len(photos), batch_size):
        batch = photos[start : start + batch_size]
        found = captioner.caption([_open(p.path) for p in batch], beam_size=beam_size)
        yield from zip(batch, found, strict=True)


def evaluate(
    captioner: Captioner, folder: Path, *, split: str, beam_size: int, limit: int | None = None
) -> Iterator[int | Evaluation]:
    """The number of photos done so far, time and again, and in the end the evaluation.

    Scores are of beam-search captions, never of teacher forcing. Raises DataError.
    """
    photos = read_flickr8k(folder, split)[:limit]
    captions: dict[str, str] = {}
    for photo, found in caption_photos(captioner, photos, beam_size=beam_size):
        captions[photo.name] = found.captions[0].text
        yield len(captions)
    references = {photo.name: photo.captions for photo in photos}
    train = _train_captions(folder)
    constant, _ = best_constant_caption(references, train or _all(photos))
    yield Evaluation(
        split=split,
        beam_size=beam_size,
        captions=captions,
        scores=score(captions, references, train_captions=train),
        constant_caption=constant,
        constant_scores=score(dict.fromkeys(captions, constant), references, train_captions=train),
    )


def _train_captions(folder: Path) -> list[str]:
    if not (folder / SPLIT_FILES["train"]).is_file():
        return []
    return _all(read_flickr8k(folder, "train"))


def _all(photos: Sequence[CaptionedPhoto]) -> list[str]:
    return [caption for photo in photos for caption in photo.captions]


def _open(path: Path) -> Image.Image:
    try:
        with Image.open(path) as photo:
            return photo.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"{path}: does not decode: {error}") from error
