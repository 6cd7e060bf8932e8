"""Drawing words from a decoder: whole captions, or now and then a word under teacher forcing.

Nothing here uses torch's global generator: a step's numbers follow from the step's own.
"""

from __future__ import annotations

import torch
from torch import Tensor

from captioner.model.beam_search import Specials
from captioner.model.decoder import AnyState, Decoder, Memory, widened


def on_device(generator: torch.Generator, device: torch.device) -> torch.Generator:
    """A generator on the device, seeded by the next number of `generator`."""
    seed = int(torch.randint(2**62, (), generator=generator))
    return torch.Generator(device).manual_seed(seed)


@torch.no_grad()
def draw_captions(
    decoder: Decoder,
    annotations: Tensor,
    specials: Specials,
    *,
    width: int,
    longest: int,
    pad: int,
    generator: torch.Generator | None,
) -> Tensor:
    """`width` captions for each photo of annotations (B, K, D), as numbers (B, width, T).

    Each begins with the first word said and ends with `specials.end`, `pad` after it, unless it
    was cut at `longest` numbers. Words are drawn from the decoder's distribution over what
    may be said, with a generator on the annotations' device; without one, each is the likeliest.
    """
    words = torch.full((len(annotations), width), specials.start, device=annotations.device)
    memory, state = decoder.start(annotations)
    state = widened(state, words)
    ended = torch.zeros_like(words, dtype=torch.bool)
    look_every = 4 if annotations.is_cuda else 1  # see BeamSearch
    said = [words]
    for t in range(longest):
        scores, _, state = decoder.step(words, memory, state)
        scores = specials.forbid(scores.float(), torch.stack(said, 2))
        words = scores.argmax(2) if generator is None else draw(scores, generator)
        words = words.masked_fill(ended, pad)
        said.append(words)
        ended |= words == specials.end
        if (t + 1) % look_every == 0 and bool(ended.all()):
            break
    return torch.stack(said[1:], 2)


def draw(scores: Tensor, generator: torch.Generator) -> Tensor:
    """A word for each of scores (…, V), with the probabilities that they stand for."""
    rows = torch.softmax(scores.float(), -1).flatten(0, -2)
    return torch.multinomial(rows, 1, generator=generator).view(scores.shape[:-1])


def log_likelihood(scores: Tensor, words: Tensor, specials: Specials) -> Tensor:
    """Log-probabilities (B, W, T) of the words of captions (B, W, T) from `draw_captions`.

    `scores` (B, W, T, V) are those of teacher forcing with the captions behind a start. What is
    not said (padding, and what the search's rules forbid) has some finite value.
    """
    start = torch.full_like(words[..., :1], specials.start)
    said = torch.cat([start, words[..., :-1]], -1)
    steps = [
        specials.forbid(scores[:, :, t].float(), said[:, :, : t + 1]) for t in range(said.shape[2])
    ]
    allowed = torch.stack(steps, 2)
    found = torch.log_softmax(allowed, -1).gather(-1, words.unsqueeze(-1)).squeeze(-1)
    return torch.where(found.isfinite(), found, 0.0)


def unroll_with_own_words(
    decoder: Decoder,
    words: Tensor,
    memory: Memory,
    state: AnyState,
    *,
    probability: float,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """`decoder.unroll`, with words that the decoder drew in place of some that were given.

    Scheduled sampling (Bengio et al. 2015): before each word but the first, a coin decides for
    each caption by itself whether the word given is the true one or one drawn from what the
    decoder has just said. No gradient flows through a draw. `generator` is on the words' device.
    """
    coins = torch.rand(words.shape, generator=generator, device=words.device) < probability
    given, all_scores, alphas = words[:, :, 0], [], []
    for t in range(words.shape[2]):
        scores, alpha, state = decoder.step(given, memory, state)
        all_scores.append(scores)
        alphas.append(alpha)
        if t + 1 < words.shape[2]:
            own = draw(scores.detach(), generator)
            given = torch.where(coins[:, :, t + 1], own, words[:, :, t + 1])
    return torch.stack(all_scores, 2), torch.stack(alphas, 2)
