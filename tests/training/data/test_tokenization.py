"""Captions in other languages become words, and words become those captions again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from captioner.language.writing import written
from training.data.tokenization import (
    cleaned,
    function_words,
    repeatable_words,
    says_left_or_right,
    tokenize,
    tokenize_in,
    words_in,
)

# As people write; sentences of our own.
GERMAN = [
    "Ein Mädchen im rosa Kleid läuft über die Straße.",
    "Zwei Hunde, die sich um einen Ball streiten.",
    "Der Junge im Kleid winkt einem Mädchen zu.",
    "Ein Schwarz-Weiß-Foto von einem Haus.",
    "Die junge Frau und der Junge sehen ein Haus.",
    "Der junge Mann sieht die Straße.",
]
SENTENCES = {
    "de": GERMAN,
    "pt": ["Uma menina de vestido rosa corre.", "Dois cães, um branco e um preto, na água."],
    "fr": [
        "Une fille en robe rose traverse l'avenue.",
        "L'homme d'en face, aujourd'hui, qu'est-ce qu'il porte ?",
        "Un porte-monnaie (rouge) sur une table.",
    ],
    "es": ["Una niña con un vestido rosa.", "Dos perros, uno blanco y otro negro."],
    "ar": ["كلب أسود يجري على العشب.", "فتاة صغيرة، ترتدي فستانا، تلعب."],
    "zh": ["穿着连衣裙的小女孩。", "两只狗在路上，一只猫在看。", "一个人拿着iPhone 5。"],
}


@pytest.mark.parametrize("language", SENTENCES)
def test_words_become_the_same_sentence_again(language: str) -> None:
    sentences = SENTENCES[language]
    assert [written(words, language) for words in tokenize_in(sentences, language)] == sentences


@pytest.mark.parametrize(
    ("language", "careless", "right"),
    [
        ("de", 'ein "Hund"  rennt', "Ein Hund rennt."),
        ("de", "Ein Hund , der rennt .", "Ein Hund, der rennt."),
        ("de", "Ein Hund rennt,springt", "Ein Hund rennt, springt."),
        ("de", "Ein Hund - nass", "Ein Hund nass."),
        ("fr", "Un homme est là?", "Un homme est là ?"),
        ("fr", "L’homme", "L'homme."),
        ("zh", " 两只 狗 , 在路上", "两只狗，在路上。"),
        ("zh", "两只狗.", "两只狗。"),
        ("ar", "كلـــب", "كلب."),
        ("pt", "um cachorro!", "Um cachorro!"),
        ("de", " … ", ""),
        ("zh", "。", ""),
        ("de", "", ""),
    ],
)
def test_what_is_wrong_by_rule_is_put_right(language: str, careless: str, right: str) -> None:
    assert cleaned(careless, language) == right


def test_german_nouns_get_their_capitals() -> None:
    careless = ["ein mädchen sieht ein haus", "der junge herr sieht die straße", "eine katze"]
    *_, first, second, third = tokenize_in([*GERMAN, *careless], "de")
    assert written(first, "de") == "Ein Mädchen sieht ein Haus."
    assert second == ["der", "junge", "herr", "sieht", "die", "Straße"]  # "Herr" was never seen
    assert third == ["Eine", "katze"]  # neither was seen elsewhere


def test_a_sentence_begins_with_a_word_like_any_other() -> None:
    first, second = tokenize_in(["Die Frau sieht die Stadt.", "Wo die Stadt ist."], "de")
    assert first[0] == "die"
    assert second == ["Wo", "die", "Stadt", "ist"]  # never seen elsewhere


@pytest.mark.parametrize(
    ("language", "caption", "words"),
    [
        ("de", "Zwei Hunde, die laufen!", ["zwei", "hunde", "die", "laufen"]),
        ("fr", "L'homme (âgé).", ["l'", "homme", "âgé"]),
        ("zh", "两只狗，在路上。", ["两只", "狗", "在", "路上"]),
    ],
)
def test_words_to_compare(language: str, caption: str, words: list[str]) -> None:
    assert words_in(caption, language) == words


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        (["ein", "Mann", "links"], True),
        (["à", "Gauche"], True),
        (["esquerda"], True),
        (["左边", "的", "狗"], True),
        (["على", "اليسار"], True),
        (["ein", "Recht"], False),
        (["un", "homme"], False),
    ],
)
def test_left_and_right(caption: list[str], expected: bool) -> None:
    assert says_left_or_right(caption) is expected


@pytest.mark.skipif(
    not (Path(__file__).parents[4] / "shared/languages").is_dir(), reason="the data are not here"
)
@pytest.mark.parametrize("file", ["de", "pt", "fr", "ar", "zh", "es", "es.mt"])
def test_the_references_themselves(file: str) -> None:
    """Of what people or a translator wrote, cleaned, at least 97 % comes back as it was."""
    language = file.partition(".")[0]
    path = Path(__file__).parents[4] / "shared/languages" / f"{file}.json.gz"
    photos = json.loads(gzip.decompress(path.read_bytes()))
    captions = [text for own in list(photos.values())[:500] for text in own]
    again = [written(words, language) for words in tokenize_in(captions, language)]
    if language == "de":  # whose nouns get capitals from the other captions
        again = [text.casefold() for text in again]
    wanted = [cleaned(text, language) for text in captions]
    if language == "de":
        wanted = [text.casefold() for text in wanted]
    same = sum(one == other for one, other in zip(again, wanted, strict=True))
    assert same >= 0.97 * len(captions)


@pytest.mark.parametrize(
    ("language", "empty", "content"),
    [
        ("de", "ein Einem der auf und mit sich zwei 3 ,", "Hund Frau läuft rote Wasser"),
        ("pt", "um uma de em com e dois ,", "cachorro mulher corre vermelha praia"),
        ("es", "un una de en con y dos", "perro mujer corre roja playa"),
        ("fr", "un une d' l' dans et deux", "chien femme rouge plage herbe"),
        ("ar", "في على من ثلاثة ،", "كلب امرأة أحمر الماء"),
        ("zh", "的 在 一个 一只 两条 两 ，", "狗 女人 红色 草地 奔跑"),
    ],
)
def test_function_words(language: str, empty: str, content: str) -> None:
    """Else "一只狗和一只猫" could not be said."""
    assert function_words([*empty.split(), *content.split()], language) == (*empty.split(),)


def test_repeatable_words_are_those_that_a_tenth_of_their_captions_repeat() -> None:
    often = [["Spieler", "und", "Spieler"]] * 6 + [["spieler"]] * 54
    seldom = [["Hund", "und", "Hund"]] * 5 + [["Hund"]] * 55
    few = [["Boot", "Boot"]] * 4
    found = repeatable_words(("Spieler", "Hund", "Boot", "und"), [*often, *seldom, *few])
    assert found == ("Spieler",)


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("A dog runs .", ["a", "dog", "runs"]),
        ("Two boys, one in a T-shirt!", ["two", "boys", "one", "in", "a", "t-shirt"]),
        ("A merry-go-round", ["a", "merry-go-round"]),
        ("a man - a woman", ["a", "man", "a", "woman"]),
        ("The boy's dog doesn't bark", ["the", "boy", "'s", "dog", "does", "n't", "bark"]),
        ('A sign says " stop "', ["a", "sign", "says", "stop"]),
        ("A 5-year-old", ["a", "5-year-old"]),
        ("trailing-", ["trailing"]),
        ("-leading", ["leading"]),
        ("...", []),
        ("", []),
        ("  \t ", []),
        ("un café ☕", ["un", "café"]),
    ],
)  # fmt: skip
def test_tokenize(caption: str, words: list[str]) -> None:
    assert tokenize([caption]) == [words]


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("a man on the left", True),
        ("a Right-hand turn", True),
        ("a dog leaves bright grass", False),
    ],
)
def test_left_and_right_in_english(caption: str, expected: bool) -> None:
    assert says_left_or_right(tokenize([caption])[0]) is expected
