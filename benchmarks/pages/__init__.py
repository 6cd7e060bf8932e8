"""docs/benchmarks.md and docs/capacity.md, written from the results by templates beside this.

Plots show how cost grows, as SVG: the median, and the quartiles as a band.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from matplotlib.figure import Figure as Canvas

from benchmarks.bars import judge
from benchmarks.measurements import MEASUREMENTS, hub_models
from benchmarks.measurements import profile as parts
from benchmarks.measurements.capacity import LARGE, plan, simulated
from benchmarks.measurements.profile import BETWEEN, WHOLE
from benchmarks.results import Piece, Pieces, Results, Statistic
from benchmarks.running import number, spoken
from captioner.telemetry.tracing import Stage

_TEMPLATES = Path(__file__).parent
_MANY = 3  # kinds of machine; nobody reads more


def write_pages(results: Results, docs: Path) -> list[Path]:
    """Write the pages and their plots; the files written."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown, from our own numbers
    )
    environment.filters |= {"spoken": spoken, "number": number, "capitalize_first": _capitalised}
    pieces = {one.name: results.pieces(one.name) for one in MEASUREMENTS}
    written = draw(pieces, docs / "benchmarks")
    drawn = {file.stem for file in written}
    values = {
        "measurements": MEASUREMENTS,
        "pieces": pieces,
        "judged": judge(results),
        "machines": _machines(pieces.values()),
        "days": _days(pieces.values()),
        "others": _others(pieces.values()),
        "others_in_plan": _others(
            own for name, own in pieces.items() if name != hub_models.MEASUREMENT.name
        ),
        "profile": parts.MEASUREMENT,
        "profiles": profiles(pieces[parts.MEASUREMENT.name]),
        "plots": {name: plot for name, plot in PLOTS.items() if name in drawn},
        "plan": plan(results),
        "plant": LARGE,
        "simulated": simulated(),
    }
    for page in ("benchmarks", "capacity"):
        file = docs / f"{page}.md"
        file.write_text(environment.get_template(f"{page}.md.j2").render(values), encoding="utf-8")
        written.append(file)
    return written


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _all(measurements: Iterable[Mapping[str, Piece]]) -> list[Piece]:
    return [piece for pieces in measurements for piece in pieces.values()]


def _machines(measurements: Iterable[Mapping[str, Piece]]) -> list[dict[str, str | int | float]]:
    """The machines that the pieces were measured on, each once."""
    found: list[dict[str, str | int | float]] = []
    for piece in _all(measurements):
        if piece.machine not in found:
            found.append(piece.machine)
    return found[:_MANY]


def _days(measurements: Iterable[Mapping[str, Piece]]) -> tuple[str, str]:
    days = sorted(piece.measured for piece in _all(measurements))
    return (days[0], days[-1]) if days else ("never", "never")


def _others(measurements: Iterable[Mapping[str, Piece]]) -> tuple[float, float]:
    busy = [piece.others for piece in _all(measurements)]
    return (min(busy), max(busy)) if busy else (0.0, 0.0)


LEAST = 3.0  # per cent; smaller parts are added up

# For each part of a profile: what it is, and what would make it smaller.
EXPLAINED: Mapping[str, str] = {
    parts.PIXELS: "Resizing by Pillow, once a photo; in a worker it runs beside the "
    "model, while that has the batch before.",
    parts.ENCODER: "The ResNet in int8, one photo a call; the floor under everything, and only a "
    "smaller encoder or image lowers it.",
    parts.CONVOLUTIONS: "The floor: the ResNet's convolutions in float32 by oneDNN, with batch "
    "norm folded into them. The int8 engine is what lowers it.",
    parts.OTHER_LAYERS: "Additions, ReLU and pooling between the convolutions, bound by memory, "
    "and the calls themselves.",
    parts.START: "The annotations' projections, made once a photo so that no step has to touch "
    "the largest matrices.",
    parts.STEPS: "One run of the decoder's graph a word, for all beams; mostly the output layer, "
    "which reads its whole matrix for every word, and the choice of the likeliest words.",
    parts.PRODUCTS: "The output layer over the whole vocabulary and the LSTM's gates, once a word; "
    "for one photo it is reading their matrices from memory that takes the time, which a batch "
    "shares.",
    parts.THE_REST: "Attention's tanh and softmax, the gates' sigmoids, and what it costs to call "
    "some thirty small operators a word.",
    parts.SEARCH: "Finding the best continuations of all beams, and moving the beams' states, once "
    "a word.",
    parts.SENTENCES: "Reading hypotheses back from leaf to root and turning numbers to words, "
    "attention included.",
    Stage.INTAKE: "Decoding the foreign file in a process of its own and writing the small JPEG; "
    "JPEGs are opened at a fraction of their size already.",
    Stage.WAITING: "On the queue until a worker that is idle has it: one round trip.",
    Stage.DECODE: "Opening the small JPEG in the worker; under load that happens beside the model.",
    Stage.MODEL: "The caption itself, which the other profiles divide.",
    Stage.REPLY: "From the reply on its stream to the answer at the person's connection.",
    BETWEEN: "Receiving 200 kB by HTTP, admission, the worker's transaction, and the ways of a "
    "photo between four processes.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A part of a profile."""

    part: str
    share: Statistic  # per cent
    sentence: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the time of something goes."""

    what: str
    whole: Statistic | None  # None where it was not measured
    rows: tuple[Row, ...] = ()  # the largest first
    rest: float = 0.0  # per cent, of parts that are small
    why_not: str = ""


def profiles(pieces: Pieces) -> list[Profile]:
    """The profiles that were made."""
    return [
        _profile(what, piece.record.figures)
        if piece.record.figures
        else Profile(what, None, why_not=piece.record.skipped)
        for what, piece in pieces.items()
    ]


def _profile(what: str, figures: Mapping[str, Statistic]) -> Profile:
    shares = {part: share for part, share in figures.items() if part != WHOLE}
    large = {part: share for part, share in shares.items() if share.median >= LEAST}
    rows = (Row(part, share, EXPLAINED[part]) for part, share in large.items())
    rest = sum(share.median for part, share in shares.items() if part not in large)
    return Profile(what, figures[WHOLE], tuple(rows), rest)


_INK, _GRID = "#2b3440", "#dfe3e8"
_COLOURS = ("#1769aa", "#c2571a", "#3d7a3d")
_SETTINGS: dict[str, Any] = {
    "svg.hashsalt": "captionbot",  # the same results give the same file
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}


@dataclass(frozen=True, slots=True)
class Plot:
    """One drawing of a sweep."""

    title: str
    x: str
    y: str
    figures: tuple[str, ...]  # each a line
    logarithmic: bool = True  # the x axis


PLOTS: Mapping[str, Plot] = {
    "scaling-batch": Plot("Batch", "photos in a batch", "ms a photo", ("a photo",)),
    "scaling-beams": Plot("Beams", "beams", "ms a photo", ("a photo",), logarithmic=False),
    "scaling-length": Plot(
        "Length of the caption", "words", "ms a photo", ("a photo",), logarithmic=False
    ),
    "scaling-photo-size": Plot(
        "Size of the photo", "megapixels", "ms of intake", ("a photo",), logarithmic=False
    ),
    "scaling-queue": Plot("Length of the queue", "jobs that wait", "ms", ("enqueue", "dequeue")),
    "scaling-workers": Plot(
        "Worker processes", "workers", "photos a second", ("photos a second",), logarithmic=False
    ),
}


def draw(pieces: Mapping[str, Pieces], folder: Path) -> list[Path]:
    """Draw what there are results for; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, plot in PLOTS.items():
        if any(piece.record.figures for piece in pieces.get(name, {}).values()):
            written.append(folder / f"{name}.svg")
            with mpl.rc_context(_SETTINGS):  # type: ignore[arg-type]  # its keys are Literals
                _draw(plot, pieces[name], written[-1])
    return written


def _draw(plot: Plot, pieces: Pieces, file: Path) -> None:
    canvas = Canvas(figsize=(5.2, 3.0), layout="constrained")
    axes = canvas.subplots()
    points = sorted((float(x), piece.record) for x, piece in pieces.items() if piece.record.figures)
    places = [x for x, _ in points]
    for figure, colour in zip(plot.figures, _COLOURS, strict=False):
        values = [record.figures[figure] for _, record in points]
        axes.fill_between(
            places, [v.low for v in values], [v.high for v in values], color=colour, alpha=0.2, lw=0
        )
        axes.plot(places, [v.median for v in values], "o-", color=colour, ms=3.5, label=figure)
    if plot.logarithmic and min(places) > 0:
        axes.set_xscale("log", base=2)
    elif plot.logarithmic:
        axes.set_xscale("symlog", linthresh=100)
    axes.set_xticks(places, [f"{place:,g}" for place in places])
    axes.minorticks_off()
    axes.set(xlabel=plot.x, ylabel=plot.y, title=plot.title)
    axes.set_ylim(bottom=0)
    axes.grid(visible=True, color=_GRID, lw=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    if len(plot.figures) > 1:
        axes.legend(frameon=False)
    canvas.savefig(file, format="svg", facecolor="white", metadata={"Date": None})
