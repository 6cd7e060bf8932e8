"""Hard attention's gradient against the sum over all places that it estimates."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from captioner.model.lstm import LSTMConfig, LSTMDecoder
from training.losses.hard_attention import HardAttentionLoss, SampledAttention
from training.stage_config import HardAttention

LOOKS = 20_000
WORD = 5  # the word that follows the start


def decoder() -> LSTMDecoder:
    torch.manual_seed(1)
    config = LSTMConfig(
        vocabulary_size=6, annotation_dim=3, hidden_dim=4, embedding_dim=4, attention_dim=4,
        dropout=0.0, attention="hard",
    )  # fmt: skip
    made = LSTMDecoder(config)
    with torch.no_grad():  # so that it matters where one looks
        made.of_context.weight.mul_(6)
        made.attention.energy.weight.mul_(4)
    return made


def one_photo() -> Tensor:
    return torch.randn(1, 3, 3, generator=torch.Generator().manual_seed(2)) * 2


def gradient(made: LSTMDecoder, loss: Tensor) -> Tensor:
    """Of the weights that alpha depends on."""
    made.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
    grads = [p.grad for p in made.attention.parameters() if p.grad is not None]
    return torch.cat([g.flatten() for g in grads])


def log_p_of(made: LSTMDecoder, place: int) -> Tensor:
    """log p(y | s = place, a) for one word."""
    memory, state = made.start(one_photo())
    memory = memory._replace(
        phi=lambda a, alpha: a[:, place : place + 1].expand(*alpha.shape[:2], -1)
    )
    scores, _, _ = made.step(torch.tensor([[1]]), memory, state)
    return torch.log_softmax(scores[0, 0], 0)[WORD]


@pytest.mark.parametrize("baseline", [None, -1.0])
def test_on_average_it_is_the_gradient_of_the_bound(baseline: float | None) -> None:
    """Eq. 10 for one word: L_s = sum over places of alpha_i log p(y | i, a), summed exactly.

    The places are drawn by 20,000 captions of the same photo; the baseline must not matter.
    """
    made = decoder()
    memory, state = made.start(one_photo())
    _, alpha, _ = made.step(torch.tensor([[1]]), memory, state)
    log_ps = torch.stack([log_p_of(made, place).detach() for place in range(3)])
    assert float(log_ps.max() - log_ps.min()) > 0.5  # it does matter where one looks
    exact = gradient(made, -(alpha[0, 0] * log_ps).sum())

    loss_of = HardAttentionLoss(HardAttention(sampled=1.0, reinforce=1.0, entropy=0.0))
    if baseline is not None:
        loss_of.load_state({"baseline": torch.tensor(baseline)}, torch.device("cpu"))
    words = torch.full((1, LOOKS, 1), 1)
    attention = loss_of.sample(words, torch.Generator().manual_seed(3))
    memory, state = made.start(one_photo())
    state = state.select(torch.zeros(1, LOOKS, dtype=torch.long))
    scores, alpha = made.unroll(words, memory._replace(phi=attention), state)
    log_p = torch.log_softmax(scores, 3)[..., WORD]
    estimate = gradient(made, loss_of(attention, log_p, alpha, torch.ones_like(words).bool()))
    assert float((estimate - exact).norm() / exact.norm()) < 0.1


def test_entropy_is_rewarded() -> None:
    """A step along its gradient spreads the attention."""
    alpha = torch.softmax(torch.tensor([[[[2.0, 0.0, -1.0]]]]).requires_grad_(), 3)
    loss_of = HardAttentionLoss(HardAttention(reinforce=0.0, entropy=1.0))
    mask = torch.ones(1, 1, 1, dtype=torch.bool)
    attention = loss_of.sample(mask, torch.Generator().manual_seed(0))
    attention(torch.zeros(1, 3, 2), alpha[:, :, 0])
    loss = loss_of(attention, torch.zeros(1, 1, 1), alpha, mask)
    assert float(loss.detach()) == pytest.approx(float((alpha * alpha.log()).sum().detach()))


def test_half_look_at_one_place_and_half_softly() -> None:
    """One place: exactly that annotation; softly: the expected one, with its gradient."""
    sampled = torch.tensor([[True, False]])
    attention = SampledAttention(sampled, torch.Generator().manual_seed(0))
    a = torch.eye(3).unsqueeze(0)
    alpha = torch.tensor([[[0.2, 0.5, 0.3], [0.2, 0.5, 0.3]]]).requires_grad_()
    z = attention(a, alpha)
    assert sorted(z[0, 0].tolist()) == [0, 0, 1]
    assert z[0, 1].tolist() == pytest.approx([0.2, 0.5, 0.3])
    z.sum().backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
    assert alpha.grad is not None
    assert not alpha.grad[0, 0].any()
    assert alpha.grad[0, 1].all()


def test_places_are_drawn_as_often_as_alpha_says() -> None:
    attention = SampledAttention(
        torch.ones(1, 4000, dtype=torch.bool), torch.Generator().manual_seed(0)
    )
    alpha = torch.tensor([0.1, 0.6, 0.3]).expand(1, 4000, 3)
    shares = attention(torch.eye(3).unsqueeze(0), alpha).mean(1)[0]
    assert shares.tolist() == pytest.approx([0.1, 0.6, 0.3], abs=0.03)


def test_the_baseline_is_a_moving_average_and_comes_back() -> None:
    loss_of = HardAttentionLoss(HardAttention(sampled=1.0))
    mask = torch.ones(1, 1, 2, dtype=torch.bool)
    alpha = torch.full((1, 1, 2, 3), 1 / 3)

    def batch(log_p: float, loss_of: HardAttentionLoss) -> float:
        attention = loss_of.sample(mask, torch.Generator().manual_seed(0))
        for t in range(2):
            attention(torch.zeros(1, 3, 2), alpha[:, :, t])
        return float(loss_of(attention, torch.full((1, 1, 2), log_p), alpha, mask))

    assert loss_of.state() == {}
    batch(-4.0, loss_of)
    assert float(loss_of.state()["baseline"]) == pytest.approx(-4.0)
    batch(-2.0, loss_of)
    assert float(loss_of.state()["baseline"]) == pytest.approx(0.9 * -4.0 + 0.1 * -2.0)
    again = HardAttentionLoss(HardAttention(sampled=1.0))
    again.load_state(loss_of.state(), torch.device("cpu"))
    assert batch(-1.0, again) == batch(-1.0, loss_of)


def test_in_use_hard_attention_is_soft_attention() -> None:
    """The same weights say the same, photo by photo, each time."""
    hard = decoder().eval()
    soft = LSTMDecoder(LSTMConfig(**{**vars(hard.config), "attention": "soft"})).eval()
    soft.load_state_dict(hard.state_dict())
    words = torch.tensor([[[1, 4, 5]]])
    with torch.inference_mode():
        assert torch.equal(hard(one_photo(), words)[0], soft(one_photo(), words)[0])
