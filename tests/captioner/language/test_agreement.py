"""German, French, Portuguese and Spanish articles agree with their nouns."""

from __future__ import annotations

import pytest

from captioner.language.agreement import with_agreeing_articles
from training.data.genders import genders


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("de", "ein Katze sitzt auf einem Bank", "eine Katze sitzt auf einer Bank"),
        ("de", "eine Mann spielt einem Gitarre", "ein Mann spielt einer Gitarre"),
        ("de", "ein Mann in einem roten Jacke", "ein Mann in einer roten Jacke"),
        ("de", "eine Kind wirft eine Ball", "ein Kind wirft einen Ball"),
        ("de", "einen Mädchen auf einer Platz", "ein Mädchen auf einem Platz"),
        ("de", "ein rote Jacke", "ein rote Jacke"),  # the adjective would have to change as well
        ("de", "ein Schlumpf auf der Straße", "ein Schlumpf auf der Straße"),  # not known
        ("fr", "un personne sur le rampe", "une personne sur la rampe"),
        ("fr", "une homme dans l' eau", "un homme dans l' eau"),
        (
            "fr",
            "un groupe d' personnes d' hommes d' eau",
            "un groupe de personnes d' hommes d' eau",
        ),
        ("fr", "près d'", "près d'"),
        ("fr", "un groupe de enfants et de hommes", "un groupe d' enfants et d' hommes"),
        ("fr", "un joueur de hockey sur le herbe", "un joueur de hockey sur l' herbe"),
        ("fr", "la eau que un chien ne aime", "l' eau qu' un chien n' aime"),
        ("pt", "um cadeira na campo", "uma cadeira no campo"),
        ("pt", "um homem a cavalo", "um homem a cavalo"),
        ("es", "una truco en la aire", "un truco en el aire"),
        ("es", "va a la playa", "va a la playa"),
        ("en", "a cat", "a cat"),
        ("zh", "一个 猫", "一个 猫"),
    ],
)
def test_articles(language: str, said: str, meant: str) -> None:
    assert with_agreeing_articles(said.split(), language) == meant.split()
    assert with_agreeing_articles(meant.split(), language) == meant.split()
    assert with_agreeing_articles([], language) == []


def test_genders_are_learned_from_the_articles_before_nouns() -> None:
    captions = [
        *[["eine", "Katze", "sitzt"]] * 3,
        *[["ein", "Hund", "jagt", "einen", "Ball"]] * 3,
        *[["ein", "Kind", "sieht", "das", "Kind"]] * 3,
        *[["einen", "Hund"]] * 2,
        *[["eine", "See", "und", "ein", "See"]] * 3,  # both are German
        *[["ein", "Igel"]] * 2,  # too rarely
        *[["eine", "rote", "Jacke"]] * 3,  # no noun behind the article
        *[["ein", "Junge"]] * 3,
        ["das", "Junge"],  # a slip
        *[["ein", "kleiner", "Junge"]] * 2,
    ]
    assert genders(captions, "de") == {
        "Ball": "m", "Hund": "m", "Junge": "m", "Katze": "f", "Kind": "n",
    }  # fmt: skip
