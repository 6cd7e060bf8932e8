"""Captions drawn from decoders, and words of their own under teacher forcing."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import pytest
import torch
from torch import Tensor

from captioner.model.beam_search import BeamSearch, SearchConfig, Specials
from captioner.model.decoder import expand_state
from tests.support.models import SMALL_DECODERS, Make
from training.losses.sampling import log_likelihood, sample_captions, unroll_with_scheduled_sampling
from training.stage_config import ScheduledSampling

PAD, START, END, UNKNOWN = range(4)
SPECIALS = Specials(START, END, (PAD, START, UNKNOWN))


@pytest.fixture(params=sorted(SMALL_DECODERS))
def make(request: pytest.FixtureRequest) -> Make:
    return SMALL_DECODERS[request.param]


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def photos(count: int) -> Tensor:
    return torch.randn(count, 4, 6, generator=generator(5)) * 2


def drawn(make: Make, seed: int | None, *, width: int = 6, longest: int = 7) -> Tensor:
    return sample_captions(
        make(vocabulary_size=8), photos(5), SPECIALS, width=width, longest=longest, pad=PAD,
        generator=None if seed is None else generator(seed),
    )  # fmt: skip


def test_captions_obey_the_rules_of_the_search(make: Make) -> None:
    captions = drawn(make, 1, width=40).flatten(0, 1).tolist()
    cut = 0
    for caption in captions:
        said = [w for w in caption if w != PAD]
        assert caption[: len(said)] == said  # padding comes last
        words = said[:-1] if said[-1] == END else said
        assert words
        assert not set(words) & {START, END, UNKNOWN}
        assert all(x != y for x, y in itertools.pairwise(words))
        assert said[-1] == END or len(words) == 7  # only what is cut has no end
        cut += said[-1] != END
    assert 0 < cut < len(captions)
    assert len({tuple(c) for c in captions}) > 20


def test_without_a_generator_it_is_greedy_search(make: Make) -> None:
    greedy = drawn(make, None, width=1, longest=8)[:, 0].tolist()
    config = SearchConfig(beam_size=1, max_length=8)
    found = BeamSearch(make(vocabulary_size=8), SPECIALS, config)(photos(5))
    for caption, [hypothesis] in zip(greedy, found, strict=True):
        assert [w for w in caption if w not in (PAD, END)] == list(hypothesis.words)


def test_the_same_seed_draws_the_same_and_leaves_the_global_generator_alone(make: Make) -> None:
    decoder, state = make(vocabulary_size=8), torch.get_rng_state()
    one, two, other = (
        sample_captions(
            decoder, photos(5), SPECIALS, width=6, longest=7, pad=PAD, generator=generator(seed)
        )
        for seed in (1, 1, 2)
    )
    assert torch.equal(one, two)
    assert one.shape != other.shape or not torch.equal(one, other)
    assert torch.equal(state, torch.get_rng_state())


def test_captions_come_as_often_as_their_likelihood_says(make: Make) -> None:
    """What is drawn is what the gradient is taken of: 3,000 captions of up to three numbers."""
    decoder, a = make(vocabulary_size=6, sharpness=2.0), photos(1)
    captions = sample_captions(
        decoder, a, SPECIALS, width=3000, longest=3, pad=PAD, generator=generator(3)
    )
    counts = Counter(tuple(c) for c in captions[0].tolist())
    kinds = torch.tensor([[list(c) for c in counts]])
    given = torch.cat([torch.full_like(kinds[..., :1], START), kinds[..., :-1]], 2)
    with torch.no_grad():
        scores, _ = decoder(a, given)
    log_p = (log_likelihood(scores, kinds, SPECIALS) * (kinds != PAD)).sum(2)
    assert len(counts) == 6  # 4, 5, 45, 54, and the cut ones 454 and 545
    assert float(log_p.exp().sum()) == pytest.approx(1.0, abs=1e-5)
    for n, p in zip(counts.values(), log_p[0].exp().tolist(), strict=True):
        assert n / 3000 == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / 3000))


def test_no_own_words_is_teacher_forcing(make: Make) -> None:
    decoder, a = make(), photos(3)
    words = torch.randint(4, 9, (3, 2, 5), generator=generator())
    memory, state = decoder.start(a)
    scores, alpha = unroll_with_scheduled_sampling(
        decoder, words, memory, expand_state(state, words), probability=0.0, generator=generator()
    )
    wanted, weights = decoder(a, words)
    torch.testing.assert_close(scores, wanted, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(alpha, weights, atol=1e-5, rtol=1e-4)


def test_only_own_words_are_what_the_decoder_said_before(make: Make) -> None:
    """With scores so sharp that a draw is the likeliest word, each word follows from the last."""
    decoder, a = make(sharpness=400.0), photos(3)
    words = torch.full((3, 1, 5), 7)
    memory, state = decoder.start(a)
    scores, _ = unroll_with_scheduled_sampling(
        decoder, words, memory, expand_state(state, words), probability=1.0, generator=generator()
    )
    own = torch.cat([words[..., :1], scores.argmax(3)[..., :-1]], 2)
    wanted, _ = decoder(a, own)
    torch.testing.assert_close(scores, wanted, atol=1e-3, rtol=1e-4)
    assert not torch.allclose(scores, decoder(a, words)[0], atol=1.0)


def test_gradients_flow_past_own_words(make: Make) -> None:
    decoder, words = make().train(), torch.full((3, 1, 5), 7)
    memory, state = decoder.start(photos(3))
    scores, _ = unroll_with_scheduled_sampling(
        decoder, words, memory, expand_state(state, words), probability=0.5, generator=generator()
    )
    scores.square().mean().backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
    assert decoder.embedding.weight.grad is not None
    assert decoder.embedding.weight.grad.abs().sum() > 0


@pytest.mark.parametrize(
    ("progress", "probability"), [(0.0, 0.0), (0.2, 0.0), (0.5, 0.2), (0.8, 0.4), (1.0, 0.4)]
)
def test_own_words_become_more_over_the_stage(progress: float, probability: float) -> None:
    schedule = ScheduledSampling(most=0.4, begin=0.2, end=0.8)
    assert schedule.probability(progress) == pytest.approx(probability)
