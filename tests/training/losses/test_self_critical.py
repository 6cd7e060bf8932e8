"""Our CIDEr-D and BLEU-4 against pycocoevalcap's, on random captions."""

from __future__ import annotations

import random

import pytest
from pycocoevalcap.bleu.bleu_scorer import BleuScorer
from pycocoevalcap.cider.cider_scorer import CiderScorer

from training.losses.self_critical import Caption, CaptionRewards, encode_captions

END = 0


def random_caption(rng: random.Random, shortest: int = 1) -> Caption:
    """Few words, the small numbers common and the large ones rare, so that n-grams repeat."""
    length = rng.randint(shortest, 14)
    return (*(min(int(rng.expovariate(0.4)) + 1, 12) for _ in range(length)), END)


def random_photos(rng: random.Random, photos: int) -> list[list[Caption]]:
    return [[random_caption(rng) for _ in range(rng.randint(1, 5))] for _ in range(photos)]


def text(caption: Caption) -> str:
    return " ".join(map(str, caption))


@pytest.mark.parametrize("seed", range(5))
def test_scores_are_pycocoevalcaps(seed: int) -> None:
    """Photo by photo, with candidates that are random, copied, near and empty."""
    rng = random.Random(seed)
    references = random_photos(rng, 40)
    references[0] = [random_caption(rng, shortest=4)]
    candidates = [random_caption(rng) for _ in references]
    candidates[0], candidates[1] = references[0][0], (*references[1][0][:-1], 3, END)
    candidates[2], candidates[3], candidates[4] = (), (END,), (99, 98, 97)
    cider, bleu = CiderScorer(n=4, sigma=6.0), BleuScorer(n=4)
    for candidate, own in zip(candidates, references, strict=True):
        cider += (text(candidate), [text(r) for r in own])
        bleu += (text(candidate), [text(r) for r in own])
    rewards = CaptionRewards(references)
    _, wanted = cider.compute_score()
    found = [rewards.cider_d(i, c) for i, c in enumerate(candidates)]
    assert found == pytest.approx(wanted.tolist(), abs=1e-9)
    assert sum(f > 0.1 for f in found) > 20
    _, wanted_bleu = bleu.compute_score(option="closest")
    found = [rewards.bleu_4(i, c) for i, c in enumerate(candidates)]
    assert found == pytest.approx(wanted_bleu[3], abs=1e-9)
    assert found[0] == pytest.approx(1.0, abs=1e-6)


def test_document_frequencies_do_not_depend_on_what_is_scored() -> None:
    rng = random.Random(7)
    rewards = CaptionRewards(random_photos(rng, 10))
    caption = random_caption(rng)
    before = rewards.cider_d(3, caption)
    for _ in range(20):
        rewards.cider_d(rng.randrange(10), random_caption(rng))
    assert rewards.cider_d(3, caption) == before


def test_a_caption_that_breaks_off_earns_less_than_one_that_ends() -> None:
    """The known flaw of rewards without an end: "a man in a red shirt and a" scores well."""
    a, man, in_, red, shirt, and_ = 1, 2, 3, 4, 5, 6
    rewards = CaptionRewards(
        [[(a, man, in_, a, red, shirt, END)], [(a, man, and_, a, man, END)], [(7,)]]
    )
    whole = (a, man, in_, a, red, shirt, END)
    broken = (a, man, in_, a, red, shirt, and_, a, END)
    cut = whole[:-1]
    assert rewards.cider_d(0, whole) > rewards.cider_d(0, cut) > 0
    assert rewards.cider_d(0, whole) > 1.3 * rewards.cider_d(0, broken)


def test_one_photo_alone_scores_nothing() -> None:
    """As in pycocoevalcap: the logarithm of one photo is no rarity at all."""
    assert CaptionRewards([[(1, 2, 3)]]).cider_d(0, (1, 2, 3)) == 0.0


def test_unknown_words_are_told_apart() -> None:
    known = {"a": 5, "dog": 6}
    found = encode_captions([[["a", "dog"], ["an", "okapi"]], [["okapi"]]], known)
    assert found[0][0] == (5, 6)
    assert found[1][0][0] == found[0][1][1] != found[0][1][0]
    assert len({5, 6, *found[0][1]}) == 4
    assert known == {"a": 5, "dog": 6}
