"""Words that a decoder does not have yet begin as those that it has."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.decoder import Decoder, LSTMDecoder
from tests.support.features import shape_annotations, shape_decoder
from training.data.alignment import extended_decoder, initialise, translations
from training.data.captions import extend_vocabulary
from training.data.reader_base import DataError

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


PLACES = [["a", "dog", "runs"], ["a", "cat", "sits"], ["two", "red", "balls"]] * 20
MORE = [*PLACES, *[["a", "zebra", "runs"]] * 12, *[["two", "blue", "balls"]] * 6, ["oh"]]


def further_words(kind: str) -> tuple[Decoder, Decoder, Vocabulary]:
    known = Vocabulary.build(PLACES, min_count=1)
    vocabulary = extend_vocabulary(known, Vocabulary.build(MORE, min_count=1))
    decoder = shape_decoder(kind, len(known))
    return decoder, extended_decoder(decoder, vocabulary, MORE), vocabulary


@pytest.mark.parametrize("kind", ["soft", "hard", "transformer"])
def test_further_words_change_no_score_of_the_others(kind: str) -> None:
    decoder, extended, vocabulary = further_words(kind)
    known = decoder.config.vocabulary_size
    assert set(vocabulary.words[known:]) == {"zebra", "blue", "oh"}
    photos, words = shape_annotations(0, 2), torch.tensor([[[1, 4, 5, 6]], [[1, 7, 8, 9]]])
    before, _ = decoder.eval()(photos, words)
    after, _ = extended.eval()(photos, words)
    assert torch.equal(after[..., :known], before)


def test_a_further_word_begins_as_the_word_in_the_same_places() -> None:
    decoder, extended, vocabulary = further_words("soft")
    assert isinstance(decoder, LSTMDecoder)
    assert isinstance(extended, LSTMDecoder)
    row = extended.embedding.weight
    for new, old in (("zebra", "dog"), ("blue", "red"), ("oh", "<unk>")):
        similar = torch.cosine_similarity(
            row[vocabulary.numbers[new]], row[: decoder.config.vocabulary_size]
        )
        assert vocabulary.words[int(similar.argmax())] == old
    assert extended.output.weight is extended.embedding.weight  # tied, as before
    bias = extended.output.bias.detach()
    dog, zebra = (float(bias[vocabulary.numbers[word]]) for word in ("dog", "zebra"))
    assert zebra == pytest.approx(dog + torch.tensor(12 / 20).log().item(), abs=0.2)


def test_words_of_another_language_do_not_extend_a_vocabulary() -> None:
    with pytest.raises(DataError, match="in 'en' cannot be extended by words in 'de'"):
        extend_vocabulary(EN, DE)
    known = vocabulary(GERMAN[:2], "de")
    assert extend_vocabulary(known, DE).words[: len(known)] == known.words
