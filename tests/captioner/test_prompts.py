"""What models are asked: our texts, and those of an operator's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from captioner.base import LENGTHS, QUESTION
from captioner.errors import UsageError
from captioner.prompts import read_prompts, shipped_prompts

EVERY = (*LENGTHS, QUESTION)


def written(folder: Path, text: str) -> Path:
    file = folder / "prompts.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("language", shipped_prompts().languages)
def test_ours_have_every_purpose_in_every_language(language: str) -> None:
    texts = [shipped_prompts().text(purpose, language) for purpose in EVERY]
    assert len({*texts}) == len(EVERY)
    assert "a hat?" in shipped_prompts().text(QUESTION, language, question="a hat?")
    assert all("{" not in text for text in texts)


def test_a_file_goes_before_ours_and_leaves_the_rest(tmp_path: Path) -> None:
    texts = "\n".join(f'[{purpose}]\nnl = "{purpose} {{question}}"' for purpose in EVERY)
    text = texts.replace("[short]", '[short]\nen = "Say it."')
    found = read_prompts(written(tmp_path, text))
    assert found.text("short", "en") == "Say it."
    assert found.text("long", "en") == shipped_prompts().text("long", "en")
    assert found.text(QUESTION, "nl", question="waar?") == "question waar?"
    assert set(found.languages) == {*shipped_prompts().languages, "nl"}
    other = read_prompts(written(tmp_path, text.replace("Say it", "Say that")))
    assert len({"", found.mark, other.mark}) == 3


def test_without_a_file_there_are_ours() -> None:
    assert read_prompts(None) is shipped_prompts()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[short", "it is no TOML"),
        ('[short]\nen = ""', "short.en: String should have at least 1 character"),
        ("[short]\nen = 3", "short.en: Input should be a valid string"),
        ('short = "Say it."', "short: Input should be a valid dictionary"),
        ('[tweet]\nen = "Say it."', r"\[tweet\] is none of short, alt, long, question"),
        ('[short]\nnl = "Zeg het."', r"\[alt\] has no text in nl, as another has"),
        ('[question]\nen = "Answer."', r"\[question\] en: there is no \{question\} in it"),
        ('[short]\nEnglish = "Say it."', "short.English.*pattern"),
        ("#" * 200_001, "it is larger than 200 kB"),
    ],
)
def test_files_that_are_none(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(UsageError, match=f"^CAPTIONBOT_MODEL_PROMPTS: .*: {why}.*models.md$"):
        read_prompts(written(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it cannot be read"):
        read_prompts(tmp_path / "none")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="it is no TOML"):
        read_prompts(tmp_path / "binary")
