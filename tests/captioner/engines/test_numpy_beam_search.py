"""The search on arrays finds what torch's finds, on random models."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from captioner.engines.numpy_beam_search import Arrays, Grown, Step, search
from captioner.language.english import Ending
from captioner.model.beam_search import BeamSearch
from captioner.model.decoder import LSTMDecoder, LSTMMemory, LSTMState
from captioner.model.search_types import Hypothesis, SearchConfig, Specials
from tests.support.models import small_decoder

SPECIALS = Specials(start=1, end=2, never=(0, 1, 3))
STRICT = replace(
    SPECIALS, families=(-1, -1, -1, -1, 0, 0, 0, 1, 2, 2, -1, -1, 3, -1),
    endings=tuple(Ending(kind) for kind in (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0)),
)  # fmt: skip


def some_photos(photos: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(photos, 4, 6, generator=torch.Generator().manual_seed(seed)) * 2


def stepping(decoder: LSTMDecoder) -> Step:
    """A torch decoder's step, on arrays."""

    @torch.inference_mode()
    def step(words: Any, memory: Arrays, state: Arrays, wanted: int) -> Grown:
        scores, alpha, after = decoder.step(
            torch.from_numpy(words),
            LSTMMemory(torch.from_numpy(memory[0]), torch.from_numpy(memory[1])),
            LSTMState(*map(torch.from_numpy, state)),
        )
        log_probs = torch.log_softmax(scores, 2)
        return Grown(
            *likeliest(log_probs, wanted),
            log_probs[:, :, SPECIALS.end].numpy(),
            alpha.numpy(),
            tuple(part.numpy() for part in after),
        )

    return step


def likeliest(log_probs: torch.Tensor, wanted: int) -> tuple[Any, Any]:
    """The likeliest words, ascending, and their log-probabilities."""
    chosen = log_probs.topk(wanted, dim=2).indices.sort(dim=2).values
    return chosen.numpy(), log_probs.gather(2, chosen).numpy()


def on_arrays(
    decoder: LSTMDecoder, a: torch.Tensor, config: SearchConfig, specials: Specials = SPECIALS
) -> list[list[Hypothesis]]:
    with torch.inference_mode():
        memory, state = decoder.start(a)
    return search(
        stepping(decoder),
        (memory.annotations.numpy(), memory.projected.numpy()),
        (state.hidden[:, 0].numpy(), state.cell[:, 0].numpy()),
        specials,
        config,
        vocabulary_size=decoder.config.vocabulary_size,
    )


def same(one: list[list[Hypothesis]], other: list[list[Hypothesis]]) -> None:
    for own, theirs in zip(one, other, strict=True):
        assert [h.words for h in own] == [h.words for h in theirs]
        for x, y in zip(own, theirs, strict=True):
            assert x.score == pytest.approx(y.score, abs=1e-4)
            assert x.log_prob == pytest.approx(y.log_prob, abs=1e-4)
            assert x.word_log_probs == pytest.approx(y.word_log_probs, abs=1e-4)
            np.testing.assert_allclose(x.alphas, y.alphas, atol=1e-5)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    ("beam_size", "n_best", "max_length", "power"),
    [(1, 1, 7, 0.7), (2, 1, 8, 0.0), (3, 3, 8, 0.7), (5, 2, 12, 1.0), (9, 9, 3, 0.7)],
)
def test_it_finds_what_torch_finds(
    seed: int, beam_size: int, n_best: int, max_length: int, power: float
) -> None:
    decoder, a = small_decoder(seed=seed, vocabulary_size=14), some_photos(7, seed)
    with torch.no_grad():
        decoder.output.bias[SPECIALS.end] += seed % 4 * 2  # some sentences end early
    config = SearchConfig(beam_size, n_best, max_length, power)
    same(on_arrays(decoder, a, config), BeamSearch(decoder, SPECIALS, config)(a))


@pytest.mark.parametrize("seed", range(8))
def test_the_same_rules_of_what_may_be_said(seed: int) -> None:
    decoder, a = small_decoder(seed=seed, vocabulary_size=14), some_photos(7, seed)
    config = SearchConfig(4, 4, 9)
    on_torch = BeamSearch(decoder, STRICT, config)(a)
    same(on_arrays(decoder, a, config, STRICT), on_torch)
    loose = BeamSearch(decoder, SPECIALS, config)(a)
    assert [[h.words for h in own] for own in loose] != [[h.words for h in own] for own in on_torch]


@pytest.mark.parametrize(("words", "beam_size", "max_length"), [(6, 9, 1), (6, 64, 4), (5, 20, 3)])
def test_more_beams_than_there_are_sentences(words: int, beam_size: int, max_length: int) -> None:
    decoder, a = small_decoder(vocabulary_size=words), some_photos(3)
    config = SearchConfig(beam_size, beam_size, max_length)
    same(on_arrays(decoder, a, config), BeamSearch(decoder, SPECIALS, config)(a))


def test_photos_that_are_done_leave() -> None:
    decoder, a = small_decoder(vocabulary_size=20, seed=3), some_photos(17, 3)
    with torch.no_grad():
        decoder.output.bias[SPECIALS.end] += 6.0
        memory, state = decoder.start(a)
    photos: list[int] = []

    def counted(words: Any, memory: Arrays, state: Arrays, wanted: int) -> Grown:
        photos.append(len(words))
        return stepping(decoder)(words, memory, state, wanted)

    config = SearchConfig(4)
    arrays = (memory.annotations.numpy(), memory.projected.numpy())
    first = (state.hidden[:, 0].numpy(), state.cell[:, 0].numpy())
    found = search(counted, arrays, first, SPECIALS, config, vocabulary_size=20)
    same(found, [on_arrays(decoder, a[n : n + 1], config)[0] for n in range(17)])
    assert photos[0] == 17
    assert photos == sorted(photos, reverse=True)
    assert photos[-1] <= 8


def test_of_equally_good_words_the_first_is_said() -> None:
    def all_alike(words: Any, memory: Arrays, state: Arrays, wanted: int) -> Grown:
        chosen = np.broadcast_to(np.arange(wanted), (*words.shape, wanted))
        log_probs = np.full(chosen.shape, -2.0, np.float32)
        return Grown(chosen, log_probs, log_probs[:, :, 0], np.ones((*words.shape, 1)), state)

    memory = (np.zeros((2, 1), np.float32),)
    config = SearchConfig(3, 1, 3, 0.0)
    for own in search(all_alike, memory, memory, SPECIALS, config, vocabulary_size=9):
        assert own[0].words == (4,)
