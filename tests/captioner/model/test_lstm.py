"""The LSTM decoder against the paper's equations, written out."""

from __future__ import annotations

import torch

from captioner.model.decoder import LSTMState
from tests.support.models import small_decoder


def test_one_step_is_the_papers_equations() -> None:
    """Everything by hand for one photo and one hypothesis, from the module's own weights."""
    decoder = small_decoder(seed=4)
    a = torch.randn(1, 5, 6, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        memory, state = decoder.start(a)
        scores, alpha, after = decoder.step(torch.tensor([[7]]), memory, state)

        mean = a[0].mean(0)
        h0 = torch.tanh(decoder.init_hidden.weight @ mean + decoder.init_hidden.bias)
        c0 = torch.tanh(decoder.init_cell.weight @ mean + decoder.init_cell.bias)
        f = decoder.attention
        e = torch.stack(
            [
                f.energy.weight[0]
                @ torch.tanh(
                    f.of_annotation.weight @ a_i + f.of_hidden.weight @ h0 + f.of_hidden.bias
                )
                for a_i in a[0]
            ]
        )  # eq. 4
        weights = e.exp() / e.exp().sum()  # eq. 5
        z = sum(w * a_i for w, a_i in zip(weights, a[0], strict=True))  # eq. 13
        beta = torch.sigmoid(decoder.gate.weight[0] @ h0 + decoder.gate.bias[0])
        z = beta * z  # section 4.2.1
        y = decoder.embedding.weight[7]
        lstm = decoder.lstm
        gates = (
            lstm.weight_ih @ torch.cat([y, z]) + lstm.bias_ih + lstm.weight_hh @ h0 + lstm.bias_hh
        )
        i, f_, g, o = gates.chunk(4)  # eq. 1, in torch's order
        c = torch.sigmoid(f_) * c0 + torch.sigmoid(i) * torch.tanh(g)  # eq. 2
        h = torch.sigmoid(o) * torch.tanh(c)  # eq. 3
        mixed = (
            y
            + decoder.of_hidden.weight @ h
            + decoder.of_hidden.bias
            + decoder.of_context.weight @ z
            + decoder.of_context.bias
        )
        expected = decoder.output.weight @ mixed + decoder.output.bias  # eq. 7

    torch.testing.assert_close(alpha[0, 0], weights, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(after.hidden[0, 0], h, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(after.cell[0, 0], c, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(scores[0, 0], expected, atol=1e-5, rtol=1e-5)


def test_selecting_moves_whole_states() -> None:
    hidden = torch.arange(12.0).view(1, 3, 4)
    chosen = LSTMState(hidden, -hidden).select(torch.tensor([[2, 2, 0]]))
    assert chosen.hidden[0].tolist() == [[8, 9, 10, 11], [8, 9, 10, 11], [0, 1, 2, 3]]
    assert torch.equal(chosen.cell, -chosen.hidden)
