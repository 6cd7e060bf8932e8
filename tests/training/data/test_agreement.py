"""What captions show of adjectives: forms, those that belong further back, bare nouns, stems."""

from __future__ import annotations

from training.data.agreement import adjectives


def captions(*texts: str) -> list[list[str]]:
    return [text.split() for text in texts for _ in range(6)]


def test_forms_are_learned_from_the_nouns_beside_them() -> None:
    found = adjectives(
        captions(
            "un chien noir",
            "une robe noire",
            "une femme danse",  # no form of "dans"
            "un chien dans",
            "une robe dans",
            "un petit chien",
            "une petite fille",
            "une fille avec un chien assise",
            *["un homme assis"] * 5,
            *["une fille assise"] * 5,
            "un homme en robe noire",
            "une fille court",  # a verb
            "un chien courte",
        ),
        "fr",
    )
    assert found == {
        "close": {"noir": "noire"},
        "participles": {"assis": "assise"},
        "before": {"petit": "petite"},
        "heads": ["robe"],
    }


def test_stems_of_german_adjectives() -> None:
    found = adjectives(
        captions(
            "ein roter Ball", "eine rote Jacke", "ein rotes Hemd", "eine seiner Jacken",
            "ein seines Hemd", "einem seinem Hund", "ein großer Hund", "ein großer hund",
        ),
        "de",
    )  # fmt: skip
    assert found == {"stems": ["rot"]}


def test_arabic_verbs_and_their_subjects() -> None:
    found = adjectives(
        captions("رجل يجلس هنا", "امرأة تجلس هنا", "رجل يجلس", "امرأة تجلس", "شيء يوم", "هو"),
        "ar",
    )
    assert found == {"verbs": ["جلس"], "masculine": ["رجل"], "feminine": ["امرأة"]}
