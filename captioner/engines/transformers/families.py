"""Families of models that transformers runs; here those that read a photo as a part of the text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from captioner.base import LENGTHS
from captioner.engines.base import Pixels
from captioner.prompts import Prompts

Floats = NDArray[np.float32]


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


@dataclass(frozen=True)
class Found:
    """A sequence of tokens that a search found, without its start and end."""

    tokens: tuple[int, ...]
    log_probs: tuple[float, ...]  # of each token
    log_prob: float  # of the tokens and the end
    score: float  # what the search ranks by
    alphas: Floats | None = None  # attention, (len(tokens), K)


def found_by(
    output: Any,  # noqa: ANN401 - of each model another
    photos: int,
    specials: Collection[int],
    ends: Collection[int],
) -> list[list[Found]]:
    """For each of the photos what `generate` returned, best first.

    `specials` are tokens that are no part of a text; those of `ends` end one.
    """
    lengths, new, log_probs = _new_tokens(output, ends)
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


def _new_tokens(
    output: Any,  # noqa: ANN401 - of each model another
    ends: Collection[int],
) -> tuple[list[int], Tensor, Tensor]:
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
    if beams is None:  # shorter ones of a batch are filled up, which is no part of them
        lengths = [_length(tokens, ends) for tokens in new.tolist()]
    else:
        lengths = (beams >= 0).sum(1).tolist()
    return lengths, new.cpu(), torch.stack(gains, 1).cpu()


def _length(tokens: Sequence[int], ends: Collection[int]) -> int:
    """How many tokens there are up to the first that ends a text, with it."""
    places = (place for place, token in enumerate(tokens, 1) if token in ends)
    return next(places, len(tokens))


CAPTION_TOKENS = 40  # models that only write captions write short ones


class Family(ABC):
    """Models that are used alike."""

    lengths: tuple[str, ...] = LENGTHS[:1]
    questions = False
    languages = False  # writes in the language that it is asked to
    most_tokens = 1000  # of a text
    grid: tuple[int, int] = (0, 0)  # of attention weights; (0, 0): it gives none

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        self.model, self.processor = model, processor
        self.tokenizer = getattr(processor, "tokenizer", processor)
        self.specials = frozenset(self.tokenizer.all_special_ids)
        self.ends = self._ends()

    def _ends(self) -> frozenset[int]:
        """The tokens that end a text."""
        named = self.model.generation_config.eos_token_id
        return frozenset(named if isinstance(named, list) else [named]) - {None}

    @abstractmethod
    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        """For each photo what is found, best first; the best with attention, if there is any."""

    def prompt(self, prompts: Prompts, purpose: str, language: str, question: str) -> str:
        """What the model is asked for a length or a question; "" if it is asked nothing."""
        del prompts, purpose, language, question
        return ""

    def _images(self, photos: Sequence[Pixels]) -> Tensor:
        """The photos as the model takes them (B, 3, height, width)."""
        process = getattr(self.processor, "image_processor", self.processor)
        pixels: Tensor = process(list(photos), return_tensors="pt")["pixel_values"]
        return pixels.to(self.model.device, self.model.dtype)


class Git(Family):
    """GIT: photos are read as if they were the beginning of the text."""

    most_tokens = CAPTION_TOKENS

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        super().__init__(model, processor)
        self._encoder = OncePerPhoto(model.git.image_encoder)
        model.git.image_encoder = self._encoder

    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        del prompts
        self._encoder.copies = search.beam_size
        output = self.model.generate(pixel_values=self._images(photos), **search.options())
        return found_by(output, len(photos), self.specials, self.ends)


class OncePerPhoto(nn.Module):
    """An encoder that gets each photo `copies` times in a row, once a beam, and reads it once."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder, self.copies = encoder, 1

    def forward(self, pixel_values: Tensor, **options: Any) -> Any:  # noqa: ANN401 - the library has it so
        output = self.encoder(pixel_values[:: self.copies], **options)
        hidden = output.last_hidden_state.repeat_interleave(self.copies, 0)
        output.last_hidden_state = hidden
        return output


class Prompted(Family):
    """Models with a chat template, such as Qwen-VL, LLaVA or Idefics3: they follow prompts."""

    lengths = LENGTHS
    questions = True
    languages = True

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        super().__init__(model, processor)
        self.tokenizer.padding_side = "left"  # so that every text ends where its answer begins
        if self.tokenizer.pad_token is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token

    def prompt(self, prompts: Prompts, purpose: str, language: str, question: str) -> str:
        return prompts.text(purpose, language, question=self._words_alone(question))

    def _words_alone(self, question: str) -> str:
        """The question without what the tokenizer takes for signs of its own.

        "<image>" would stand for one photo more, which fails the whole batch, and the end of a
        turn for the end of the question.
        """
        signs = {str(sign) for sign in self.tokenizer.added_tokens_decoder.values()}
        signs |= set(self.tokenizer.all_special_tokens)
        for sign in sorted(signs, key=len, reverse=True):  # one may be a part of another
            question = question.replace(sign, " ")  # a space: none comes together of two halves
        return question

    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        texts = [
            self.processor.apply_chat_template(
                [
                    {
                        "role": "user",
                        "content": [{"type": "image"}, {"type": "text", "text": text}],
                    }
                ],
                add_generation_prompt=True,
                tokenize=False,
            )
            for text in prompts
        ]
        return self._generated(photos, texts, search)

    def _generated(
        self, photos: Sequence[Pixels], texts: Sequence[str], search: Search
    ) -> list[list[Found]]:
        inputs = self.processor(
            images=[[photo] for photo in photos],
            text=list(texts),
            padding=True,
            return_tensors="pt",
        ).to(self.model.device, dtype=self.model.dtype)
        output = self.model.generate(
            **inputs, pad_token_id=self.tokenizer.pad_token_id, **search.options()
        )
        return found_by(output, len(photos), self.specials, self.ends)


_FLORENCE_TASKS = {
    "short": "<CAPTION>",
    "alt": "<DETAILED_CAPTION>",
    "long": "<MORE_DETAILED_CAPTION>",
}


class Florence2(Prompted):
    """Florence-2, which knows a task for each length, and English."""

    questions = False
    languages = False

    def prompt(self, prompts: Prompts, purpose: str, language: str, question: str) -> str:
        del prompts, language, question
        return _FLORENCE_TASKS[purpose]

    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        return self._generated(photos, prompts, search)
