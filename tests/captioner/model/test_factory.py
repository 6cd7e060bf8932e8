"""Decoders of several vocabularies that share a core."""

from __future__ import annotations

import pytest
import torch

from captioner.model.configs import is_of_the_words
from captioner.model.factory import with_vocabulary
from tests.support.models import Make, small_decoder


@pytest.mark.parametrize("tied", [False, True])
def test_another_vocabulary_shares_the_core(make: Make, tied: bool) -> None:
    core = make(vocabulary_size=9, tied=tied)
    other = with_vocabulary(core, 14)
    assert (other.config.vocabulary_size, core.config.vocabulary_size) == (14, 9)
    own, given = dict(other.named_parameters()), dict(core.named_parameters())
    assert own.keys() == given.keys()
    for name, parameter in own.items():
        assert (parameter is given[name]) != is_of_the_words(name), name
    assert (other.output.weight is other.embedding.weight) is tied
    assert not other.training


def test_what_one_vocabulary_learns_the_other_knows(make: Make) -> None:
    core = make(vocabulary_size=9).train()
    other = with_vocabulary(core, 14)
    assert other.training
    a, words = torch.randn(2, 4, 6), torch.randint(4, 14, (2, 1, 3))
    scores, _ = other(a, words)
    assert scores.shape == (2, 1, 3, 14)
    with torch.no_grad():
        before = core.eval()(a, words.clamp(max=8))[0]
    scores.square().mean().backward()
    torch.optim.SGD(other.parameters(), lr=1.0).step()
    with torch.no_grad():
        assert not torch.allclose(core(a, words.clamp(max=8))[0], before, atol=1e-4)


def test_its_words_are_of_the_kind_of_the_cores() -> None:
    assert with_vocabulary(small_decoder().double(), 14).output.weight.dtype == torch.float64
