"""How a batch is shared out: evenly, wholly, and counting each word once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.support.features import shape_decoder, shape_stage, vocabulary_of
from training.distributed.processes import SINGLE_PROCESS, DistributedError, ProcessGroup
from training.stages.frozen_encoder import DecoderTraining


class Of(ProcessGroup):
    """One of several, as far as nothing is sent."""

    def __init__(self, rank: int, count: int) -> None:
        self.rank, self.count = rank, count


def test_shares_are_the_batch() -> None:
    batch = torch.randperm(12)
    shares = [Of(rank, 4).shard(batch) for rank in range(4)]
    assert [len(share) for share in shares] == [3, 3, 3, 3]
    assert sorted(torch.cat(shares).tolist()) == list(range(12))
    assert torch.equal(SINGLE_PROCESS.shard(batch), batch)


def test_what_cannot_be_shared_out_is_refused() -> None:
    Of(1, 4).check_batch_size("teach", 16)
    with pytest.raises(DistributedError, match=r"teach: batch_size \(18\).* multiple .*, 4"):
        Of(1, 4).check_batch_size("teach", 18)
    with pytest.raises(DistributedError, match=r"batch of 3 cannot .* 2 .*; .* the data set"):
        Of(0, 2).shard(torch.arange(3))


def test_each_process_draws_numbers_of_its_own() -> None:
    assert SINGLE_PROCESS.seed(7) == Of(0, 3).seed(7) == 7
    assert len({Of(rank, 3).seed(2**63 - 1) for rank in range(3)}) == 3


def test_each_word_counts_once(data: Path) -> None:
    """The mean of the shares' losses is the loss of the batch, though captions differ in length."""
    decoder = shape_decoder("soft", len(vocabulary_of(data)))
    _, stage = shape_stage(
        data, decoder, kind="decoder", epochs=1, batch_size=20, attention_penalty=0.5
    )
    assert isinstance(stage, DecoderTraining)
    one_view = replace(stage._features, train=stage._features.train[:1])  # so that none is drawn
    decoder.eval()  # no dropout
    uneven = 0
    for step in range(stage.steps_per_epoch):
        stage._features, losses = one_view, []
        for processes in (SINGLE_PROCESS, *(Of(rank, 5) for rank in range(5))):
            stage._processes = processes
            losses.append(stage.loss(step, torch.Generator())[0])
            uneven += stage._captions.batch(step, processes).weight != 1
        whole, *parts = losses
        torch.testing.assert_close(torch.stack(parts).mean(), whole)
    assert uneven, "no batch has captions of several lengths"
