"""What holds of every decoder."""

from __future__ import annotations

import torch

from captioner.model.decoder import expand_state
from tests.support.models import Make


def test_teacher_forcing_is_step_by_step(make: Make) -> None:
    decoder = make(seed=2, vocabulary_size=11)
    a = torch.randn(3, 4, 6)
    words = torch.randint(4, 11, (3, 2, 5))
    with torch.inference_mode():
        scores, alpha = decoder(a, words)
        memory, state = decoder.start(a)
        state = expand_state(state, words)
        for t in range(5):
            one, weights, state = decoder.step(words[:, :, t], memory, state)
            torch.testing.assert_close(scores[:, :, t], one, atol=1e-5, rtol=1e-4)
            torch.testing.assert_close(alpha[:, :, t], weights, atol=1e-5, rtol=1e-4)
    assert alpha.shape == (3, 2, 5, 4)
    torch.testing.assert_close(alpha.sum(3), torch.ones(3, 2, 5), atol=1e-5, rtol=0)


def test_what_is_said_depends_on_the_photo_and_on_all_words_before(make: Make) -> None:
    decoder, words = make(seed=1), torch.tensor([[[4, 5, 6, 7]]])
    a = torch.randn(1, 4, 6)
    other_photo, other_first, other_last = a + 1, words.clone(), words.clone()
    other_first[0, 0, 0], other_last[0, 0, 3] = 8, 8
    with torch.inference_mode():
        usual = decoder(a, words)[0][0, 0]
        assert not torch.allclose(decoder(other_photo, words)[0][0, 0], usual, atol=1e-3)
        first = decoder(a, other_first)[0][0, 0]
        assert all(not torch.allclose(first[t], usual[t], atol=1e-3) for t in range(4))
        last = decoder(a, other_last)[0][0, 0]
    torch.testing.assert_close(last[:3], usual[:3])  # no word knows what comes after it
    assert not torch.allclose(last[3], usual[3], atol=1e-3)


def test_selected_hypotheses_go_on_as_if_they_had_been_said_there(make: Make) -> None:
    """Two photos, three beams; beams change places after two words."""
    decoder, a = make(seed=3), torch.randn(2, 4, 6)
    words = torch.randint(4, 9, (2, 3, 2))
    parents = torch.tensor([[2, 2, 0], [1, 0, 1]])
    last = torch.randint(4, 9, (2, 3, 1))
    with torch.inference_mode():
        memory, state = decoder.start(a)
        state = expand_state(state, words)
        for t in range(2):
            _, _, state = decoder.step(words[:, :, t], memory, state)
        scores, alpha, _ = decoder.step(last[:, :, 0], memory, state.select(parents))
        moved = words.gather(1, parents.unsqueeze(2).expand(-1, -1, 2))
        whole, weights = decoder(a, torch.cat([moved, last], 2))
    torch.testing.assert_close(scores, whole[:, :, 2], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(alpha, weights[:, :, 2], atol=1e-5, rtol=1e-4)


def test_a_tied_output_layer_is_the_embedding(make: Make) -> None:
    decoder = make(tied=True)
    assert decoder.output.weight is decoder.embedding.weight


def test_gradients_reach_every_weight(make: Make) -> None:
    decoder = make().train()
    scores, alpha = decoder(torch.randn(2, 4, 6), torch.randint(4, 9, (2, 1, 4)))
    (scores.square().mean() + alpha.square().mean()).backward()
    without = [n for n, p in decoder.named_parameters() if p.grad is None or not p.grad.any()]
    # a key's bias adds the same to all energies of a softmax, which makes no difference
    assert not [n for n in without if not n.endswith("key.bias")]


def test_half_the_precision_is_enough_for_the_same_words(make: Make) -> None:
    """Under autocast, with states that hold bfloat16."""
    decoder, a, words = make(), torch.randn(2, 4, 6), torch.randint(4, 9, (2, 2, 5))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores, alpha = decoder(a, words)
        memory, state = decoder.start(a)
        state = expand_state(state, words)
        for t in range(3):
            one, _, state = decoder.step(words[:, :, t], memory, state)
    full, weights = decoder(a, words)
    for t in range(3):
        torch.testing.assert_close(scores[:, :, t].float(), full[:, :, t], atol=0.5, rtol=0.1)
    torch.testing.assert_close(alpha.float(), weights, atol=0.05, rtol=0)
    torch.testing.assert_close(one.float(), full[:, :, 2], atol=0.5, rtol=0.1)
