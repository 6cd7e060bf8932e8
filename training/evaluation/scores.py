"""Scores of captions as in the papers (BLEU, ROUGE-L, CIDEr-D, METEOR), and plain counts.

Beside them stands the best constant caption: a captioner must beat it to show that it looks at the
photos.

METEOR 1.5 is computed by the Java program in pycocoevalcap. It compares English words by form,
stem, synonyms and paraphrases. The program has stemmers and weights of other languages too, but
pycocoevalcap brings no paraphrases of theirs: there, words are compared by form and stem alone, and
the score is named so. That is lower than METEOR of papers. Chinese and Arabic have no stemmer in
it, and so no score.
"""

from __future__ import annotations

import logging
import math
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pycocoevalcap.meteor.meteor
from numpy.typing import NDArray
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge

from captioner.language.writing import ENGLISH
from training.evaluation.error_analysis import language_faults
from training.evaluation.ptb_tokenizer import words_to_score


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The scores of a set of captions: coco-caption's metrics and plain counts.

    BLEU is in percent; ROUGE-L, CIDEr-D and METEOR have coco-caption's scales (papers print a
    METEOR of 0.189 as 18.9, and often a CIDEr-D of 0.45 as 45). Shares are 0…1.
    """

    bleu_1: float
    bleu_2: float
    bleu_3: float
    bleu_4: float
    rouge_l: float
    cider_d: float
    meteor: float | None  # what `meteor_name` says; None without Java
    captions: int
    distinct: int  # number of different captions
    copied: float | None  # share that equal a training caption; None without training captions
    vocabulary: int  # number of different words in all captions
    mean_length: float  # words
    # Faults of language; None where captions are not in English.
    bad_endings: float | None  # share of captions that break off or say nothing
    repeated: float | None  # share with a content word twice: "a horse is jumping over a horse"
    wrong_articles: float | None  # share with a wrong "a" or "an"
    bad_language: float | None  # share with any of these three


def score(
    candidates: Mapping[str, str],
    references: Mapping[str, Sequence[str]],
    *,
    train_captions: Iterable[str] = (),
    meteor: bool = True,
    language: str = ENGLISH,
) -> Scores:
    """The scores of one caption for each photo against the photo's reference captions.

    pycocoevalcap computes them on the tokens of `training.evaluation.ptb_tokenizer`, so they do
    not depend on Java, except that METEOR needs it. `meteor=False` leaves METEOR out, which takes
    ten seconds to start.

    In another language than English the tokens are those of `words_to_score`, METEOR compares words
    by form and stem alone, and faults of language are not looked for.

    - BLEU is of the whole corpus, without smoothing. Its brevity penalty compares the length of
      all candidates with that of, for each, the reference *closest* in length (the shorter one
      of two as close).
    - CIDEr-D is what coco-caption calls "CIDEr": counts clipped to the reference's, a Gaussian
      penalty on the difference in length (sigma 6), 1- to 4-grams averaged, times 10. Document
      frequencies come from `references` ("corpus" mode), so scores are only comparable over the
      same photos, and a single photo always scores 0.
    - ROUGE-L has beta 1.2, and the best precision and the best recall over the references.

    Raises ValueError, naming photos, if there is nothing to score, if candidates and references
    are for different photos, or if a photo has no references.
    """
    check_photos(candidates, references)
    photos = sorted(candidates)
    tokens = {photo: words_to_score(candidates[photo], language) for photo in photos}
    made = {photo: [" ".join(tokens[photo])] for photo in photos}
    wanted = {p: [" ".join(words_to_score(r, language)) for r in references[p]] for p in photos}
    bleu = [100 * float(b) for b in Bleu(4).compute_score(wanted, made, verbose=0)[0]]
    known = _sentences(tuple(train_captions), language)
    said = [sentence for [sentence] in made.values()]
    people = {word for texts in wanted.values() for text in texts for word in text.split()}
    faults = language_faults(list(tokens.values()), people) if language == ENGLISH else None
    return Scores(
        bleu_1=bleu[0],
        bleu_2=bleu[1],
        bleu_3=bleu[2],
        bleu_4=bleu[3],
        rouge_l=float(Rouge().compute_score(wanted, made)[0]),
        cider_d=float(Cider().compute_score(wanted, made)[0]),
        meteor=meteor_score({p: s for p, [s] in made.items()}, wanted, language=language)
        if meteor and meteor_name(language)
        else None,
        captions=len(photos),
        distinct=len(set(said)),
        copied=sum(s in known for s in said) / len(said) if known else None,
        vocabulary=len({word for words in tokens.values() for word in words}),
        mean_length=sum(map(len, tokens.values())) / len(tokens),
        bad_endings=faults.bad_endings if faults else None,
        repeated=faults.repeated if faults else None,
        wrong_articles=faults.wrong_articles if faults else None,
        bad_language=faults.any if faults else None,
    )


@lru_cache(maxsize=2)
def _sentences(captions: tuple[str, ...], language: str) -> frozenset[str]:
    return frozenset(" ".join(words_to_score(caption, language)) for caption in captions)


def cider_d_of_each(
    candidates: Mapping[str, str],
    references: Mapping[str, Sequence[str]],
    *,
    language: str = ENGLISH,
) -> dict[str, float]:
    """Each photo's CIDEr-D; their mean is `score`'s. Raises ValueError as `score` does."""
    check_photos(candidates, references)
    made = {p: [" ".join(words_to_score(text, language))] for p, text in candidates.items()}
    wanted = {p: [" ".join(words_to_score(r, language)) for r in references[p]] for p in made}
    each = Cider().compute_score(wanted, made)[1]
    return {photo: float(value) for photo, value in zip(wanted, each, strict=True)}


def check_photos(candidates: Mapping[str, str], references: Mapping[str, Sequence[str]]) -> None:
    """Raise ValueError, naming photos, unless both have the same photos and at least one."""
    if not candidates and not references:
        raise ValueError("no captions to score")
    for problem, photos in (
        ("without a caption", references.keys() - candidates.keys()),
        ("without reference captions", candidates.keys() - references.keys()),
        ("without reference captions", {p for p, r in references.items() if not r}),
    ):
        if photos:
            some = ", ".join(sorted(photos)[:3]) + (", …" if len(photos) > 3 else "")
            count = f"{len(photos)} photo{'s' * (len(photos) > 1)}"
            raise ValueError(f"{count} {problem}: {some}")


_LOG = logging.getLogger(__name__)
_JAR = Path(pycocoevalcap.meteor.meteor.__file__).with_name("meteor-1.5.jar")
_STEMS_ONLY = frozenset({"de", "es", "fr", "pt"})  # METEOR was not tuned for Portuguese


def meteor_name(language: str) -> str | None:
    """What the score in a language is called; None if it has none."""
    if language == ENGLISH:
        return "METEOR"
    return "METEOR, exact and stems" if language in _STEMS_ONLY else None


def meteor_score(
    candidates: Mapping[str, str],
    references: Mapping[str, Sequence[str]],
    *,
    language: str = ENGLISH,
    seconds: float = 300.0,
) -> float | None:
    """METEOR (0…1) of tokenised captions; None if Java is missing or fails.

    `language` is one that has a `meteor_name`.

    A failure or a timeout after `seconds` is logged as a warning. When this returns, the process
    has ended in any case.
    """
    java = shutil.which("java")
    if java is None:
        return None
    command = [java, "-Xmx2G", "-Dfile.encoding=UTF-8", "-jar", str(_JAR)]
    command += ["-", "-", "-stdio", "-l", language]
    command += ["-norm"] if language == ENGLISH else ["-m", "exact stem"]
    process = subprocess.Popen(  # noqa: S603 - a fixed command; captions go in by its input
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    watchdog = threading.Timer(seconds, process.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        return _converse(process, candidates, references)
    except (OSError, ValueError) as error:
        _LOG.warning("METEOR is left out: Java failed or took over %g s (%s)", seconds, error)
        return None
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


def _converse(
    process: subprocess.Popen[str],
    candidates: Mapping[str, str],
    references: Mapping[str, Sequence[str]],
) -> float:
    """Ask for the statistics of each caption, then for the score of all statistics."""
    statistics = [
        _ask(process, ["SCORE", *references[photo], caption])
        for photo, caption in candidates.items()
    ]
    _ask(process, ["EVAL", *statistics])  # answers a score for each, then one for all
    assert process.stdout is not None
    answers = [process.stdout.readline() for _ in candidates]
    return float(answers[-1])


def _ask(process: subprocess.Popen[str], fields: Sequence[str]) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(" ||| ".join(" ".join(f.split()) for f in fields) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise ValueError("no answer")
    return answer.strip()


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
