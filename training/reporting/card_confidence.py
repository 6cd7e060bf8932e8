"""The model card's sections about confidence and about failures."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from captioner.checkpoint.confidence import FITS
from training.evaluation.calibration import Reliability
from training.evaluation.certainty import WordReliability
from training.evaluation.error_analysis import FailureCount

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
    """What confidence means and how well it holds.

    `calibration` is what the checkpoint's scores say of it, `here` the reliability in this
    evaluation, `plot` the picture's file name, `hedged` the share of captions that the bot is not
    sure of here, `words` the reliability of words here.
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
    """How well words that are called sure hold."""
    rows: dict[str, WordReliability] = {}
    if calibration and "words" in calibration:
        with contextlib.suppress(ValidationError):
            read = TypeAdapter(WordReliability).validate_python
            rows["calibrated, held out"] = read(calibration["words"])
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
