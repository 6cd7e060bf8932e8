"""Shows an evaluation: on the terminal, as JSON lines, and as a gallery.

The gallery is a web page with the best, median and worst captions.
"""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from PIL import Image, ImageOps
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from captioner.base import PhotoCaptioner
from training.data.decoding import open_rgb
from training.data.registry import get_reader
from training.evaluation.evaluate import EvaluatedPhoto, Evaluation, evaluate
from training.evaluation.grounding import AnimalEvaluation
from training.evaluation.scores import meteor_name


def evaluate_with_progress(
    captioner: PhotoCaptioner,
    data: Path,
    *,
    split: str,
    language: str | None = None,
    reader: str | None = None,
    beam_size: int = 5,
    beam_sizes: Sequence[int] = (),
    limit: int | None = None,
    meteor: bool = True,
) -> Evaluation | AnimalEvaluation:
    """The evaluation; a terminal shows a progress bar. Raises DataError."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("captioning", total=None)
        for news in evaluate(
            captioner,
            data,
            split=split,
            beam_size=beam_size,
            language=language,
            reader=get_reader(reader) if reader else None,
            beam_sizes=beam_sizes,
            limit=limit,
            meteor=meteor,
        ):
            if isinstance(news, Evaluation | AnimalEvaluation):
                return news
            done, total = news
            progress.update(bar, completed=done, total=total)
    raise AssertionError("an evaluation ends with one")


def write_captions(path: Path, result: Evaluation | AnimalEvaluation) -> None:
    """Write the captions as JSON lines."""
    if isinstance(result, AnimalEvaluation):
        said = ({"photo": photo, "caption": text} for photo, text in result.captions.items())
        lines = [json.dumps(one, ensure_ascii=False) for one in said]
    else:
        lines = _lines(result)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _lines(result: Evaluation) -> list[str]:
    return [
        json.dumps(
            {
                "photo": one.photo.name,
                "caption": one.caption,
                "confidence": (
                    None if one.captioned.confidence is None else round(one.captioned.confidence, 4)
                ),
                "cider_d": round(one.cider_d, 4),
            },
            ensure_ascii=False,
        )
        for one in result.photos
    ]


def print_animals(result: AnimalEvaluation, model: str) -> None:
    """Print how often captions name the animals and attention points at them."""
    console = Console()
    title = f"{model}: {len(result.captions)} photos of {result.reader}, {result.split}"
    table = Table(title=title)
    for heading in ("photos of one kind of animal", "photos", "it is named", "another", "none"):
        table.add_column(heading, justify="right" if table.columns else "left")
    for name, one in {**result.by_animal, "all": result.naming}.items():
        shares = (f"{share:.1%}" for share in (one.right, one.wrong, one.nothing))
        table.add_row(name, str(one.photos), *shares)
    console.print(table)
    seen = result.pointing
    if seen.inside is not None and seen.chance is not None:
        console.print(
            f"pointing: of {seen.words} words for animals, attention is strongest inside the "
            f"animal's box for {seen.inside:.1%}; the boxes cover {seen.chance:.1%}",
            soft_wrap=True,
            highlight=False,
        )


def print_scores(result: Evaluation, model: str) -> None:
    """Print the scores beside those of the best constant caption."""
    console = Console()
    beams = f"{result.beam_size} beam{'' if result.beam_size == 1 else 's'}"
    table = Table(title=f"{len(result.photos)} photos of {result.reader}, {result.split}, {beams}")
    for heading in ("", model, "best constant caption"):
        table.add_column(heading, justify="left" if not heading else "right")
    own, constant = asdict(result.scores), asdict(result.constant_scores)
    for name, value in own.items():
        shown = meteor_name(result.language) if name == "meteor" else None
        table.add_row(
            shown or name, *("-" if v is None else f"{v:.4g}" for v in (value, constant[name]))
        )
    console.print(table)
    console.print(f"best constant caption: {result.constant_caption}", markup=False)
    if len(result.by_beam_size) > 1:
        console.print(_beam_table(result))
    console.print(_confidence(result), soft_wrap=True, highlight=False)
    if words := result.words:
        right = "-" if words.sure_right is None else f"{words.sure_right:.1%}"
        console.print(
            f"words of content: people used {words.right:.1%} of them too; {words.sure:.1%} are "
            f"called sure, and people used {right} of those",
            soft_wrap=True,
            highlight=False,
        )


def _confidence(result: Evaluation) -> str:
    sure = result.reliability
    if sure is None:
        return "confidence: the model is not calibrated, so the bot warns of no caption"
    return (
        f"confidence: {sure.fitting:.0%} of captions fit; calibration error {sure.ece:.3f}, "
        f"Brier score {sure.brier:.3f}, AUC {'-' if sure.auc is None else f'{sure.auc:.3f}'}; "
        f"the bot warns of {result.hedged:.0%}"
    )


def _beam_table(result: Evaluation) -> Table:
    table = Table(title="by the number of beams")
    keys = ("bleu_1", "bleu_4", "cider_d", "distinct", "copied")
    for heading in ("beams", *keys):
        table.add_column(heading, justify="right")
    for size, scores in result.by_beam_size.items():
        values = asdict(scores)
        cells = ("-" if values[key] is None else f"{values[key]:.4g}" for key in keys)
        table.add_row(str(size), *cells)
    return table


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
        looks=any(one.captioned.grid != (0, 0) for one in evaluation.photos),
        likely=any(one.captioned.captions[0].words for one in evaluation.photos),
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
