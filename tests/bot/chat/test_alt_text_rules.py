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
]
ARABIC = [
    ("كلب أبيض وأسود يركض.", "أبيض", "كلب يركض."),
    ("القميص الأحمر.", "الأحمر", "القميص."),
    ("رجل وامرأة.", "رجل", "شخص وامرأة."),
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
        *(("ar", *one) for one in ARABIC),
        *(("zh", *one) for one in CHINESE),
    ],
)
def test_guesses_are_left_open(language: str, said: str, doubtful: str, left: str) -> None:
    words = set(doubtful.split())
    text, gone = without_guesses(said, words, language)
    assert text == left
    assert words <= gone
    assert without_guesses(said, set(), language) == (said, frozenset())


@pytest.mark.parametrize(
    ("language", "said", "doubtful"),
    [
        ("de", "Ein schwarzer und ein weißer Hund.", "schwarzer weißer"),
        ("de", "Das Auto ist rot.", "rot"),
        ("de", "Ein Mann in Rot.", "rot"),
        ("de", "Ein Mann und eine Frau lachen.", "mann frau"),
        ("de", "Ein Mann, der lacht.", "mann"),  # “eine Person, die”
        ("de", "Ein Hund und ein Mann.", "mann"),  # not the first
        ("de", "Ein Mann und ein Hund mit seinem Ball.", "mann"),  # whose ball?
        ("fr", "Un homme est assis sur un banc.", "homme"),  # “une personne est assise”
        ("fr", "Un homme et une femme jouent.", "homme femme"),
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
        ("zh", "穿着红色的衣服。", "红色"),
        ("zh", "车是红色的。", "红色"),
        ("zh", "一名男子在跑步。", "男子"),
        ("zh", "一个男人和他的狗。", "男人"),
        ("es", "Un perro negro.", "negro"),
    ],
)
def test_what_would_be_wrong_stays(language: str, said: str, doubtful: str) -> None:
    assert without_guesses(said, set(doubtful.split()), language) == (said, frozenset())


def test_the_end_names_what_is_still_doubtful() -> None:
    words = tuple(
        Word(text=text, log_prob=-1.0, sure=sure)
        for text, sure in (
            ("ein", None), ("Mann", False), ("mit", None), ("roter", False), ("Jacke", False),
        )
    )  # fmt: skip
    caption = Caption(text="Ein Mann mit roter Jacke.", log_prob=-1.0, words=words)
    end = say("alt-text-unsure-words", "de", words="Jacke")
    assert alt_text(caption, 0.9, "de") == f"Eine Person mit Jacke. {end}"
    assert alt_text(caption, 0.9, "de", meant=True).startswith("Ein Mann mit roter Jacke. ")


def test_hostile_words_change_nothing_else() -> None:
    for language in ("de", "fr", "pt", "ar", "zh", "xx"):
        for text in ("", ".", "Ein", "Un homme", "رجل", "的" * 1000, "noir " * 500, "x" * 10_000):
            without_guesses(text, {"homme", "noir", "رجل"}, language)
