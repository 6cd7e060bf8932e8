"""Writes the model card (Markdown) from the checkpoint and from saved measurements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from training.data.reader_base import DataError
from training.evaluation.evaluate import Evaluation
from training.evaluation.scores import Scores
from training.reporting.card_confidence import (
    animals_section,
    calibrated_series,
    confidence_section,
    error_table,
    reliability_svg,
)
from training.reporting.card_languages import (
    Example,
    LanguageEvaluation,
    examples_section,
    languages_section,
    side_by_side,
)
from training.reporting.card_training import (
    SavedEvaluation,
    StageLog,
    comparison_table,
    run_table,
    training_recipe,
    weights_section,
)

_ROWS = (
    ("BLEU-1 (%)", "bleu_1"), ("BLEU-2 (%)", "bleu_2"), ("BLEU-3 (%)", "bleu_3"),
    ("BLEU-4 (%)", "bleu_4"), ("ROUGE-L", "rouge_l"), ("CIDEr-D", "cider_d"),
    ("METEOR", "meteor"), ("distinct captions", "distinct"),
    ("copied word for word from training", "copied"), ("different words said", "vocabulary"),
    ("mean length in words", "mean_length"), ("captions that break off", "bad_endings"),
    ("captions with a content word twice", "repeated"),
    ("captions with a wrong “a” or “an”", "wrong_articles"),
)  # fmt: skip

_LIMITS = (
    "It was trained on a few thousand photos of people, dogs and sports and sees the world as "
    "those. It is often wrong in the details and sometimes altogether: do not rely on it for "
    "anyone's safety, to identify people, or to judge them. The words for people, such as “man” "
    "or “girl”, are guesses from looks."
)
_LICENCE = (
    "The weights are under the MIT licence, like the code (`LICENSE`). They were learned from "
    "photos that belong to their owners and were shared for research: Flickr8k (Hodosh, Young & "
    "Hockenmaier 2013) and, where the recipe names them, COCO (Lin et al. 2014) and ImageNet "
    "(Deng et al. 2009). Those rights are not ours to give: check them before you use the weights "
    "commercially. Captions in further languages have sources of their own, named above; some of "
    "them forbid commercial use. Where the recipe starts from somebody's published weights, their "
    "licence holds too. None of the photos is in this repository."
)


@dataclass(frozen=True)
class ModelCardInputs:
    """Everything that the card is written from."""

    name: str
    size_bytes: int
    document: Mapping[str, Any]  # Checkpoint.describe()
    evaluation: Evaluation
    run: Sequence[StageLog] = ()
    others: Sequence[SavedEvaluation] = ()  # earlier models and ablations, to compare with
    float32: SavedEvaluation | None = None  # the same weights before quantization
    animals: Mapping[str, Any] | None = None  # the JSON of an evaluation on photos with boxes
    examples: Sequence[Example] = ()
    languages: Sequence[LanguageEvaluation] = ()  # further ones, beside the one of `evaluation`


def check_can_have_card(name: str, document: Mapping[str, Any]) -> None:
    """Raise DataError for a model that says less of itself than a card is written from."""
    if not {"provenance", "scores"} <= document.keys():
        raise DataError(f"{name}: model cards are for checkpoints of CaptionBot's own")


def write_model_card(path: Path, facts: ModelCardInputs) -> None:
    """Write the card, and next to it the reliability diagram as SVG.

    Raises DataError if a given evaluation used other photos or another beam size, and for a model
    that is none of CaptionBot's checkpoints.
    """
    here = facts.evaluation
    check_can_have_card(facts.name, facts.document)
    assert here.reliability is not None, "our own checkpoints say how sure they are"
    for other in (*facts.others, *([facts.float32] if facts.float32 else [])):
        _comparable(other, here)
    calibration = facts.document["scores"].get("calibration")
    plot = path.with_name(f"{path.stem}-reliability.svg")
    series = calibrated_series(calibration) or {"in this evaluation": here.reliability}
    plot.write_text(reliability_svg(series), encoding="utf-8")
    confidence = confidence_section(
        calibration, here.reliability, plot.name, hedged=here.hedged, words=here.words
    )
    lines = _lines(facts, confidence, examples_section(facts.examples, path))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _comparable(other: SavedEvaluation, evaluation: Evaluation) -> None:
    theirs = (other.split, other.photos, other.beam_size)
    ours = (evaluation.split, len(evaluation.photos), evaluation.beam_size)
    if theirs != ours:
        raise DataError(
            f"{other.name}: measured on {theirs[1]} photos of {theirs[0]} with {theirs[2]} beams, "
            f"this one on {ours[1]} of {ours[0]} with {ours[2]}: such scores do not compare"
        )


def _lines(facts: ModelCardInputs, confidence: Sequence[str], examples: Sequence[str]) -> list[str]:
    document, evaluation = facts.document, facts.evaluation
    return [
        f"# Model card: {facts.name}",
        "",
        "*Written by `captionbot evaluate --model-card`; do not edit by hand.*",
        "",
        "## What it is",
        "",
        _model_description(document, facts.size_bytes),
        "",
        "## Scores",
        "",
        _scoring_description(evaluation),
        "",
        *_table(evaluation.scores, evaluation.constant_scores),
        "",
        *_beams(evaluation),
        *_smaller(facts),
        "## How it was trained",
        "",
        *training_recipe(document["provenance"]),
        "",
        *languages_section(document, asdict(evaluation.scores), facts.languages),
        *_steps(facts),
        *weights_section(document),
        *animals_section(facts.animals),
        "## Confidence",
        "",
        *confidence,
        "",
        "## Failures by kind",
        "",
        (
            "Words of each caption compared with those of the people, by lists in "
            "`training/evaluation/word_groups.py`: a heuristic. Colours, for example, count "
            "where the caption and at least one person name one; the caption is wrong where nobody "
            "names its colour."
        ),
        "",
        *error_table(evaluation.errors),
        "",
        "## What it says most often",
        "",
        *[f"- “{caption}” of {count} photos" for caption, count in _most_common(evaluation)],
        "",
        *examples,
        *side_by_side(facts.examples),
        "## Where not to use it",
        "",
        _LIMITS,
        "",
        "## Licence",
        "",
        _LICENCE,
    ]


def _model_description(document: Mapping[str, Any], size_bytes: int) -> str:
    size, detail = (document["preprocess"].get(name) for name in ("size", "detail"))
    by_way = f", by way of {detail} × {detail} as those it learnt from" if detail else ""
    return (
        f"{_decoder(document['decoder'])} on the annotation vectors of a {document['encoder']} "
        f"encoder; {size_bytes / 1e6:.1f} MB. Photos are squashed to {size} × {size} "
        f"pixels{by_way}. It knows {len(document['vocabulary'])} words and says English sentences "
        f"of at most {document['generation']['max_length']} words."
    )


def _decoder(decoder: Mapping[str, Any]) -> str:
    if decoder["kind"] == "transformer":
        return (
            f"A Transformer decoder ({decoder['layers']} layers of {decoder['width']} numbers, "
            f"{decoder['heads']} heads)"
        )
    return (
        f"A *Show, Attend and Tell* decoder (Xu et al. 2015, {decoder['attention']} attention; "
        f"{decoder['hidden_dim']} LSTM units, embeddings of {decoder['embedding_dim']}, attention "
        f"of {decoder['attention_dim']})"
    )


def _scoring_description(evaluation: Evaluation) -> str:
    return (
        f"On the {len(evaluation.photos)} photos of the {evaluation.split} split "
        f"({evaluation.reader}), by beam search with {evaluation.beam_size} beams, scored as "
        "coco-caption does (see `training/evaluation/scores.py` for the conventions; BLEU's "
        "brevity penalty uses the closest reference length). The other column is the best single "
        f"caption, given to every photo: “{evaluation.constant_caption}”"
    )


def _table(own: Scores, constant: Scores) -> list[str]:
    mine, other = asdict(own), asdict(constant)
    rows = [
        f"| {title} | {_figure(mine[key])} | {_figure(other[key])} |"
        for title, key in _ROWS
        if mine[key] is not None
    ]
    return ["| | this model | best constant caption |", "|---|---:|---:|", *rows]


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}" if value < 2 else f"{value:.1f}"


def _beams(evaluation: Evaluation) -> list[str]:
    if len(evaluation.by_beam_size) < 2:
        return []
    rows = [
        (f"{size} beam{'' if size == 1 else 's'}", asdict(scores))
        for size, scores in evaluation.by_beam_size.items()
    ]
    return ["By the number of beams:", "", *comparison_table(rows), ""]


def _smaller(facts: ModelCardInputs) -> list[str]:
    if facts.float32 is None:
        return []
    own = asdict(facts.evaluation.scores)
    lost = facts.float32.scores["bleu_4"] - own["bleu_4"]
    return [
        "Large weights are stored as int8, a number for each of their channels. Against float32:",
        "",
        *comparison_table([("float32", facts.float32.scores), ("as it is stored", own)]),
        "",
        f"That is {abs(lost):.2f} of BLEU-4 {'lost' if lost >= 0 else 'won'}.",
        "",
    ]


def _steps(facts: ModelCardInputs) -> list[str]:
    lines: list[str] = []
    if facts.others:
        rows = [(other.name, other.scores) for other in facts.others]
        rows.append((f"{facts.name} (this one)", asdict(facts.evaluation.scores)))
        lines += ["What each step brought, measured on the same photos:", ""]
        lines += [*comparison_table(rows), ""]
    if facts.run:
        lines += [
            "How its stages went, as their logs say:",
            "",
            *run_table(facts.run),
            "",
        ]
    return lines


def _most_common(evaluation: Evaluation, count: int = 10) -> list[tuple[str, int]]:
    """The most frequent captions, with the number of photos."""
    counts = Counter(evaluation.captions.values())
    often = [(caption, n) for caption, n in counts.items() if n > 1]
    return sorted(often, key=lambda item: (-item[1], item[0]))[:count]
