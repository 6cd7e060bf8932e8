"""Beam search against greedy search, exhaustive search and a textbook one, on random models."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from captioner.language.english import Ending
from captioner.model.beam_search import BeamSearch, Hypothesis, SearchConfig, Specials
from captioner.model.decoder import Decoder
from tests.support.models import Make, small_decoder

SPECIALS = Specials(start=1, end=2, never=(0, 1, 3))
FINE, NEVER_LAST, ARTICLE, MODIFIER = Ending
STRICT = Specials(  # 4 and 5 are one family, 6 another; 7 is "of", 8 "a", 9 "red"
    start=1, end=2, never=(0, 1, 3), families=(-1, -1, -1, -1, 0, 0, 1, -1, -1, 2, -1, 3),
    endings=(FINE,) * 7 + (NEVER_LAST, ARTICLE, MODIFIER, FINE, FINE),
)  # fmt: skip


def some_photos(photos: int, seed: int = 0, places: int = 4, dim: int = 6) -> Tensor:
    return torch.randn(photos, places, dim, generator=torch.Generator().manual_seed(seed)) * 2


def search(decoder: Decoder, a: Tensor, **options: float) -> list[list[Hypothesis]]:
    config = SearchConfig(**options)  # type: ignore[arg-type]  # ints and floats by name
    return BeamSearch(decoder, SPECIALS, config)(a)


def allowed(previous: int, length: int, size: int, max_length: int) -> list[int]:
    """Which words may follow: the rules of the search, written down a second time."""
    if length == max_length:
        return [SPECIALS.end]
    return [
        w for w in range(size)
        if w not in SPECIALS.never
        and (w != previous or length == 0)
        and not (w == SPECIALS.end and length == 0)
    ]  # fmt: skip


def next_log_probs(decoder: Decoder, a: Tensor) -> Callable[[tuple[int, ...]], list[float]]:
    """log p(next | words) for one photo, computed from the beginning each time."""

    @torch.inference_mode()
    def log_probs(words: tuple[int, ...]) -> list[float]:
        memory, state = decoder.start(a)
        for word in (SPECIALS.start, *words):
            scores, _, state = decoder.step(torch.tensor([[word]]), memory, state)
        return [float(x) for x in torch.log_softmax(scores[0, 0].double(), 0)]

    return log_probs


def greedy(decoder: Decoder, a: Tensor, max_length: int) -> tuple[int, ...]:
    log_probs = next_log_probs(decoder, a)
    words: tuple[int, ...] = ()
    while True:
        p = log_probs(words)
        choice = max(
            allowed(words[-1] if words else -1, len(words), len(p), max_length),
            key=lambda w: p[w],
        )
        if choice == SPECIALS.end:
            return words
        words = (*words, choice)


def textbook(
    decoder: Decoder, a: Tensor, *, beam_size: int, n_best: int, max_length: int, power: float
) -> list[tuple[tuple[int, ...], float]]:
    """Beam search with Python lists, one photo at a time, never stopping early."""
    log_probs = next_log_probs(decoder, a)
    live: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
    finished: list[tuple[tuple[int, ...], float, float]] = []
    for length in range(max_length + 1):
        grown = []
        for words, total in live:
            p = log_probs(words)
            following = allowed(words[-1] if words else -1, length, len(p), max_length)
            grown += [(words, w, total + p[w]) for w in following]
        grown.sort(key=lambda g: -g[2])
        live = []
        for words, w, total in grown[:beam_size]:
            if w == SPECIALS.end:
                finished.append((words, total, total / (length + 1) ** power))
            else:
                live.append(((*words, w), total))
    finished.sort(key=lambda f: -f[2])
    return [(words, total) for words, total, _ in finished[:n_best]]


@pytest.mark.parametrize("seed", range(8))
def test_one_beam_is_greedy(make: Make, seed: int) -> None:
    decoder, a = make(seed=seed), some_photos(5, seed)
    found = search(decoder, a, beam_size=1, max_length=7)
    assert [h[0].words for h in found] == [greedy(decoder, a[i : i + 1], 7) for i in range(5)]


@pytest.mark.parametrize("power", [0.0, 0.7, 1.0])
def test_a_beam_that_holds_everything_finds_what_exhaustive_search_finds(
    make: Make, power: float
) -> None:
    decoder, a, longest = make(vocabulary_size=6), some_photos(3), 4
    sayable = [4, 5]  # and never twice the same: at most 2 sentences a length
    for photo in range(3):
        log_probs = next_log_probs(decoder, a[photo : photo + 1])
        ranked = []
        for length in range(1, longest + 1):
            for words in itertools.product(sayable, repeat=length):
                if any(x == y for x, y in itertools.pairwise(words)):
                    continue
                steps = [log_probs(words[:i])[w] for i, w in enumerate((*words, SPECIALS.end))]
                ranked.append((sum(steps) / (length + 1) ** power, words, sum(steps)))
        ranked.sort(reverse=True)
        found = search(
            decoder, a[photo : photo + 1], beam_size=64, n_best=5, max_length=longest,
            length_power=power,
        )[0]  # fmt: skip
        assert [h.words for h in found] == [words for _, words, _ in ranked[:5]]
        assert [h.log_prob for h in found] == pytest.approx([t for _, _, t in ranked[:5]], abs=1e-4)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("beam_size", "n_best"), [(2, 1), (3, 3), (5, 2)])
def test_a_textbook_search_finds_the_same(
    make: Make, seed: int, beam_size: int, n_best: int
) -> None:
    decoder, a = make(seed=seed, vocabulary_size=12), some_photos(4, seed)
    found = search(decoder, a, beam_size=beam_size, n_best=n_best, max_length=8)
    for photo, own in enumerate(found):
        expected = textbook(
            decoder, a[photo : photo + 1], beam_size=beam_size, n_best=n_best, max_length=8,
            power=0.7,
        )  # fmt: skip
        assert [h.words for h in own] == [words for words, _ in expected]
        assert [h.log_prob for h in own] == pytest.approx([t for _, t in expected], abs=1e-4)


def test_a_batch_finds_what_each_photo_finds_alone(make: Make) -> None:
    decoder, a = make(vocabulary_size=20, seed=3), some_photos(17, 3)
    together = search(decoder, a, beam_size=4, n_best=3)
    for photo, own in enumerate(together):
        alone = search(decoder, a[photo : photo + 1], beam_size=4, n_best=3)[0]
        assert [h.words for h in own] == [h.words for h in alone]
        for x, y in zip(own, alone, strict=True):
            np.testing.assert_allclose(x.alphas, y.alphas, atol=1e-5, rtol=1e-4)


def test_photos_that_are_done_leave_the_batch(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    decoder, a = make(vocabulary_size=20, seed=3), some_photos(17, 3)
    with torch.no_grad():
        decoder.output.bias[SPECIALS.end] += 6.0  # some sentences are short
    alone = [search(decoder, a[photo : photo + 1], beam_size=4)[0] for photo in range(17)]
    step, photos = decoder.step, []

    def counted(words: Tensor, memory: Any, state: Any) -> Any:
        photos.append(len(words))
        return step(words, memory, state)

    monkeypatch.setattr(decoder, "step", counted)
    together = search(decoder, a, beam_size=4)
    assert [own[0].words for own in together] == [own[0].words for own in alone]
    assert photos[0] == 17
    assert photos == sorted(photos, reverse=True)
    assert photos[-1] <= 8, "no more than half of them when the last is found"


def test_log_probs_and_attention_are_those_of_the_words_said(make: Make) -> None:
    """The winner is scored again by teacher forcing, which shares no code with the search."""
    decoder, a = make(vocabulary_size=15, seed=5), some_photos(6, 5)
    for photo, (best, *_) in enumerate(search(decoder, a, beam_size=5)):
        sentence = torch.tensor([[[SPECIALS.start, *best.words]]])
        with torch.inference_mode():
            scores, alpha = decoder(a[photo : photo + 1], sentence)
        log_probs = torch.log_softmax(scores[0, 0], 1)
        said = [float(log_probs[t, w]) for t, w in enumerate((*best.words, SPECIALS.end))]
        assert list(best.word_log_probs) == pytest.approx(said[:-1], abs=1e-4)
        assert best.log_prob == pytest.approx(sum(said), abs=1e-4)
        np.testing.assert_allclose(
            best.alphas, alpha[0, 0, : len(best.words)].numpy(), atol=1e-5, rtol=1e-4
        )
        assert best.alphas.sum(1).tolist() == pytest.approx([1.0] * len(best.words), abs=1e-5)


def test_rules_of_speech(make: Make) -> None:
    decoder = make(vocabulary_size=10, seed=1)
    with torch.no_grad():
        decoder.output.bias[3] = 50.0  # a model that would say <unk> to everything
        decoder.output.bias[4] = 30.0  # and then one word for ever
    for own in search(decoder, some_photos(8), beam_size=3, n_best=3, max_length=6):
        for hypothesis in own:
            assert hypothesis.words
            assert len(hypothesis.words) <= 6
            assert not set(hypothesis.words) & {*SPECIALS.never, SPECIALS.end}
            assert all(x != y for x, y in itertools.pairwise(hypothesis.words))


@pytest.mark.parametrize("seed", range(6))
def test_no_family_comes_twice_and_no_sentence_breaks_off(make: Make, seed: int) -> None:
    decoder, a = make(vocabulary_size=12, seed=seed), some_photos(8, seed)
    config = SearchConfig(beam_size=4, n_best=4, max_length=9)
    loose, strict = (
        [h.words for own in BeamSearch(decoder, rules, config)(a) for h in own]
        for rules in (SPECIALS, STRICT)
    )
    assert any(follows_no_rules(words) for words in loose), "the rules must matter"
    assert not any(follows_no_rules(words) for words in strict)


def follows_no_rules(words: tuple[int, ...]) -> bool:
    """What STRICT forbids, written down a second time; long sentences may break off."""
    said = [STRICT.families[word] for word in words if STRICT.families[word] >= 0]
    last, before = words[-1], words[-2] if len(words) > 1 else -1
    broken = last in (7, 8) or (last == 9 and before == 8)
    return len(set(said)) < len(said) or (broken and len(words) < 9)


def test_a_model_that_never_ends_still_makes_a_sentence(make: Make) -> None:
    decoder = make(vocabulary_size=10)
    with torch.no_grad():
        decoder.output.bias[SPECIALS.end] = -1e4
    found = search(decoder, some_photos(2), beam_size=3, n_best=2, max_length=5)
    assert [len(h.words) for own in found for h in own] == [5, 5, 5, 5]
    assert all(math.isfinite(h.log_prob) for own in found for h in own)


def test_a_model_that_ends_at_once_still_says_a_word(make: Make) -> None:
    decoder = make(vocabulary_size=10)
    with torch.no_grad():
        decoder.output.bias[SPECIALS.end] = 1e4
    found = search(decoder, some_photos(3), beam_size=4, n_best=4, max_length=5)
    assert all(len(h.words) == 1 for own in found for h in own)


def test_fewer_sentences_than_asked_for(make: Make) -> None:
    """Two words that may not be repeated, at most one word long: there are two sentences."""
    found = search(make(vocabulary_size=6), some_photos(1), beam_size=9, n_best=9, max_length=1)
    assert sorted(h.words for h in found[0]) == [(4,), (5,)]


def test_length_power_prefers_longer_sentences() -> None:
    decoder, a = small_decoder(vocabulary_size=20, seed=2, sharpness=2.0), some_photos(20, 9)
    short, long = (
        sum(len(own[0].words) for own in search(decoder, a, beam_size=5, length_power=p))
        for p in (0.0, 1.5)
    )
    assert short < long


@pytest.mark.parametrize(("beam_size", "n_best"), [(0, 1), (3, 4), (3, 0)])
def test_impossible_searches_are_refused(beam_size: int, n_best: int) -> None:
    with pytest.raises(ValueError, match="n_best"):
        SearchConfig(beam_size=beam_size, n_best=n_best)
