"""What may be wrong with captions."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.data.check import LONGEST, Finding, FindingKind, caption_findings
from training.data.reader_base import CaptionEntry, PhotoEntry

GOOD = "A man in a café 's doorway , 30 °C , holds “ rock-climbing ” shoes & a £5 note !"


def photo(name: str, *captions: str, left_out: int = 0) -> PhotoEntry:
    found = tuple(CaptionEntry(text, f"tokens:{number}") for number, text in enumerate(captions, 1))
    return PhotoEntry(name, Path(name), "train", found, f"{name}'s place", left_out)


def findings(*photos: PhotoEntry) -> list[Finding]:
    return list(caption_findings(photos))


def test_ordinary_captions_are_fine() -> None:
    assert (
        findings(photo("a.jpg", GOOD, "Two dogs play ."), photo("b.jpg", GOOD, "A < B > C")) == []
    )
    assert findings() == []


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("A", FindingKind.SHORT, "has 1 words: 'A'"),
        (". !", FindingKind.SHORT, "has 0 words"),
        ("dogs racing", FindingKind.SHORT, "has 2 words"),
        ("dog " * (LONGEST + 1), FindingKind.LONG, f"has {LONGEST + 1} words: 'dog dog"),
        ("A dog is <b>here</b> .", FindingKind.MARKUP, "has '<b>'"),
        ("A dog &amp; a cat .", FindingKind.MARKUP, "has '&amp;'"),
        ("A dog &#39;s bone .", FindingKind.MARKUP, "has '&#39;'"),
        ("A cafÃ© with a dog .", FindingKind.CHARACTERS, "wrong encoding"),
        ("A dog \N{REPLACEMENT CHARACTER} here .", FindingKind.CHARACTERS, "REPLACEMENT CHARACTER"),
        ("A dog is\nhere .", FindingKind.CHARACTERS, r"has '\n' (U+000A)"),
        ("A dog\u200b is here .", FindingKind.CHARACTERS, "ZERO WIDTH SPACE"),
        ("A dog is here \N{DOG FACE}", FindingKind.CHARACTERS, "DOG FACE"),
        ("A dog \ud800 is here .", FindingKind.CHARACTERS, "U+D800"),
    ],
)
def test_odd_captions_are_named_with_their_place(text: str, kind: FindingKind, said: str) -> None:
    (found,) = findings(photo("a.jpg", GOOD, text))
    assert (found.kind, found.where, found.photo) == (kind, "tokens:2", "a.jpg")
    assert said in found.text
    assert len(found.text) < 200


def test_the_same_words_twice_for_a_photo() -> None:
    twice = photo("a.jpg", "A dog runs .", "A cat sits .", "a dog runs")
    (found,) = findings(twice, photo("b.jpg", "A dog runs .", "One dog runs .", "It runs fast ."))
    assert (found.kind, found.where) == (FindingKind.REPEATED, "tokens:3")
    assert "tokens:1" in found.text


def test_fewer_captions_than_others_and_none() -> None:
    usual = [photo(f"{n}.jpg", "A dog runs .", "A cat sits .") for n in range(3)]
    found = findings(*usual, photo("few.jpg", GOOD), photo("none.jpg"))
    assert [(f.kind, f.photo, f.where) for f in found] == [
        (FindingKind.FEW, "few.jpg", "few.jpg's place"),
        (FindingKind.NO_CAPTION, "none.jpg", "none.jpg's place"),
    ]
    assert "has 1 captions where others have 2" in found[0].text


def test_captions_that_the_data_set_takes_back_are_not_missed() -> None:
    usual = [photo(f"{n}.jpg", "A dog runs .", "A cat sits .") for n in range(3)]
    assert findings(*usual, photo("spam.jpg", GOOD, left_out=1)) == []
