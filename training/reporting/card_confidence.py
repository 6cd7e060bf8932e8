"""The model card's sections about confidence, errors and animals, and the reliability diagram."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from pydantic import TypeAdapter, ValidationError

from captioner.checkpoint.confidence import FITS
from training.data.reader_base import DataError
from training.evaluation.calibration import Reliability, WordReliability
from training.evaluation.error_analysis import ErrorCount

HELD_OUT = "calibrated, held out"
_MEANING = (
    "The confidence of a caption is the estimated probability that it *fits* its photo: that its "
    f"CIDEr-D against what people wrote about the photo is at least {FITS}. On Flickr8k's dev "
    "split, 81 % of people's own captions reach that against those of the other people, and 2 % of "
    "captions that people wrote about another photo. It is estimated from what the search knows of "
    "the words: how likely they were, how sure each is, and how rare. Below a confidence of 50 % "
    "the bot says that it is not sure. No confidence makes a caption true."
)


def confidence_section(
    calibration: Mapping[str, Any] | None,
    here: Reliability,
    plot: str,
    *,
    hedged: float | None = None,
    words: WordReliability | None = None,
) -> list[str]:
    """What confidence means and how reliable it is, as Markdown.

    `calibration` is the record in the checkpoint's scores, `here` the reliability in this
    evaluation, `plot` the file name of the diagram, `hedged` the share of captions marked as not
    sure, and `words` the reliability of the certainty of words.
    """
    series = calibrated_series(calibration)
    rows = {**series, "in this evaluation": here}
    lines = [_MEANING, ""]
    if calibration and series:
        lines += [
            (
                f"It was calibrated on {calibration.get('photos', '?')} photos "
                f"({calibration.get('reader', '?')}, {calibration.get('split', '?')}). The numbers "
                "“held out” are of ten-fold cross-validation: each caption's confidence comes from "
                "a calibration that has not seen its photo."
            ),
            "",
        ]
    else:
        lines += ["This checkpoint brings no calibration: the one of the first model is used.", ""]
    lines += [
        "| | captions | that fit | calibration error (ECE) | Brier score | AUC |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {name} | {one.captions} | {one.fitting:.1%} | {one.ece:.3f} | {one.brier:.3f} | "
            f"{'–' if one.auc is None else f'{one.auc:.3f}'} |"
            for name, one in rows.items()
        ),
        "",
        (
            "ECE is the mean distance between confidence and the share that fits, over ten bins of "
            "equally many captions; of a perfect confidence it would not be 0 either, for each "
            "bin is a small sample. AUC is how often a caption that fits is surer than one that "
            "does not."
        ),
        "",
        f"![Share of captions that fit, by confidence]({plot})",
    ]
    if hedged is not None:
        lines += ["", f"In this evaluation the bot is not sure of {hedged:.0%} of the captions."]
    return [*lines, *_words(calibration, words)]


def _words(calibration: Mapping[str, Any] | None, here: WordReliability | None) -> list[str]:
    """The reliability of words that are called sure, as Markdown."""
    rows: dict[str, WordReliability] = {}
    if calibration and "words" in calibration:
        with contextlib.suppress(ValidationError):
            read = TypeAdapter(WordReliability).validate_python
            rows[HELD_OUT] = read(calibration["words"])
    if here:
        rows["in this evaluation"] = here
    if not rows:
        return []
    return [
        "",
        (
            "The certainty of a word is the estimated probability that one of the people who "
            "described the photo used it too, in the singular or the plural; only words with a "
            "content of their own have one. Words are called sure from a certainty on that was "
            "chosen so that 93 % of such words were right in the calibration. A word that "
            "nobody used need not be wrong: people do not mention everything."
        ),
        "",
        "| | words | that people used | called sure | of these, people used | AUC |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {name} | {one.words} | {one.right:.1%} | {one.sure:.1%} | "
            f"{'–' if one.sure_right is None else f'{one.sure_right:.1%}'} | "
            f"{'–' if one.auc is None else f'{one.auc:.3f}'} |"
            for name, one in rows.items()
        ),
    ]


def calibrated_series(calibration: Mapping[str, Any] | None) -> dict[str, Reliability]:
    """The reliability before and after calibration, as recorded in a checkpoint."""
    if not calibration:
        return {}
    read = TypeAdapter(Reliability).validate_python
    try:
        return {
            "the words' probabilities alone": read(calibration["before"]),
            HELD_OUT: read(calibration["after"]),
        }
    except (KeyError, ValidationError):  # of another version, or somebody else's
        return {}


def error_table(errors: Sequence[ErrorCount]) -> list[str]:
    """A Markdown table of how many captions have each kind of error."""
    return [
        "| kind | captions | of those where it can be told |",
        "|---|---:|---:|",
        *(
            f"| {one.kind.value} | {one.photos} | "
            f"{f'{one.photos / one.of:.0%} of {one.of}' if one.of else '–'} |"
            for one in errors
        ),
    ]


def read_animals(path: Path) -> dict[str, Any]:
    """The output of `captionbot evaluate --json` on photos with boxes; raises DataError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8").strip().splitlines()[-1])
        animals_section(found)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, LookupError, TypeError) as error:
        raise DataError(
            f"{path}: its last line is not what `captionbot evaluate --json` prints of photos "
            "with boxes"
        ) from error
    return dict(found)


def animals_section(found: Mapping[str, Any] | None) -> list[str]:
    """How often captions name the animals and attention points at them, as Markdown."""
    if found is None:
        return []
    pointing = found["pointing"]
    lines = [
        "## Animals",
        "",
        (
            f"On {found['photos']} photos of the {found['split']} split ({found['reader']}) with "
            "one kind of animal each, five kinds: how often the caption names it (also as “puppy” "
            "or “calves”), names another, or names none."
        ),
        "",
        "| | photos | named | another named | none named |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, one in {**found["by_animal"], "all": found["naming"]}.items():
        shares = " | ".join(f"{one[key]:.1%}" for key in ("right", "wrong", "nothing"))
        lines.append(f"| {name} | {one['photos']} | {shares} |")
    if pointing["words"]:
        lines += [
            "",
            (
                f"Of {pointing['words']} words for an animal that is there, attention was "
                f"strongest inside a box of that animal for {pointing['inside']:.1%}; the boxes "
                f"cover {pointing['chance']:.1%} of these photos."
            ),
        ]
    return [*lines, ""]


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
    """A reliability diagram as SVG, readable on light and dark pages.

    Each series is a line through its bins; the diagonal is ideal. Of two series, which is the
    maximum, the first is the one before calibration.
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
