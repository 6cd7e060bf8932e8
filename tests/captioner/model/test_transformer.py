"""The Transformer decoder against its definition, written out."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from captioner.model.transformer import Layer, MultiHead, TransformerConfig, positions
from tests.support.models import small_transformer


def attend(module: MultiHead, x: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """Two heads by hand: one vector (m,) looks at others (n, m)."""
    q, k, v = module.query(x), module.key(others), module.value(others)
    found, weights = [], []
    for head in range(2):
        part = slice(4 * head, 4 * head + 4)
        p = torch.softmax(k[:, part] @ q[part] / math.sqrt(4), 0)
        weights.append(p)
        found.append(p @ v[:, part])
    return module.out(torch.cat(found)), torch.stack(weights).mean(0)


def test_the_last_of_three_words_by_hand() -> None:
    decoder = small_transformer(seed=4)
    a = torch.randn(1, 5, 6)
    numbers = [1, 7, 5]
    with torch.inference_mode():
        scores, alpha = decoder(a, torch.tensor([[numbers]]))
        places = decoder.annotation_norm(decoder.of_annotation(a[0]))
        xs = [
            decoder.embedding.weight[n] * math.sqrt(8) + positions(t, 1, 8, a)[0]
            for t, n in enumerate(numbers)
        ]
        for layer in decoder.layers:
            assert isinstance(layer, Layer)
            normed = torch.stack([layer.recall_norm(x) for x in xs])
            said = [attend(layer.recall, normed[t], normed[: t + 1])[0] for t in range(3)]
            xs = [x + s for x, s in zip(xs, said, strict=True)]
            seen = [attend(layer.look, layer.look_norm(x), places) for x in xs]
            xs = [x + s for x, (s, _) in zip(xs, seen, strict=True)]
            first, _, second = layer.think
            xs = [x + second(F.gelu(first(layer.think_norm(x)))) for x in xs]
        expected = decoder.output(decoder.norm(xs[2]))
    torch.testing.assert_close(scores[0, 0, 2], expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(alpha[0, 0, 2], seen[2][1], atol=1e-5, rtol=1e-4)


def test_positions_are_those_of_the_paper() -> None:
    found = positions(3, 2, 6, torch.zeros(1))
    for row, pos in enumerate((3, 4)):
        for i in range(3):
            angle = pos / 10000 ** (2 * i / 6)
            assert float(found[row, 2 * i]) == pytest.approx(math.sin(angle), abs=1e-5)
            assert float(found[row, 2 * i + 1]) == pytest.approx(math.cos(angle), abs=1e-5)


def test_the_photo_is_never_repeated_over_beams() -> None:
    memory, _ = small_transformer().start(torch.randn(3, 5, 6))
    for keys, values in memory.keys_values:
        assert keys.shape == values.shape == (3, 2, 5, 4)


@pytest.mark.parametrize(("width", "heads"), [(10, 4), (6, 2), (7, 1)])
def test_widths_that_heads_cannot_share_are_refused(width: int, heads: int) -> None:
    with pytest.raises(ValueError, match="multiple of heads"):
        TransformerConfig(vocabulary_size=9, annotation_dim=6, width=width, heads=heads)
