"""Hard attention's gradient against the sum it estimates; and attention taught to point."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.configs import LSTMConfig
from captioner.model.decoder import LSTMDecoder
from training.data.augment import random_crops, resized_crops, uncropped_views
from training.data.reader_base import CaptionedPhoto, Region
from training.losses.caption_loss import (
    HardAttentionLoss,
    PointingLoss,
    SampledAttention,
    grid_mask,
)
from training.losses.self_critical import NamingReward
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


WHOLE = uncropped_views(torch.tensor([False]))[0]
MIRRORED = uncropped_views(torch.tensor([True]))[0]
VOCABULARY = Vocabulary.build([["a", "dog", "cats", "cat", "sits"]], min_count=1)
RIGHT_HALF = (0.5, 0.0, 1.0, 1.0)


def photo(*regions: Region) -> CaptionedPhoto:
    return CaptionedPhoto("p.jpg", Path("p.jpg"), ("a dog",), regions)


def numbers(*words: str) -> list[int]:
    return [VOCABULARY.numbers[word] for word in words]


def columns(mask: torch.Tensor, side: int) -> list[int]:
    return sorted(set((mask.nonzero().flatten() % side).tolist()))


def test_a_box_is_where_it_is() -> None:
    mask = grid_mask([RIGHT_HALF], WHOLE, 4)
    assert mask.sum() == 8
    assert columns(mask, 4) == [2, 3]


def test_in_a_mirror_it_is_on_the_other_side() -> None:
    assert columns(grid_mask([RIGHT_HALF], MIRRORED, 4), 4) == [0, 1]


def test_a_small_box_has_the_place_it_lies_in() -> None:
    mask = grid_mask([(0.51, 0.01, 0.55, 0.05)], WHOLE, 4)
    assert mask.nonzero().flatten().tolist() == [2]


def test_a_box_outside_of_the_crop_is_nowhere() -> None:
    left_half = torch.tensor([0.5, 1.0, -0.5, 0.0])
    assert not grid_mask([(0.8, 0.4, 0.9, 0.6)], left_half, 4).any()


@pytest.mark.parametrize("seed", range(5))
def test_a_box_lies_where_the_cropped_photo_shows_it(seed: int) -> None:
    """What is white in the photo is white in the crop where the mask says so."""
    pixels = torch.zeros(1, 3, 64, 64, dtype=torch.uint8)
    pixels[:, :, 16:40, 24:56] = 255
    crops = random_crops(
        1, generator=torch.Generator().manual_seed(seed), scale=(0.5, 1.0),
        flip=torch.tensor([seed % 2 == 0]),
    )  # fmt: skip
    seen = resized_crops(pixels, crops, 64)[0, 0] > 127
    mask = grid_mask([(24 / 64, 16 / 64, 56 / 64, 40 / 64)], crops[0], 64).view(64, 64)
    assert (seen == mask).float().mean() > 0.95


def test_the_loss_is_of_the_attention_inside() -> None:
    loss = PointingLoss([photo(Region("dog", RIGHT_HALF))], VOCABULARY)
    words = torch.tensor([[numbers("a", "dog", "sits")]])
    alpha = torch.full((1, 1, 3, 16), 1 / 16)
    found = loss(alpha, words, torch.tensor([0]), WHOLE[None])
    assert float(found) == pytest.approx(-math.log(0.5), abs=1e-3)
    alpha[0, 0, 1] = torch.nn.functional.one_hot(torch.tensor(3), 16).float()
    assert float(loss(alpha, words, torch.tensor([0]), WHOLE[None])) == pytest.approx(0, abs=1e-3)


def test_what_is_not_in_a_box_costs_nothing() -> None:
    loss = PointingLoss([photo(Region("dog", RIGHT_HALF)), photo()], VOCABULARY)
    alpha = torch.full((2, 1, 2, 16), 1 / 16)
    words = torch.tensor([[numbers("a", "cat")], [numbers("a", "dog")]])
    assert float(loss(alpha, words, torch.tensor([0, 1]), torch.stack([WHOLE, WHOLE]))) == 0


def test_naming_what_is_there_is_rewarded_and_what_is_not_is_punished() -> None:
    reward = NamingReward([photo(Region("cat", RIGHT_HALF)), photo()], VOCABULARY)
    assert reward(0, numbers("a", "cat", "sits")) == 1
    assert reward(0, numbers("cats")) == 1
    assert reward(0, numbers("a", "dog")) == -1
    assert reward(0, numbers("dog", "cat")) == 0
    assert reward(0, numbers("a")) == 0
    assert reward(1, numbers("dog")) == 0
