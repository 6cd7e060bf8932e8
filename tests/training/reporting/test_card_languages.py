"""The model card's tables of further languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from captioner.base import PhotoCaptions
from captioner.queue.messages import Caption
from training.data.reader_base import DataError
from training.reporting.card_languages import (
    Example,
    LanguageEvaluation,
    languages_section,
    read_language,
    side_by_side,
)

SCORES = {
    "bleu_1": 50.0, "bleu_2": 30.0, "bleu_3": 20.0, "bleu_4": 10.0, "rouge_l": 0.4, "cider_d": 0.3,
    "distinct": 467, "meteor": 0.21,
}  # fmt: skip
PRINTED = {
    "language": "de", "reader": "flickr8k", "split": "dev", "beam_size": 5, "photos": 934,
    "scores": SCORES, "constant": {"caption": "Ein Hund.", "scores": SCORES | {"cider_d": 0.1}},
    "calibration": {"fitting": 0.5, "ece": 0.03, "auc": None, "hedged": 0.2},
    "words": {"sure": 0.1, "sure_right": 0.93},
    "failures": [
        {"kind": "about something else", "photos": 93, "of": 934},
        {"kind": "wrong animal", "photos": 3, "of": 60},
    ],
}  # fmt: skip
DOCUMENT = {
    "languages": {
        "de": {"vocabulary": ["a"] * 100, "sources": [{"name": "Some", "licence": "CC BY 4.0"}]}
    }
}


def saved(tmp_path: Path, **changed: object) -> LanguageEvaluation:
    path = tmp_path / "de.json"
    path.write_text("progress\n" + json.dumps(PRINTED | changed), encoding="utf-8")
    return read_language(path)


def test_a_language_has_its_scores_its_certainty_and_its_sources(tmp_path: Path) -> None:
    text = "\n".join(languages_section(DOCUMENT, {"cider_d": 0.6}, [saved(tmp_path)]))
    assert (
        "| German | 934 | 100 | 50.0 | 30.0 | 20.0 | 10.0 | 0.400 | 0.210 | 0.300 | 0.50 | 3.0 × "
        "| 50% |"
    ) in text
    assert "| German | 50% | 0.030 | – | – | – | 20% | 10.0% | 93.0% |" in text
    assert "| about something else | 10% of 934 |\n| wrong animal | 5% of 60 |" in text
    assert "- German: Some; CC BY 4.0." in text
    assert languages_section({}, {"cider_d": 0.6}, []) == []


def test_certainty_of_captions_that_the_calibration_had_not_seen(tmp_path: Path) -> None:
    apart = {"captions": 9, "fitting": 0.5, "ece": 0.04, "brier": 0.2, "auc": 0.66, "bins": []}
    scores = {"calibration": {"before": apart | {"auc": 0.6}, "after": apart}}
    document = {"languages": {"de": DOCUMENT["languages"]["de"] | {"scores": scores}}}
    text = "\n".join(languages_section(document, {"cider_d": 0.6}, [saved(tmp_path)]))
    assert "| German | 50% | 0.030 | – | 0.040 | 0.660 | 20% |" in text


def test_a_language_may_be_scored_by_people_and_by_a_machine(tmp_path: Path) -> None:
    people = saved(tmp_path, photos=49, failures=[])
    machine = saved(tmp_path, scored_by="de.mt")
    text = "\n".join(languages_section(DOCUMENT, {"cider_d": 0.6}, [people, machine]))
    assert "| German | 49 | 100 |" in text
    assert "| German (`de.mt`) | 934 | 100 |" in text
    assert text.count("| German | 50% |") == 1
    assert "| wrong animal | 5% of 60 |" in text, "of the evaluation on more photos"


def test_a_language_that_was_not_evaluated_or_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="de is missing in an evaluation"):
        languages_section(DOCUMENT, {"cider_d": 0.6}, [])
    with pytest.raises(DataError, match="de is missing in the checkpoint"):
        languages_section({}, {"cider_d": 0.6}, [saved(tmp_path)])


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"language": "de"}'])
def test_what_is_no_evaluation_in_a_language(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(DataError, match="its last line is not what"):
        read_language(tmp_path / "a.json")
    with pytest.raises(DataError, match="cannot be read"):
        read_language(tmp_path / "absent.json")


def test_whole_photos_stand_side_by_side() -> None:
    def example(name: str, credit: str, said: dict[str, str]) -> Example:
        found = PhotoCaptions((Caption(text="A cat.", log_prob=-1.0),), 0.9, (1, 1))
        return Example(Path(f"{name}.jpg"), credit, found, said)

    both = {"en": "A cat.", "de": "Eine Katze."}
    text = "\n".join(
        side_by_side([example("cat", "CC0", both), example("ear", "CC0; a detail", both)])
    )
    assert "| | English | German |" in text
    assert "| cat | A cat. | Eine Katze. |" in text
    assert "ear" not in text
    assert side_by_side([example("cat", "CC0", {"en": "A cat."})]) == []
