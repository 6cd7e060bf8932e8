"""The best constant caption: a captioner must beat it to show that it looks at the photos."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from captioner.language.writing import ENGLISH
from training.evaluation.ptb_tokenizer import words_to_score

Ngram = tuple[str, ...]
Floats = NDArray[np.float64]
_ORDERS = 4
_SIGMA = 6.0


def best_constant_caption(
    references: Mapping[str, Sequence[str]],
    candidates: Iterable[str],
    *,
    language: str = ENGLISH,
) -> tuple[str, float]:
    """The candidate with the best CIDEr-D if every photo gets it, and that CIDEr-D.

    All candidates are scored exactly (captions with the same tokens once). If several are equal,
    the first wins. Raises ValueError without candidates or references.
    """
    distinct: dict[tuple[str, ...], str] = {}
    for caption in candidates:
        distinct.setdefault(tuple(words_to_score(caption, language)), caption)
    if not distinct:
        raise ValueError("no candidate captions")
    scorer = _ConstantCider(references, language)
    scores = {caption: scorer.score(tokens) for tokens, caption in distinct.items()}
    best = max(scores, key=lambda caption: scores[caption])
    return best, scores[best]


class _ConstantCider:
    """The mean CIDEr-D of one caption over all photos.

    For fixed references, the contribution of an n-gram depends only on its count in the caption
    and on the caption's length. So it is summed over all references once, and then looked up.
    """

    def __init__(self, references: Mapping[str, Sequence[str]], language: str) -> None:
        if not references or not all(references.values()):
            raise ValueError("no reference captions, or a photo without any")
        per_photo = [
            [_ngrams(words_to_score(r, language)) for r in refs] for refs in references.values()
        ]
        counts = [c for refs in per_photo for c in refs]
        frequency = Counter(g for refs in per_photo for g in set().union(*refs))
        self._top = math.log(len(per_photo))
        self._idf = {g: self._top - math.log(n) for g, n in frequency.items()}
        self._number = {g: i for i, g in enumerate(frequency)}
        self._length = np.array([_bigrams(c) for c in counts], dtype=np.float64)
        shares = [[1 / (len(refs) * len(per_photo))] * len(refs) for refs in per_photo]
        self._weight = np.array([share for refs in shares for share in refs])
        # one entry for each n-gram of each reference
        entries = [
            (self._number[g], row, tf, tf * self._idf[g] ** 2 / norms[len(g) - 1])
            for row, c in enumerate(counts)
            for norms in [self._norms(c)]
            for g, tf in c.items()
            if norms[len(g) - 1] > 0
        ]
        table = np.array(entries, dtype=np.float64).reshape(-1, 4)
        self._of, self._row = table[:, 0].astype(np.intp), table[:, 1].astype(np.intp)
        self._tf, self._value = table[:, 2], table[:, 3]
        self._gains: dict[tuple[int, int], Floats] = {}

    def score(self, tokens: Sequence[str]) -> float:
        """CIDEr-D, times ten as in coco-caption."""
        counts = _ngrams(tokens)
        norms = self._norms(counts)
        length = _bigrams(counts)
        total = 0.0
        for ngram, tf in counts.items():
            number = self._number.get(ngram)
            norm = norms[len(ngram) - 1]
            if number is not None and norm > 0:
                total += float(self._gain(tf, length)[number]) / norm
        return 10 * total / _ORDERS

    def _norms(self, counts: Mapping[Ngram, int]) -> list[float]:
        squares = [0.0] * _ORDERS
        for ngram, tf in counts.items():
            squares[len(ngram) - 1] += (tf * self._idf.get(ngram, self._top)) ** 2
        return [math.sqrt(s) for s in squares]

    def _gain(self, tf: int, length: int) -> Floats:
        """The summed contribution of each n-gram, `tf` times in a caption of `length` bigrams."""
        key = (tf, length)
        if key not in self._gains:
            near = np.exp(-((self._length - length) ** 2) / (2 * _SIGMA**2)) * self._weight
            parts = np.minimum(tf, self._tf) * self._value * near[self._row]
            sums = np.bincount(self._of, parts, minlength=len(self._number))
            self._gains[key] = sums.astype(np.float64)
        return self._gains[key]


def _ngrams(tokens: Sequence[str]) -> Counter[Ngram]:
    return Counter(
        tuple(tokens[i : i + n]) for n in range(1, _ORDERS + 1) for i in range(len(tokens) - n + 1)
    )


def _bigrams(counts: Mapping[Ngram, int]) -> int:
    """The number of bigrams, coco-caption's measure of length."""
    return sum(tf for ngram, tf in counts.items() if len(ngram) == 2)
