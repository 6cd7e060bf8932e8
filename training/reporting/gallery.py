"""A page to look at: the best, median and worst captions of an evaluation."""

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
from training.evaluation.evaluate import Evaluation, Told

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
    confidence: float
    failures: list[str]
    references: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    title: str
    cards: list[_Card]


def write_gallery(
    path: Path, evaluation: Evaluation, *, model: str, unsure_below: float, each: int = EACH
) -> None:
    """Write the page as one file that needs no other and no net. Raises OSError.

    `unsure_below` is the confidence below which the bot warns of a caption, `each` how many photos
    of each kind there are at most.
    """
    environment = Environment(
        loader=PackageLoader("training.reporting", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = environment.get_template("gallery.html").render(
        model=model,
        evaluation=evaluation,
        scores=asdict(evaluation.scores),
        parts=_parts(evaluation.told, each),
        unsure_below=unsure_below,
    )
    path.write_text(page, encoding="utf-8")


def _parts(told: Sequence[Told], each: int) -> list[_Part]:
    """The best, those around the median, and the worst, by CIDEr-D; none is there twice."""
    ranked = sorted(told, key=lambda one: -one.cider_d)
    each = max(1, min(each, len(ranked) // 3))
    middle = (len(ranked) - each) // 2
    chosen = {"Best": ranked[:each]}
    if len(ranked) >= 3:
        chosen["Median"] = ranked[middle : middle + each]
        chosen["Worst"] = ranked[::-1][:each]
    return [_Part(title, [_card(one) for one in cards]) for title, cards in chosen.items()]


def _card(told: Told) -> _Card:
    photo = open_rgb(told.photo.path, str(told.photo.path))
    photo = ImageOps.contain(photo, (_SIDE, _SIDE))
    return _Card(
        name=told.photo.name,
        photo=_embedded(photo),
        width=photo.width,
        height=photo.height,
        caption=told.caption,
        words=[
            _Word(word.text, math.exp(min(0.0, word.log_prob)), _bytes(word.attention))
            for word in told.found.captions[0].words
        ],
        grid=told.found.grid,
        cider_d=told.cider_d,
        confidence=told.found.confidence,
        failures=sorted(kind.value for kind in told.failures),
        references=told.photo.captions,
    )


def _embedded(photo: Image.Image) -> str:
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


def _bytes(attention: Sequence[float]) -> str:
    most = max(attention, default=0.0)
    return bytes(round(255 * a / most) for a in attention).hex() if most > 0 else ""
