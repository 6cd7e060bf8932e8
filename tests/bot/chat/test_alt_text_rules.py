"""Guesses are left open where the sentence stays right, and nothing else is touched."""

from __future__ import annotations

import pytest

from bot.chat.alt_text import alt_text
from bot.chat.alt_text_rules import without_guesses
from bot.locales import say
from captioner.queue.messages import Caption, Word

GERMAN = [
    ("Ein Mann mit roter Jacke steht auf einem blauen Boot.", "roter blauen",
     "Ein Mann mit Jacke steht auf einem Boot."),
    ("Ein schwarz-weißer Hund.", "schwarz-weißer", "Ein Hund."),
    ("Schwarze und weiße Hunde rennen.", "weiße", "Hunde rennen."),
    ("Ein Kind in einem rosa Kleid.", "rosa", "Ein Kind in einem Kleid."),
    ("Ein kleiner Junge springt.", "junge", "Ein kleines Kind springt."),
    ("Ein Mann springt mit seinem Fahrrad.", "mann", "Eine Person springt mit ihrem Fahrrad."),
    ("Ein älterer Mann liest.", "mann", "Eine ältere Person liest."),
    ("Eine junge Frau liest in ihrem Buch.", "frau", "Eine junge Person liest in ihrem Buch."),
    ("Ein Mädchen wirft ihren Ball.", "mädchen", "Ein Kind wirft seinen Ball."),
    ("Zwei Männer spielen.", "männer", "Zwei Personen spielen."),
    ("Drei kleine Mädchen sitzen.", "mädchen", "Drei kleine Kinder sitzen."),
    ("Ein Mann und eine Frau mit ihrem Hund.", "mann", "Zwei Personen mit ihrem Hund."),
    ("Ein schwarzer Hund und eine weiße Katze.", "weiße", "Ein schwarzer Hund und eine Katze."),
]  # fmt: skip
FRENCH = [
    ("Un chien noir et blanc court.", "blanc", "Un chien court."),
    ("Une femme en veste bleu marine.", "bleu", "Une femme en veste."),
    ("Un homme fait du vélo.", "homme", "Une personne fait du vélo."),
    ("Une jeune femme est assise.", "femme", "Une jeune personne est assise."),
    ("Un petit garçon est assis.", "garçon", "Un petit enfant est assis."),
    ("Une petite fille joue.", "fille", "Un petit enfant joue."),
    ("Deux hommes jouent au football.", "hommes", "Deux personnes jouent au football."),
    ("Trois filles courent.", "filles", "Trois enfants courent."),
    ("Deux femmes sont assises.", "femmes", "Deux personnes sont assises."),
    ("Un homme et une femme posent.", "femme", "Deux personnes posent."),
    ("Un chien noir et un cheval brun.", "brun", "Un chien noir et un cheval."),
]
PORTUGUESE = [
    ("Um cachorro preto e branco correndo.", "preto", "Um cachorro correndo."),
    ("Uma mulher de blusa azul escura.", "azul", "Uma mulher de blusa."),
    ("Uma mulher sentada.", "mulher", "Uma pessoa sentada."),
    ("Um homem está correndo.", "homem", "Uma pessoa está correndo."),
    ("Uma menina de saia.", "menina", "Uma criança de saia."),
    ("Um menino com uma bola.", "menino", "Uma criança com uma bola."),
    ("Dois homens jogando futebol.", "homens", "Duas pessoas jogando futebol."),
    ("Três meninas.", "meninas", "Três crianças."),
    ("Um homem e uma mulher andando na rua.", "homem", "Duas pessoas andando na rua."),
]
SPANISH = [
    ("Un perro negro y blanco corre.", "blanco", "Un perro corre."),
    ("Una niña con un vestido azul claro.", "azul", "Una niña con un vestido."),
    ("Un hombre camina por la calle.", "hombre", "Una persona camina por la calle."),
    ("Un hombre está en la nieve.", "hombre", "Una persona está en la nieve."),
    ("Una mujer está sentada.", "mujer", "Una persona está sentada."),
    ("Una chica salta.", "chica", "Una persona joven salta."),
    ("Dos hombres juegan al fútbol.", "hombres", "Dos personas juegan al fútbol."),
    ("Tres mujeres.", "mujeres", "Tres personas."),
    ("Un hombre y una mujer de pie.", "mujer", "Dos personas de pie."),
]
ARABIC = [
    ("كلب أبيض وأسود يركض.", "أبيض", "كلب يركض."),
    ("القميص الأحمر.", "الأحمر", "القميص."),
    ("رجل وامرأة يجلسان.", "رجل وامرأة", "شخصان يجلسان."),
    ("صبي صغير يلعب.", "صبي", "طفل صغير يلعب."),
    ("مجموعة من الرجال.", "الرجال", "مجموعة من الأشخاص."),
]
CHINESE = [
    ("一只黑色的狗在奔跑。", "黑色", "一只狗在奔跑。"),
    ("一个男人在骑车。", "男人", "一个人在骑车。"),
    ("戴着帽子的女人。", "女人", "戴着帽子的人。"),
    ("两个小女孩在玩耍。", "小女孩", "两个小孩在玩耍。"),
    ("男孩们在奔跑。", "男孩", "孩子们在奔跑。"),
]


@pytest.mark.parametrize(
    ("language", "said", "doubtful", "left"),
    [
        *(("de", *one) for one in GERMAN),
        *(("fr", *one) for one in FRENCH),
        *(("pt", *one) for one in PORTUGUESE),
        *(("es", *one) for one in SPANISH),
        *(("ar", *one) for one in ARABIC),
        *(("zh", *one) for one in CHINESE),
    ],
)
def test_guesses_are_left_open(language: str, said: str, doubtful: str, left: str) -> None:
    words = set(doubtful.split())
    text, gone = without_guesses(said, words, words, language)
    assert text == left
    assert words <= gone
    assert without_guesses(said, set(), set(), language) == (said, frozenset())


@pytest.mark.parametrize(
    ("language", "said", "doubtful"),
    [
        ("de", "Ein schwarzer und ein weißer Hund.", "schwarzer weißer"),
        ("de", "Das Auto ist rot.", "rot"),
        ("de", "Ein Mann in Rot.", "rot"),
        ("de", "Ein schwarzer Hund und ein weißer Hund.", "schwarzer"),
        ("de", "Ein Mann und eine Frau mit seinem Hund.", "mann frau"),
        ("de", "Ein Mann, der lacht.", "mann"),  # “eine Person, die”
        ("de", "Ein Hund und ein Mann.", "mann"),  # not the first
        ("de", "Ein Mann und ein Hund mit seinem Ball.", "mann"),  # whose ball?
        ("fr", "Un homme est assis sur un banc.", "homme"),  # “une personne est assise”
        ("fr", "Un homme et une femme sont assis.", "homme femme"),
        ("fr", "Un chien noir et un chien blanc.", "blanc"),
        ("fr", "Un chien noir et un chien blanc.", "noir"),
        ("fr", "Une femme vêtue de noir.", "noir"),
        ("fr", "Une fille aux cheveux blonds.", "blonds"),
        ("fr", "La voiture est rouge.", "rouge"),
        ("fr", "Un chien noir et un blanc.", "noir blanc"),
        ("fr", "Une voiture devant un feu rouge.", "rouge"),
        ("fr", "Il mange une orange.", "orange"),
        ("pt", "Um homem sentado em um banco.", "homem"),
        ("pt", "Uma mulher de cabelos loiros.", "loiros"),
        ("pt", "Um homem de preto.", "preto"),
        ("pt", "Uma rosa na mesa.", "rosa"),
        ("pt", "A cor é azul.", "azul"),
        ("ar", "امرأة ترتدي أسود.", "أسود"),
        ("ar", "امرأة تجلس.", "امرأة"),
        ("ar", "رجل الإطفاء.", "رجل"),
        ("ar", "رجل وامرأة.", "رجل"),  # “a person and a woman”
        ("ar", "امرأة ورجل.", "ورجل"),
        ("zh", "穿着红色的衣服。", "红色"),
        ("zh", "车是红色的。", "红色"),
        ("zh", "一名男子在跑步。", "男子"),
        ("zh", "一个男人和他的狗。", "男人"),
        ("es", "Un hombre sentado.", "hombre"),
        ("es", "Un hombre está sentado.", "hombre"),
        ("es", "Un hombre con un perro salta solo.", "hombre"),
        ("es", "Una niña salta.", "niña"),  # the word for a child is the word for a boy
        ("es", "Un coche y el rojo.", "rojo"),
        ("es", "Una mujer de pelo negro.", "negro"),
        ("it", "Un cane nero.", "nero"),
    ],
)
def test_what_would_be_wrong_stays(language: str, said: str, doubtful: str) -> None:
    words = set(doubtful.split())
    assert without_guesses(said, words, words, language) == (said, frozenset())


def test_people_and_colours_are_left_open_each_by_itself() -> None:
    said = "Ein Mann mit roter Jacke."
    assert without_guesses(said, {"mann", "roter"}, set(), "de") == (
        "Eine Person mit roter Jacke.", frozenset({"mann"}),
    )  # fmt: skip
    assert without_guesses(said, set(), {"mann", "roter"}, "de") == (
        "Ein Mann mit Jacke.", frozenset({"roter"}),
    )  # fmt: skip


def test_the_end_names_what_is_still_doubtful() -> None:
    words = tuple(
        Word(text=text, log_prob=-1.0, certainty=certainty)
        for text, certainty in (
            ("ein", None), ("Mann", 0.6), ("mit", None), ("roter", 0.1), ("Jacke", 0.1),
            ("und", None), ("Hund", 0.9),
        )
    )  # fmt: skip
    caption = Caption(text="Ein Mann mit roter Jacke und Hund.", log_prob=-1.0, words=words)
    end = say("alt-text-unsure-words", "de", words="Jacke")
    assert alt_text(caption, 0.7, "de") == f"Eine Person mit Jacke und Hund. {end}"
    as_meant = alt_text(caption, 0.7, "de", meant=True)
    assert as_meant.startswith("Ein Mann mit roter Jacke und Hund. ")
    assert as_meant.endswith(say("alt-text-unsure-words", "de", words="roter, Jacke"))


def test_hostile_words_change_nothing_else() -> None:
    words = {"homme", "noir", "رجل"}
    for language in ("de", "fr", "pt", "es", "ar", "zh", "xx"):
        for text in ("", ".", "Ein", "Un homme", "رجل", "的" * 1000, "noir " * 500, "x" * 10_000):
            without_guesses(text, words, words, language)
