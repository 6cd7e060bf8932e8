"""Animals, people, numbers and colours are found in captions of each language."""

from __future__ import annotations

import pytest

from training.evaluation.ptb_tokenizer import words_to_score
from training.evaluation.word_groups import WordKind, groups_in, word_groups

ANIMAL, PERSON = WordKind.ANIMAL, WordKind.PERSON
COLOUR, NUMBER = WordKind.COLOUR, WordKind.NUMBER


@pytest.mark.parametrize(
    ("language", "caption", "kind", "groups"),
    [
        ("en", "Two puppies and a pony.", ANIMAL, {"dog", "horse"}),
        ("de", "Zwei Hunde jagen eine Katze.", ANIMAL, {"dog", "cat"}),
        ("de", "Männer mit einem Pferd auf einer Kuhweide", ANIMAL, {"horse"}),
        ("de", "Männer und eine Frau", PERSON, {"man", "woman"}),
        ("de", "ein Mädchen mit zwei Jungen", PERSON, {"girl", "boy"}),
        ("de", "Zwei Mädchen", NUMBER, {"two"}),
        ("de", "Ein Mann mit mehreren Hunden", NUMBER, {"one", "many"}),
        ("de", "ein rotes Auto vor grünem Gras", COLOUR, {"red", "green"}),
        ("de", "eine Rotte", COLOUR, set()),
        ("fr", "Des chevaux et une jument", ANIMAL, {"horse"}),
        ("fr", "Une chienne et des moutons", ANIMAL, {"dog", "sheep"}),
        ("fr", "Trois fillettes et un monsieur", PERSON, {"girl", "man"}),
        ("fr", "Trois enfants", NUMBER, {"three", "many"}),
        ("fr", "Une chemise blanche et bleue", COLOUR, {"white", "blue"}),
        ("pt", "Cães e uma égua", ANIMAL, {"dog", "horse"}),
        ("pt", "Um casal de senhoras", PERSON, {"woman"}),
        ("pt", "Duas meninas", NUMBER, {"two", "many"}),
        ("pt", "uma saia preta e sapatos vermelhos", COLOUR, {"black", "red"}),
        ("ar", "كلبان والقط", ANIMAL, {"dog", "cat"}),
        ("ar", "رجل وامرأة مع صبي", PERSON, {"man", "woman", "boy"}),
        ("ar", "الكلاب في الماء", NUMBER, {"many"}),
        ("ar", "قميص أحمر وقبعة بيضاء", COLOUR, {"red", "white"}),
        ("zh", "两只小狗追一匹马", ANIMAL, {"dog", "horse"}),
        ("zh", "一个人站在马路上钓鱼", ANIMAL, set()),
        ("zh", "小男孩和女人", PERSON, {"boy", "woman"}),
        ("zh", "一群人看三个男孩", NUMBER, {"many", "three"}),
        ("zh", "穿着粉红色衣服的黑人", COLOUR, {"pink"}),
        ("es", "dos perros negros", ANIMAL, {"dog"}),
    ],
)
def test_groups(language: str, caption: str, kind: WordKind, groups: set[str]) -> None:
    assert groups_in(words_to_score(caption, language), language, kind) == groups


@pytest.mark.parametrize("kind", [NUMBER, PERSON, COLOUR, ANIMAL])
def test_groups_have_the_same_names_in_all_languages(kind: WordKind) -> None:
    names = set(word_groups("en", kind).values())
    for language in ("de", "fr", "pt", "ar", "zh"):
        assert set(word_groups(language, kind).values()) == names, language
