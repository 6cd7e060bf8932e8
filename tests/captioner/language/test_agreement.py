"""Articles, adjectives and verbs agree with the one noun that can be meant, and stay otherwise."""

from __future__ import annotations

import pytest

from captioner.language.agreement import with_agreeing_articles, with_agreement
from training.data.agreement import genders


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


FRENCH = [
    ("un homme avec une chemise bleu", "un homme avec une chemise bleue"),
    ("une femme en veste noir et blanc", "une femme en veste noire et blanche"),
    ("une robe rouge et noir", "une robe rouge et noire"),
    ("une femme est assis sur un banc", "une femme est assise sur un banc"),
    ("une fille avec un chapeau bleu est assis", "une fille avec un chapeau bleu est assise"),
    ("Deux femmes sont assis sur un banc", "Deux femmes sont assises sur un banc"),
    ("une femme souriant dans un parc", "une femme souriante dans un parc"),
    ("un jeune fille court", "une jeune fille court"),
    ("une petit garçon et un petite fille", "un petit garçon et une petite fille"),
    ("deux voitures bleu", "deux voitures bleues"),
]
GERMAN = [
    ("ein rote Jacke", "eine rote Jacke"),
    ("er hält einen großen Seil", "er hält ein großes Seil"),
    ("ein kleines Junge", "ein kleiner Junge"),
    ("sie trägt ein roten Hut", "sie trägt einen roten Hut"),
    ("mit einem großen grünen Jacke", "mit einer großen grünen Jacke"),
]
ARABIC = [
    ("امرأة في قميص أحمر يجلس على طاولة", "امرأة في قميص أحمر تجلس على طاولة"),
    ("فتاة صغيرة يلعب كرة القدم", "فتاة صغيرة تلعب كرة القدم"),
    ("رجل تقف في الماء", "رجل يقف في الماء"),
]
PORTUGUESE = [
    ("uma mulher de casaco vermelha", "uma mulher de casaco vermelho"),
    ("um homem de blusa azul e preto", "um homem de blusa azul e preta"),
    ("uma criança está sentado em um banco", "uma criança está sentada em um banco"),
    ("uma mulher deitado em um sofá vermelha", "uma mulher deitada em um sofá vermelho"),
    ("um menino de camisa preta e bermuda preto", "um menino de camisa preta e bermuda preta"),
    ("um pequena cachorro", "um pequeno cachorro"),
]
SPANISH = [
    ("una mujer con un chaqueta rojo", "una mujer con una chaqueta roja"),
    ("un niña pequeño juega en un bañera", "una niña pequeña juega en una bañera"),
    ("una mujer sentado en un banco", "una mujer sentada en un banco"),
    ("dos mujeres están sentados en la suelo", "dos mujeres están sentadas en el suelo"),
]


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        *(("fr", *pair) for pair in FRENCH),
        *(("de", *pair) for pair in GERMAN),
        *(("pt", *pair) for pair in PORTUGUESE),
        *(("ar", *pair) for pair in ARABIC),
        *(("es", *pair) for pair in SPANISH),
    ],
)
def test_agreement_is_put_right(language: str, said: str, meant: str) -> None:
    assert with_agreement(said.split(), language) == meant.split()
    assert with_agreement(meant.split(), language) == meant.split()


@pytest.mark.parametrize(
    ("language", "right"),
    [
        ("fr", "un homme et une femme sont assis sur un banc"),  # several subjects
        ("fr", "une femme avec un chapeau assise sur un banc"),  # the woman sits
        ("fr", "une femme regarde un enfant qui est assis"),
        ("fr", "un ballon de plage vert"),  # "plage" is feminine
        ("fr", "une veste vert foncé"),  # a compound has one form
        ("fr", "un chapeau et un pull bleus"),  # of two things
        ("fr", "une femme court sur la plage"),  # a verb
        ("fr", "un homme assis sur une chaise"),
        ("fr", "assis"),
        ("de", "ein kleiner Junge und eine kleine Katze auf einem großen Pferd"),
        ("de", "einen kleinen Hund"),
        ("de", "ein rote"),
        ("de", "ein roter Schlumpf"),  # an unknown noun
        ("pt", "um homem de camisa branca e branco"),  # no form makes that better
        ("pt", "um menino mais velho"),
        ("pt", "um banco de madeira vermelho"),
        ("pt", "uma mulher e um homem estão sentados"),
        ("pt", "um homem de camisa azul sentado em uma cadeira"),
        ("pt", "uma bola de futebol vermelha"),
        ("es", "el agua fría"),  # feminine, with another article
        ("es", "una ciclista y una joven"),
        ("es", "el hombre de rojo y la mujer de negro"),
        ("es", "un perro blanco y negro en una calle azul y gris"),
        ("ar", "امرأة ورجل يجلس"),  # two
        ("ar", "فتاة مع صبي يجلس"),  # the boy may sit
        ("ar", "مجموعة من الناس يقفون"),
        ("ar", "كلاب تركض"),
        ("en", "a blue shirt"),
        ("zh", "一只 红色 的 猫"),
    ],
)
def test_what_is_right_or_uncertain_stays(language: str, right: str) -> None:
    assert with_agreement(right.split(), language) == right.split()


@pytest.mark.parametrize("language", ["de", "fr", "pt", "es"])
def test_nothing_to_agree_with(language: str) -> None:
    for words in ([], [""], ["ein"], ["une"], ["uma"], ["e", "et", ","]):
        assert with_agreement(words, language) == words
