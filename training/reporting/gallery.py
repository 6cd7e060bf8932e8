"""The gallery: a web page with the best, median and worst captions of an evaluation."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from PIL import Image, ImageOps

from training.data.decoding import open_rgb
from training.evaluation.evaluate import EvaluatedPhoto, Evaluation

EACH = 12  # photos of each kind
_SIDE = 440  # pixels, of the longest side
_QUALITY = 72


@dataclass(frozen=True)
class _Word:
    text: str
    probability: float
    attention: str  # a number 0…255 for each place, in hexadecimal; "" for none


@dataclass(frozen=True)
class _Card:
    name: str
    photo: str  # a data: URL
    width: int
    height: int
    caption: str
    words: list[_Word]
    grid: tuple[int, int]
    cider_d: float
    confidence: float | None
    errors: list[str]
    references: tuple[str, ...]


@dataclass(frozen=True)
class _Section:
    title: str
    cards: list[_Card]


def write_gallery(
    path: Path, evaluation: Evaluation, *, model: str, unsure_below: float, each: int = EACH
) -> None:
    """Write the page as one self-contained HTML file. Raises OSError.

    `unsure_below` is the confidence below which the bot marks a caption as not sure; `each` is the
    maximum number of photos in each of the three parts.
    """
    environment = Environment(
        loader=PackageLoader("training.reporting", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = environment.get_template("gallery.html").render(
        model=model,
        evaluation=evaluation,
        scores=asdict(evaluation.scores),
        parts=_parts(evaluation.photos, each),
        unsure_below=unsure_below,
    )
    path.write_text(page, encoding="utf-8")


def _parts(photos: Sequence[EvaluatedPhoto], each: int) -> list[_Section]:
    """The best, the median and the worst captions by CIDEr-D; no photo occurs twice."""
    ranked = sorted(photos, key=lambda one: -one.cider_d)
    each = max(1, min(each, len(ranked) // 3))
    middle = (len(ranked) - each) // 2
    chosen = {"Best": ranked[:each]}
    if len(ranked) >= 3:
        chosen["Median"] = ranked[middle : middle + each]
        chosen["Worst"] = ranked[::-1][:each]
    return [_Section(title, [_card(one) for one in cards]) for title, cards in chosen.items()]


def _card(one: EvaluatedPhoto) -> _Card:
    photo = open_rgb(one.photo.path, str(one.photo.path))
    photo = ImageOps.contain(photo, (_SIDE, _SIDE))
    return _Card(
        name=one.photo.name,
        photo=_embedded(photo),
        width=photo.width,
        height=photo.height,
        caption=one.caption,
        words=[
            _Word(word.text, math.exp(min(0.0, word.log_prob)), _bytes(word.attention))
            for word in one.captioned.captions[0].words
        ],
        grid=one.captioned.grid,
        cider_d=one.cider_d,
        confidence=one.captioned.confidence,
        errors=sorted(kind.value for kind in one.errors),
        references=one.photo.captions,
    )


def _embedded(photo: Image.Image) -> str:
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


def _bytes(attention: Sequence[float]) -> str:
    most = max(attention, default=0.0)
    return bytes(round(255 * a / most) for a in attention).hex() if most > 0 else ""
