"""What `generate` of transformers found: tokens, and how likely each of them was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from captioner.engines.transformers.words import Found


@dataclass(frozen=True)
class Search:
    """How to search."""

    beam_size: int
    n_best: int
    most_tokens: int

    def __post_init__(self) -> None:
        if not 1 <= self.n_best <= self.beam_size:
            raise ValueError(f"n_best must be 1…beam_size ({self.beam_size}), not {self.n_best}")

    def options(self) -> dict[str, Any]:
        """For `generate`."""
        return {
            "num_beams": self.beam_size,
            "num_return_sequences": self.n_best,
            "max_new_tokens": self.most_tokens,
            "do_sample": False,
            "return_dict_in_generate": True,
            "output_scores": True,
        }


def found_by(output: Any, photos: int, specials: Collection[int]) -> list[list[Found]]:  # noqa: ANN401 - one of theirs
    """For each of the photos what `generate` returned, best first."""
    lengths, new, log_probs = _new_tokens(output)
    ranks = getattr(output, "sequences_scores", None)
    each = len(new) // photos
    rows = []
    for row, (tokens, gains, length) in enumerate(
        zip(new.tolist(), log_probs.tolist(), lengths, strict=True)
    ):
        total = sum(gains[:length])
        said = [place for place in range(length) if tokens[place] not in specials]
        rows.append(
            Found(
                tokens=tuple(tokens[place] for place in said),
                log_probs=tuple(gains[place] for place in said),
                log_prob=total,
                score=float(ranks[row]) if ranks is not None else total / max(1, length),
            )
        )
    return [rows[at : at + each] for at in range(0, len(rows), each)]


def _new_tokens(output: Any) -> tuple[list[int], Tensor, Tensor]:  # noqa: ANN401 - one of theirs
    """How many tokens each sequence has behind its prompt, the tokens, their log-probabilities."""
    beams = getattr(output, "beam_indices", None)
    steps = len(output.scores) if beams is None else beams.shape[1]
    new: Tensor = output.sequences[:, output.sequences.shape[1] - steps :]  # (B * n, T)
    rows = torch.arange(len(new), device=new.device)
    gains = []
    for step in range(steps):
        scores = output.scores[step].float()
        if beams is None:  # of a search with one beam they are not normalised
            scores = scores.log_softmax(-1)
        row = rows if beams is None else beams[:, step].clamp(min=0)
        gains.append(scores[row, new[:, step]])
    lengths = [steps] * len(new) if beams is None else (beams >= 0).sum(1).tolist()
    return lengths, new.cpu(), torch.stack(gains, 1).cpu()


def ended(found: list[list[Found]]) -> int:
    """The most tokens of any sequence."""
    return max((len(one.tokens) for own in found for one in own), default=0)
