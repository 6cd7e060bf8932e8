"""The model card, written from the checkpoint and from measurements alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from training.evaluate import Evaluation
from training.scores import Scores

_ROWS = (
    ("BLEU-1 (%)", "bleu_1"), ("BLEU-2 (%)", "bleu_2"), ("BLEU-3 (%)", "bleu_3"),
    ("BLEU-4 (%)", "bleu_4"), ("ROUGE-L", "rouge_l"), ("CIDEr-D", "cider_d"),
    ("METEOR", "meteor"), ("distinct captions", "distinct"),
    ("copied word for word from training", "copied"), ("different words said", "vocabulary"),
    ("mean length in words", "mean_length"), ("captions that break off", "bad_endings"),
)  # fmt: skip

_LIMITS = (
    "It was trained on a few thousand photos of people, dogs and sports and sees the world as "
    "those. It is often wrong in the details and sometimes altogether: do not rely on it for "
    "anyone's safety, to identify people, or to judge them. The words for people, such as “man” "
    "or “girl”, are guesses from looks."
)
_LICENCE = (
    "The weights were learned from photos that belong to their owners and were shared for "
    "research: Flickr8k (Hodosh, Young & Hockenmaier 2013) and, where the recipe names them, COCO "
    "(Lin et al. 2014) and ImageNet (Deng et al. 2009). Take that into account before you use the "
    "weights commercially. None of the photos is in this repository."
)


@dataclass(frozen=True)
class CardFacts:
    """What the card is written from."""

    name: str
    size_bytes: int
    document: Mapping[str, Any]  # Checkpoint.describe()
    evaluation: Evaluation
    examples: Sequence[tuple[str, str]] = ()  # captions, said of how many photos


def write_model_card(path: Path, facts: CardFacts) -> None:
    """Write the card as Markdown."""
    path.write_text("\n".join(_lines(facts)) + "\n", encoding="utf-8")


def _lines(facts: CardFacts) -> list[str]:
    document, evaluation = facts.document, facts.evaluation
    return [
        f"# Model card: {facts.name}",
        "",
        "*Written by `captionbot evaluate --model-card`; do not edit by hand.*",
        "",
        "## What it is",
        "",
        _what_it_is(document, facts.size_bytes),
        "",
        "## Scores",
        "",
        _how_it_was_scored(evaluation),
        "",
        *_table(evaluation.scores, evaluation.constant_scores),
        "",
        "## How it was trained",
        "",
        *_recipe(document["provenance"]),
        "",
        "## What it says most often",
        "",
        *[f"- “{caption}” of {count} photos" for caption, count in facts.examples],
        "",
        "## Where not to use it",
        "",
        _LIMITS,
        "",
        "## Licence",
        "",
        _LICENCE,
    ]


def _what_it_is(document: Mapping[str, Any], size_bytes: int) -> str:
    size = document["preprocess"]["size"]
    return (
        f"{_decoder(document['decoder'])} on the annotation vectors of a {document['encoder']} "
        f"encoder; {size_bytes / 1e6:.1f} MB. Photos are squashed to {size} × {size} pixels. It "
        f"knows {len(document['vocabulary'])} words and says English sentences of at most "
        f"{document['generation']['max_length']} words."
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


def _how_it_was_scored(evaluation: Evaluation) -> str:
    return (
        f"On the {len(evaluation.captions)} photos of the {evaluation.split} split of Flickr8k, by "
        f"beam search with {evaluation.beam_size} beams, scored as coco-caption does (see "
        "`training/scores.py` for the conventions; BLEU's brevity penalty uses the closest "
        "reference length). The other column is the best single caption, given to every photo: "
        f"“{evaluation.constant_caption}”"
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


def _recipe(provenance: Mapping[str, Any]) -> list[str]:
    configuration = provenance.get("configuration", {})
    lines = [
        (
            "Encoder from {weights}, seed {seed}, on {device}, with torch {torch} and CaptionBot "
            "{own}."
        ).format(
            weights=configuration.get("encoder", {}).get("weights", "?"),
            seed=configuration.get("seed", "?"),
            device=provenance.get("device", "?"),
            torch=provenance.get("torch", "?"),
            own=provenance.get("captionbot", "?"),
        )
    ]
    note = provenance.get("note")
    if note:
        lines += ["", str(note)]
    lines += [
        "",
        "| stage | on | epochs | pixels | batch | learning rate |",
        "|---|---|--:|---|--:|--:|",
    ]
    for stage in configuration.get("stages", ()):
        sources = ", ".join(stage.get("archives") or stage.get("train") or ())
        sizes = " → ".join(str(size["size"]) for size in stage.get("sizes", ()))
        lines.append(
            f"| {stage['name']} | {sources} | {stage['epochs']} | "
            f"{sizes or configuration.get('image_size', '?')} | {stage['batch_size']} | "
            f"{stage['learning_rate']:g} |"
        )
    return lines


def most_common(captions: Mapping[str, str], count: int = 10) -> list[tuple[str, str]]:
    """The captions said of the most photos, with how many."""
    counts: dict[str, int] = {}
    for caption in captions.values():
        counts[caption] = counts.get(caption, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(caption, str(n)) for caption, n in ranked[:count]]
