"""The model card's sections about confidence and about failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from captioner.checkpoint.confidence import FITS
from training.evaluation.calibration import Reliability
from training.evaluation.error_analysis import FailureCount

_MEANING = (
    "The confidence of a caption is the estimated probability that it *fits* its photo: that its "
    f"CIDEr-D against what people wrote about the photo is at least {FITS}. On Flickr8k's dev "
    "split, 81 % of people's own captions reach that against those of the other people, and 2 % of "
    "captions that people wrote about another photo. It is estimated from the probabilities of the "
    "words: their mean and the least of them. Below a confidence of 50 % the bot says that it is "
    "not sure. No confidence makes a caption true."
)


def confidence_section(
    calibration: Mapping[str, Any] | None, here: Reliability, plot: str
) -> list[str]:
    """What confidence means and how well it holds.

    `calibration` is what the checkpoint's scores say of it, `here` the reliability in this
    evaluation, `plot` the picture's file name.
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
    return lines


def calibrated_series(calibration: Mapping[str, Any] | None) -> dict[str, Reliability]:
    """Reliability before and after calibration, as a checkpoint remembers them."""
    if not calibration:
        return {}
    read = TypeAdapter(Reliability).validate_python
    try:
        return {
            "the words' probabilities alone": read(calibration["before"]),
            "calibrated, held out": read(calibration["after"]),
        }
    except (KeyError, ValidationError):  # of another version, or somebody else's
        return {}


def failure_table(failures: Sequence[FailureCount]) -> list[str]:
    """How often captions fail in which way, as Markdown."""
    return [
        "| kind | captions | of those where it can be told |",
        "|---|---:|---:|",
        *(
            f"| {one.kind.value} | {one.photos} | "
            f"{f'{one.photos / one.of:.0%} of {one.of}' if one.of else '–'} |"
            for one in failures
        ),
    ]
