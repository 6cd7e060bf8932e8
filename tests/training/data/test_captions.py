"""The table of captions and its batches."""

from __future__ import annotations

import torch

from captioner.checkpoint.vocabulary import Vocabulary
from training.data.captions import CaptionTable

WORDS = [
    [["a", "dog"], ["a", "dog", "on", "the", "left"]],
    [["a", "cat", "sits"], ["a", "zebra"]],
    [["dog"] * 9, []],
]
VOCABULARY = Vocabulary.build([c for own in WORDS for c in own if "zebra" not in c], min_count=1)
TABLE = CaptionTable.build(WORDS, VOCABULARY, longest=6)


def test_rows() -> None:
    assert TABLE.photo.tolist() == [0, 0, 1, 1, 2]  # the empty caption is left away
    assert TABLE.length.tolist() == [4, 7, 5, 4, 8]
    start, end, pad = VOCABULARY.start, VOCABULARY.end, VOCABULARY.pad
    assert TABLE.token_ids[0].tolist() == [start, *VOCABULARY.encode(["a", "dog"]), end, *[pad] * 4]
    assert TABLE.token_ids[3, 2] == VOCABULARY.unknown
    assert TABLE.token_ids[4].tolist() == [start, *VOCABULARY.encode(["dog"] * 6), end]
    assert TABLE.flippable.tolist() == [True, False, True, True, True]


def test_an_epoch_has_every_row_once_and_batches_of_like_length() -> None:
    table = CaptionTable.build([[["a"] * n for n in range(1, 7)]] * 50, VOCABULARY, longest=6)
    batches = table.batches(batch_size=25, seed=1, epoch=0)
    rows = torch.cat(batches)
    assert sorted(rows.tolist()) == list(range(300))
    spread = [int(table.length[b].max() - table.length[b].min()) for b in batches]
    assert max(spread) <= 1
    assert [len(b) for b in batches] == [25] * 12
    lengths = [int(table.length[b[0]]) for b in batches]
    assert lengths != sorted(lengths)  # in random order


def test_some_captions_of_photos() -> None:
    """Each of a photo's own once before any comes twice; which ones is drawn."""
    assert TABLE.photos().tolist() == [0, 1, 2]

    def rows(seed: int, count: int) -> list[list[int]]:
        generator = torch.Generator().manual_seed(seed)
        drawn: list[list[int]] = TABLE.random_captions(
            torch.tensor([2, 0]), count, generator
        ).tolist()
        return drawn

    assert rows(1, 3)[0] == [4, 4, 4]
    for seed in range(5):
        assert rows(seed, 3) == rows(seed, 3)
        assert set(rows(seed, 3)[1]) == {0, 1}
    assert {rows(seed, 1)[1][0] for seed in range(20)} == {0, 1}


def test_epochs_differ_and_can_be_repeated() -> None:
    table = CaptionTable.build([[["a"]]] * 40, VOCABULARY, longest=6)

    def epoch(seed: int, number: int) -> list[list[int]]:
        return [b.tolist() for b in table.batches(batch_size=8, seed=seed, epoch=number)]

    assert epoch(1, 0) == epoch(1, 0)
    assert epoch(1, 0) != epoch(1, 1)
    assert epoch(1, 0) != epoch(2, 0)
