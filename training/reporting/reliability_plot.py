"""A reliability diagram as SVG, readable on light and dark pages."""

from __future__ import annotations

import io
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from training.evaluation.calibration import Reliability

_COLOURS = ("#e08214", "#4393c3")  # before and after; both stand out on white and on black
_TEXT = "#808080"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "captionbot",  # the same picture is the same file
    "font.size": 10.0,
    "text.color": _TEXT,
    "axes.edgecolor": _TEXT,
    "axes.labelcolor": _TEXT,
    "xtick.color": _TEXT,
    "ytick.color": _TEXT,
}


def reliability_svg(series: dict[str, Reliability]) -> str:
    """The picture: for each series a line of its bins; drawn on the diagonal is ideal.

    At most two series: the first of two is drawn as what was before.
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(4.6, 4.8), layout="constrained")
        axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axes.plot([0, 1], [0, 1], linestyle="--", color=_TEXT, linewidth=1, label="ideal")
        colours = _COLOURS[-len(series) :]
        for number, ((name, one), colour) in enumerate(zip(series.items(), colours, strict=True)):
            axes.plot(
                [found.confidence for found in one.bins],
                [found.fitting for found in one.bins],
                marker="o",
                color=colour,
                label=f"{name}: calibration error {one.ece:.3f}",
                gid=f"series-{number}",
            )
        axes.set_xlabel("confidence")
        axes.set_ylabel("share that fits")
        axes.xaxis.set_major_formatter(PercentFormatter(1))
        axes.yaxis.set_major_formatter(PercentFormatter(1))
        axes.grid(color=_TEXT, alpha=0.3)
        figure.legend(loc="outside lower center", frameon=False)
        file = io.StringIO()
        title = "Share of captions that fit, by confidence"
        figure.savefig(
            file, format="svg", transparent=True, metadata={"Title": title, "Date": None}
        )
    return file.getvalue()
