"""From the tokens of a model to the words of a caption, with what is known of each."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from captioner.checkpoint.confidence import SaidWord
from captioner.language.english import FUNCTION_WORDS, family
from captioner.queue.messages import Word

Floats = NDArray[np.float32]

_WORD = re.compile(r"\S+")
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_BEFORE_MARK = re.compile(r"\s+([.,;:!?%)\]])")
_ENGLISH_TAIL = re.compile(r"\s*'\s*(s|t|re|ve|ll|d|m)\b")
_PIECE = re.compile(r"^(?:##|[ĠĊ▁]+)|</w>$")
_WHOLE = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True)
class Found:
    """A sequence of tokens that a search found, without its start and end."""

    tokens: tuple[int, ...]
    log_probs: tuple[float, ...]  # of each token
    log_prob: float  # of the tokens and the end
    score: float  # what the search ranks by
    alphas: Floats | None = None  # attention, (len(tokens), K)


class Piece(NamedTuple):
    """A word of a text: which of the tokens it is made of."""

    text: str
    tokens: tuple[int, ...]  # their places in the sequence


def pieces(tokenizer: Any, tokens: Sequence[int]) -> list[Piece]:  # noqa: ANN401 - any of theirs
    """The words of the text that tokens are, each with its tokens; every token has a word.

    A mark alone ("." or ",") belongs to the word before it.
    """
    text = _decoded(tokenizer, tokens)
    ends = [_agreeing(text, _decoded(tokenizer, tokens[: n + 1])) for n in range(len(tokens))]
    spans = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    found: list[tuple[str, list[int]]] = []
    at = 0
    for begin, end in spans:
        own: list[int] = []
        while at < len(ends) and (ends[at] <= end or not own):
            own.append(at)
            at += 1
        word = _EDGES.sub("", text[begin:end])
        if not word and found:
            found[-1][1].extend(own)
        else:
            found.append((word or text[begin:end], own))
    if found:
        found[-1][1].extend(range(at, len(ends)))
    return [Piece(word, tuple(own)) for word, own in found if own]


def words_of(found: Found, parts: Sequence[Piece], *, attention: bool) -> tuple[Word, ...]:
    """The words of a caption; with `attention`, where the model looked for each, if it says."""
    words = []
    for part in parts:
        log_prob = float(sum(found.log_probs[place] for place in part.tokens))
        alphas: tuple[float, ...] = ()
        if attention and found.alphas is not None:
            mean = found.alphas[list(part.tokens)].astype(np.float64).mean(0)
            alphas = tuple(np.round(mean / max(mean.sum(), 1e-12), 5).tolist())
        words.append(Word(text=part.text, log_prob=log_prob, attention=alphas))
    return tuple(words)


def said_words(
    found: Found, parts: Sequence[Piece], vocabulary: frozenset[str], size: int
) -> tuple[SaidWord, ...]:
    """What the certainty of each word is estimated from.

    How rare a word is, is told by its tokens' numbers: tokenizers number the common ones first.
    """
    said = []
    for part in parts:
        places = list(part.tokens)
        word = part.text.lower()
        rarest = max(found.tokens[place] for place in places)
        said.append(
            SaidWord(
                family="" if word in FUNCTION_WORDS else family(word, vocabulary),
                log_prob=float(sum(found.log_probs[place] for place in places)),
                spread=_spread(found.alphas, places),
                rarity=math.log(1 + rarest) / math.log(1 + max(size, 2)),
            )
        )
    return tuple(said)


def known_words(tokenizer: Any) -> frozenset[str]:  # noqa: ANN401 - any of theirs
    """The whole words among a tokenizer's tokens."""
    bare = (_PIECE.sub("", token).lower() for token in tokenizer.get_vocab())
    return frozenset(token for token in bare if _WHOLE.fullmatch(token))


def tidy(tokenizer: Any, tokens: Sequence[int]) -> str:  # noqa: ANN401 - any of theirs
    """The text that tokens are, without the spaces that tokenizers leave before marks."""
    text = _BEFORE_MARK.sub(r"\1", _decoded(tokenizer, tokens))
    return _ENGLISH_TAIL.sub(r"'\1", text)


def _spread(alphas: Floats | None, places: Sequence[int]) -> float:
    """The entropy of a word's attention, 0 (one place) … 1 (all alike); 1 without attention."""
    if alphas is None or alphas.shape[1] < 2:
        return 1.0
    mean = alphas[list(places)].astype(np.float64).mean(0)
    entropy = -(mean * np.log(np.maximum(mean, 1e-9))).sum()
    return float(entropy / math.log(alphas.shape[1]))


def _decoded(tokenizer: Any, tokens: Sequence[int]) -> str:  # noqa: ANN401 - any of theirs
    text: str = tokenizer.decode(
        list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False
    )
    return text


def _agreeing(text: str, beginning: str) -> int:
    """How many characters of the text some of its tokens account for.

    A character of several bytes may be cut in the middle; its part is then another one.
    """
    same = 0
    for ours, theirs in zip(text, beginning, strict=False):
        if ours != theirs:
            break
        same += 1
    return same
