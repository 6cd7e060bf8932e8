"""Samples from a decoder: whole captions, or single words in scheduled sampling.

Nothing here uses torch's global generator: each step has a generator of its own.
"""

from __future__ import annotations

import torch
from torch import Tensor

from captioner.model.beam_search import Specials
from captioner.model.decoder import AnyState, Decoder, Memory, expand_state


def generator_on(generator: torch.Generator, device: torch.device) -> torch.Generator:
    """A new generator on the device, seeded by `generator`."""
    seed = int(torch.randint(2**62, (), generator=generator))
    return torch.Generator(device).manual_seed(seed)


@torch.no_grad()
def sample_captions(
    decoder: Decoder,
    annotations: Tensor,
    specials: Specials,
    *,
    width: int,
    longest: int,
    pad: int,
    generator: torch.Generator | None,
) -> Tensor:
    """`width` captions for each photo of annotations (B, K, D), as token ids (B, width, T).

    Each begins with its first word and ends with `specials.end`, followed by `pad`, unless it was
    cut at `longest` tokens. Words are sampled from the decoder's distribution over the allowed
    words, with a generator on the annotations' device; without one, the likeliest word is taken.
    """
    words = torch.full((len(annotations), width), specials.start, device=annotations.device)
    memory, state = decoder.start(annotations)
    state = expand_state(state, words)
    ended = torch.zeros_like(words, dtype=torch.bool)
    look_every = 4 if annotations.is_cuda else 1  # see BeamSearch
    said = [words]
    for t in range(longest):
        scores, _, state = decoder.step(words, memory, state)
        scores = specials.forbid(scores.float(), torch.stack(said, 2))
        words = scores.argmax(2) if generator is None else sample_words(scores, generator)
        words = words.masked_fill(ended, pad)
        said.append(words)
        ended |= words == specials.end
        if (t + 1) % look_every == 0 and bool(ended.all()):
            break
    return torch.stack(said[1:], 2)


def sample_words(scores: Tensor, generator: torch.Generator) -> Tensor:
    """A word for each of scores (…, V), sampled with the probabilities softmax(scores)."""
    rows = torch.softmax(scores.float(), -1).flatten(0, -2)
    return torch.multinomial(rows, 1, generator=generator).view(scores.shape[:-1])


def log_likelihood(scores: Tensor, words: Tensor, specials: Specials) -> Tensor:
    """Log-probabilities (B, W, T) of the words of captions (B, W, T) from `sample_captions`.

    `scores` (B, W, T, V) come from teacher forcing with a start token and the captions. Padding
    and words that the search's rules forbid get an arbitrary finite value.
    """
    start = torch.full_like(words[..., :1], specials.start)
    said = torch.cat([start, words[..., :-1]], -1)
    steps = [
        specials.forbid(scores[:, :, t].float(), said[:, :, : t + 1]) for t in range(said.shape[2])
    ]
    allowed = torch.stack(steps, 2)
    found = torch.log_softmax(allowed, -1).gather(-1, words.unsqueeze(-1)).squeeze(-1)
    return torch.where(found.isfinite(), found, 0.0)


def unroll_with_scheduled_sampling(
    decoder: Decoder,
    words: Tensor,
    memory: Memory,
    state: AnyState,
    *,
    probability: float,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """`decoder.unroll` with scheduled sampling (Bengio et al. 2015).

    With the given probability, independently for each word but the first and each caption, the
    decoder is fed a word sampled from its last scores instead of the true word. No gradient flows
    through the sample. `generator` must be on the words' device.
    """
    coins = torch.rand(words.shape, generator=generator, device=words.device) < probability
    given, all_scores, alphas = words[:, :, 0], [], []
    for t in range(words.shape[2]):
        scores, alpha, state = decoder.step(given, memory, state)
        all_scores.append(scores)
        alphas.append(alpha)
        if t + 1 < words.shape[2]:
            own = sample_words(scores.detach(), generator)
            given = torch.where(coins[:, :, t + 1], own, words[:, :, t + 1])
    return torch.stack(all_scores, 2), torch.stack(alphas, 2)
