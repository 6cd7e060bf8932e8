from __future__ import annotations

import dataclasses

import pytest

from benchmarks import samples
from benchmarks.measurements.peers import TextbookCaptioner
from captioner.captioner import Captioner
from tests.support.models import small_checkpoint, small_transformer


@pytest.mark.parametrize("beam_size", [1, 5])
def test_the_textbook_says_what_the_captioner_says(beam_size: int) -> None:
    checkpoint = small_checkpoint()
    pictures = [samples.small(seed) for seed in range(6)]
    ours = Captioner(checkpoint).caption(pictures, beam_size=beam_size)
    theirs = TextbookCaptioner(checkpoint, beam_size=beam_size).caption(pictures)
    assert theirs == [one.captions[0].text for one in ours]


def test_it_is_for_the_papers_decoder() -> None:
    checkpoint = dataclasses.replace(small_checkpoint(), decoder=small_transformer())
    with pytest.raises(TypeError, match="LSTM"):
        TextbookCaptioner(checkpoint)
