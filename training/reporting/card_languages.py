"""The model card's sections about further languages, and of example captions in all of them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from captioner.base import PhotoCaptioner, PhotoCaptions
from captioner.language.writing import WRITING
from training.data.decoding import open_rgb
from training.data.reader_base import DataError, load_object
from training.reporting.card_confidence import HELD_OUT, calibrated_series

_CREDITS = "credits.json"
_DETAIL = "; a detail"  # how the credit of a part of a photo ends


@dataclass(frozen=True)
class LanguageEvaluation:
    """What `captionbot evaluate --language CODE --json` printed."""

    language: str
    scored_by: str  # the file of captions: "es", or "es.mt"
    split: str
    photos: int
    beam_size: int
    scores: Mapping[str, Any]
    constant: Mapping[str, Any]  # the best constant caption's scores
    calibration: Mapping[str, Any]
    words: Mapping[str, Any] | None
    failures: Mapping[str, tuple[int, int]]  # photos, and those where it can be told, by kind


def read_language(path: Path) -> LanguageEvaluation:
    """A saved evaluation in a further language; raises DataError, naming the file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8").strip().splitlines()[-1])
        return LanguageEvaluation(
            language=str(found["language"]),
            scored_by=str(found.get("scored_by", found["language"])),
            split=str(found["split"]),
            photos=int(found["photos"]),
            beam_size=int(found["beam_size"]),
            scores=dict(found["scores"]),
            constant=dict(found["constant"]["scores"]),
            calibration=dict(found["calibration"]),
            words=found["words"],
            failures={
                str(one["kind"]): (int(one["photos"]), int(one["of"])) for one in found["failures"]
            },
        )
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, LookupError, TypeError) as error:
        raise DataError(
            f"{path}: its last line is not what `captionbot evaluate --language … --json` prints"
        ) from error


def languages_section(
    document: Mapping[str, Any],
    english: Mapping[str, Any],
    found: Sequence[LanguageEvaluation],
) -> list[str]:
    """The scores, the certainty and the sources of all further languages, as Markdown.

    `document` is the checkpoint's metadata, `english` the scores of its first language. A language
    may be scored by several files of captions; of certainty and failures the evaluation on most
    photos tells. Raises DataError for a language that the checkpoint lacks, and if one that it has
    was not evaluated.
    """
    there = document.get("languages", {})
    by_photos = sorted(found, key=lambda one: one.photos)
    evaluated = {one.language: one for one in found} | {one.language: one for one in by_photos}
    for code in [*(evaluated.keys() - there.keys()), *(there.keys() - evaluated.keys())]:
        missing = "an evaluation" if code in there else "the checkpoint"
        raise DataError(f"the card needs each language once: {code} is missing in {missing}")
    if not there:
        return []
    return [
        "## Languages",
        "",
        (
            "Captions in these languages were learned from captions in them for the same photos; "
            "they are not translations of English captions. People wrote or translated what they "
            "were learned from, unless the sources below name a machine. Each language is scored "
            "on the photos of the split that have captions in it, by its own words: "
            "scores of two languages do not compare, the number of captions a photo has differs "
            "as well. A name in brackets is that of the file of captions that the language is "
            "scored by; those of a file `.mt` were translated by a machine. METEOR compares words "
            "by form and stem alone, as it has neither synonyms nor paraphrases of these languages "
            "here, and it has no stems of Chinese and Arabic."
        ),
        "",
        *_scores_table(there, english, found),
        "",
        (
            "How sure it is. “Held out” is by ten-fold cross-validation when it was calibrated, as "
            "under Confidence; the rest is in this evaluation. The fewer captions of people a "
            "photo has, the fewer words can be called sure, because a true word is often in none "
            "of them; where hardly any can, words are at most as sure as their caption:"
        ),
        "",
        *_certainty_table(there, evaluated),
        "",
        (
            "What goes wrong, by kind: the share of captions among those where it can be told. "
            "Animals, people, numbers and colours are compared by lists of words with the captions "
            "in the language and the English ones of the photo; what people hardly ever write "
            "counts as a fault of language (see `training/evaluation/error_analysis.py`)."
        ),
        "",
        *failures_table(evaluated),
        "",
        "Sources:",
        "",
        *(
            f"- {_name(code)}: {source['name']}; {source['licence']}."
            for code, one in there.items()
            for source in one.get("sources", ())
        ),
        "",
        (
            "`captionbot weights languages FILE --keep en,…` removes a language from a copy of "
            "the checkpoint."
        ),
        "",
    ]


def _scores_table(
    there: Mapping[str, Mapping[str, Any]],
    english: Mapping[str, Any],
    found: Sequence[LanguageEvaluation],
) -> list[str]:
    lines = _head(
        "photos", "words", "BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L",
        "METEOR, exact and stems", "CIDEr-D", "of English's", "over a constant caption's",
        "distinct",
    )  # fmt: skip
    for one in found:
        code, scores = one.language, one.scores
        file = "" if one.scored_by == code else f" (`{one.scored_by}`)"
        bleu = " | ".join(f"{scores[f'bleu_{n}']:.1f}" for n in range(1, 5))
        constant = one.constant["cider_d"]
        lines.append(
            f"| {_name(code)}{file} | {one.photos} | {len(there[code]['vocabulary'])} | {bleu} | "
            f"{scores['rouge_l']:.3f} | {_three(scores.get('meteor'))} | "
            f"{scores['cider_d']:.3f} | "
            f"{scores['cider_d'] / english['cider_d']:.2f} | "
            f"{scores['cider_d'] / constant if constant else 0:.1f} × | "
            f"{scores['distinct'] / one.photos:.0%} |"
        )
    return lines


def _certainty_table(
    there: Mapping[str, Mapping[str, Any]], evaluated: Mapping[str, LanguageEvaluation]
) -> list[str]:
    lines = _head(
        "captions that fit", "ECE", "AUC", "ECE, held out", "AUC, held out", "not sure",
        "words called sure", "of these, people used",
    )  # fmt: skip
    for code, one in evaluated.items():
        calibration, words = one.calibration, one.words or {}
        held_out = calibrated_series(there[code].get("scores", {}).get("calibration"))
        apart = held_out.get(HELD_OUT)
        shares = [
            f"{calibration['fitting']:.0%}",
            f"{calibration['ece']:.3f}",
            _three(calibration["auc"]),
            _three(apart.ece if apart else None),
            _three(apart.auc if apart else None),
            f"{calibration['hedged']:.0%}",
            _percent(words.get("sure")),
            _percent(words.get("sure_right")),
        ]
        lines.append(f"| {_name(code)} | {' | '.join(shares)} |")
    return lines


def failures_table(evaluated: Mapping[str, LanguageEvaluation]) -> list[str]:
    """A Markdown table of the kinds of failure, a column for each language."""
    kinds = dict.fromkeys(kind for one in evaluated.values() for kind in one.failures)
    return [
        *_head(*map(_name, evaluated)),
        *(
            f"| {kind} | "
            + " | ".join(_share(one.failures.get(kind)) for one in evaluated.values())
            + " |"
            for kind in kinds
        ),
    ]


def _share(failures: tuple[int, int] | None) -> str:
    return f"{failures[0] / failures[1]:.0%} of {failures[1]}" if failures else "–"


def _head(*columns: str) -> list[str]:
    return ["| | " + " | ".join(columns) + " |", "|---|" + "--:|" * len(columns)]


def _name(code: str) -> str:
    return WRITING[code].name


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


@dataclass(frozen=True)
class Example:
    """A photo that may be published, its credit, and the model's captions."""

    photo: Path
    credit: str
    found: PhotoCaptions
    in_languages: Mapping[str, str]  # the best caption in each of the model's languages


def read_examples(folder: Path, captioner: PhotoCaptioner) -> list[Example]:
    """The photos that a folder's `credits.json` names, with captions; raises DataError."""
    named = load_object(folder / _CREDITS)
    paths = [folder / name for name in named]
    photos = [open_rgb(path, str(path)) for path in paths]
    found = {
        code: captioner.caption(photos, languages=[code] * len(photos))
        for code in captioner.capabilities.languages
    }
    first = captioner.capabilities.languages[0]
    return [
        Example(
            path,
            str(credit),
            found[first][number],
            {code: said[number].captions[0].text for code, said in found.items()},
        )
        for number, (path, credit) in enumerate(zip(paths, named.values(), strict=True))
    ]


def examples_section(examples: Sequence[Example], card: Path) -> list[str]:
    """A Markdown table of all examples with their captions, good or bad."""
    if not examples:
        return []
    return [
        "## Typical captions",
        "",
        (
            "All captions of a fixed set of photos and details of photos that may be shown, good "
            "and bad. Few of them are like the photos that it was trained on. “Not sure” is what "
            "the bot says of a caption."
        ),
        "",
        "| photo | caption | confidence | credit |",
        "|---|---|--:|---|",
        *(
            f"| ![]({_link(one.photo, card)}) | "
            f"{one.found.captions[0].text}{_hedge(one.found)} | {_confidence(one.found)} | "
            f"{one.credit} |"
            for one in examples
        ),
        "",
        "The photos are scikit-image's (0.17), with the terms that its documentation states.",
        "",
    ]


def _confidence(found: PhotoCaptions) -> str:
    return "-" if found.confidence is None else f"{found.confidence:.0%}"


def _link(photo: Path, card: Path) -> str:
    """The path of the photo relative to the card."""
    return Path(os.path.relpath(photo, card.parent)).as_posix()


def _hedge(found: PhotoCaptions) -> str:
    return " *(not sure)*" if found.unsure else ""


def side_by_side(examples: Sequence[Example]) -> list[str]:
    """A Markdown table of whole photos with their captions in all languages; none for one alone."""
    whole = [one for one in examples if not one.credit.endswith(_DETAIL)]
    if not whole or len(whole[0].in_languages) < 2:
        return []
    codes = list(whole[0].in_languages)
    return [
        "The whole photos among them in all languages:",
        "",
        "| | " + " | ".join(map(_name, codes)) + " |",
        "|---|" + "---|" * len(codes),
        *(
            f"| {one.photo.stem} | " + " | ".join(one.in_languages[code] for code in codes) + " |"
            for one in whole
        ),
        "",
    ]
