"""Plots of how cost grows, as SVG: the median, and the quartiles as a band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from benchmarks.results import Pieces

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
