"""Sentences as people write them, in each language."""

from __future__ import annotations

import pytest

from captioner.language.writing import written


@pytest.mark.parametrize(
    ("language", "words", "sentence"),
    [
        ("en", "a boy 's orange hat", "A boy's orange hat."),
        ("en", "a orange", "An orange."),
        ("de", "ein Mann , der läuft", "Ein Mann, der läuft."),
        ("de", "über die Straße", "Über die Straße."),
        ("pt", "dois cães , um branco", "Dois cães, um branco."),
        ("es", "¿ un perro ?", "¿Un perro?"),
        ("es", "va de el bosque a el río a él", "Va del bosque al río a él."),
        ("fr", "l' homme d' affaires", "L'homme d'affaires."),
        ("fr", "un chat , est-ce vrai ?", "Un chat, est-ce vrai ?"),
        ("fr", "les p'tits aujourd'hui", "Les p'tits aujourd'hui."),
        ("ar", "كلب ، وقطة", "كلب، وقطة."),
        ("zh", "两只 狗 在 路上", "两只狗在路上。"),
        ("zh", "穿 Red Bull 衣服", "穿Red Bull衣服。"),
        ("zh", "3 只 狗 ， 2 只 猫", "3只狗，2只猫。"),
        ("de", "", ""),
    ],
)  # fmt: skip
def test_written(language: str, words: str, sentence: str) -> None:
    assert written(words.split(), language) == sentence


def test_a_language_that_nobody_knows() -> None:
    with pytest.raises(KeyError):
        written(["a"], "tlh")
