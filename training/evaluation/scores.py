"""Scores of captions as in the papers (BLEU, ROUGE-L, CIDEr-D, METEOR), and plain counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge

from captioner.language.writing import ENGLISH
from training.evaluation.baseline import best_constant_caption
from training.evaluation.error_analysis import language_faults
from training.evaluation.meteor import meteor_name, meteor_score
from training.evaluation.ptb_tokenizer import words_to_score

__all__ = ["Scores", "best_constant_caption", "cider_d_of_each", "score"]


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
    by form and stem alone (see `training.evaluation.meteor`), and faults of language are not looked
    for.

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
