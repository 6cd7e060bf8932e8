"""Words, numbers and sentences."""

from __future__ import annotations

import pytest

from captioner.checkpoint.vocabulary import SPECIALS, Vocabulary
from captioner.language.writing import written


def test_common_words_come_first_and_rare_ones_are_unknown() -> None:
    captions = [["a", "dog"], ["a", "dog"], ["a", "cat"], ["<unk>", "<unk>"]]
    vocabulary = Vocabulary.build(captions, min_count=2)
    assert vocabulary.words == (*SPECIALS, "a", "dog")
    assert vocabulary.encode(["a", "cat", "dog"]) == [4, vocabulary.unknown, 5]
    assert (vocabulary.pad, vocabulary.start, vocabulary.end, vocabulary.unknown) == (0, 1, 2, 3)


def test_words_as_common_as_each_other_stand_in_alphabetical_order() -> None:
    assert Vocabulary.build([["b", "c", "a"]], min_count=1).words[4:] == ("a", "b", "c")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("a", "b", "c", "d", "e"), "begins with"),
        ((), "begins with"),
        ((*SPECIALS, "a", "a"), "once"),
        ((*SPECIALS, ""), "printable"),
        ((*SPECIALS, " a"), "printable"),
        ((*SPECIALS, "a\x1b[31m"), "printable"),
        ((*SPECIALS, "a\nb"), "printable"),
    ],
)
def test_vocabularies_that_are_refused(words: tuple[str, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Vocabulary(words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["a", "boy", "'s", "dog"], "A boy's dog."),
        (["the", "dog", "does", "n't", "run"], "The dog doesn't run."),
        (["two", "boys", "'", "bikes"], "Two boys' bikes."),
        (["a", "t-shirt"], "A t-shirt."),
        (["'s"], "'s."),
        ([], ""),
    ],
)
def test_sentences(words: list[str], expected: str) -> None:
    assert written(words) == expected


def test_in_other_languages_what_may_come_twice_is_said_with_the_words() -> None:
    words = (*SPECIALS, "Rot", "rot", "ein", "Spieler", "Hund")
    known = Vocabulary(words, "de", ("ein",), ("Spieler",))
    families = known.specials.families
    assert families[:4] == (-1,) * 4
    assert families[4] == families[5] >= 0  # a capital makes no other word
    assert families[6:8] == (-1, -1)
    assert families[8] not in {-1, families[4]}
    assert known.families[4:] == ("rot", "rot", "", "spieler", "hund")
    assert Vocabulary(words, "de").specials.families == ()  # nothing is known: all may


@pytest.mark.parametrize("rules", [(("der",), ()), ((), ("der",))])
def test_rules_of_words_that_are_not_there(rules: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match="are words of the vocabulary"):
        Vocabulary((*SPECIALS, "Hund"), "de", *rules)
