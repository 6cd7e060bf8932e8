"""Words of another language begin as the English words that people wrote for the same photos."""

from __future__ import annotations

import torch
from torch import nn

from captioner.checkpoint.vocabulary import Vocabulary
from training.data.alignment import initialise, translations

ENGLISH = [["a", "brown", "dog", "runs"]], [["a", "brown", "horse", "runs"]], [["a", "dog", "sits"]]
GERMAN = [["ein", "Hund", "läuft"]], [["ein", "Pferd", "läuft"]], [["ein", "Hund", "sitzt", "da"]]


def vocabulary(captions: tuple[list[list[str]], ...], language: str) -> Vocabulary:
    words = [caption for own in captions for caption in own]
    return Vocabulary.build(words, min_count=1, language=language)


EN, DE = vocabulary(ENGLISH, "en"), vocabulary(GERMAN, "de")
WEIGHTS = translations(GERMAN, ENGLISH, DE, EN)


def likeliest(word: str) -> str:
    return EN.words[int(WEIGHTS[DE.numbers[word]].argmax())]


def test_a_word_is_found_by_its_photos() -> None:
    assert {word: likeliest(word) for word in ("ein", "Hund", "Pferd", "sitzt")} == {
        "ein": "a", "Hund": "dog", "Pferd": "horse", "sitzt": "sits",
    }  # fmt: skip
    assert likeliest("läuft") in {"runs", "brown"}  # both were said of just these photos
    assert torch.allclose(WEIGHTS.sum(1), torch.ones(len(DE)))


def test_special_words_correspond_to_each_other() -> None:
    assert [EN.words[int(row.argmax())] for row in WEIGHTS[:4]] == list(EN.words[:4])
    assert float(WEIGHTS[4:, :4].sum()) == 0


def test_layers_begin_with_the_rows_of_the_translations() -> None:
    theirs = nn.Embedding(len(EN), 8), nn.Linear(8, len(EN))
    embedding, output = nn.Embedding(len(DE), 8), nn.Linear(8, len(DE))
    assert initialise(embedding, output, WEIGHTS, theirs) == len(DE)
    dog, hund = EN.numbers["dog"], DE.numbers["Hund"]
    similar = torch.cosine_similarity(embedding.weight[hund], theirs[0].weight)
    assert int(similar.argmax()) == dog
    assert torch.equal(embedding.weight[DE.start], theirs[0].weight[EN.start])
    mixed = WEIGHTS[hund] @ theirs[0].weight.norm(dim=1)
    assert torch.isclose(embedding.weight[hund].norm(), mixed)  # mixing makes nothing shorter
    assert torch.isclose(output.bias[DE.end], theirs[1].bias[EN.end])


def test_a_word_without_a_translation_keeps_its_random_row() -> None:
    unknown = Vocabulary.build([["ein", "Yeti"]], min_count=1, language="de")
    weights = translations(GERMAN, ENGLISH, unknown, EN)
    embedding, output = nn.Embedding(len(unknown), 8), nn.Linear(8, len(unknown))
    before = embedding.weight[unknown.numbers["Yeti"]].clone()
    theirs = nn.Embedding(len(EN), 8), nn.Linear(8, len(EN))
    assert initialise(embedding, output, weights, theirs) == len(unknown) - 1
    assert torch.equal(embedding.weight[unknown.numbers["Yeti"]], before)
