import json
import math
import os
import shutil
import stat
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from training.evaluation.scores import best_constant_caption, meteor_name, meteor_score, score

PHOTOS = {
    "a.jpg": ["A dog runs on the grass .", "A brown dog is running outside .", "The dog runs ."],
    "b.jpg": ["Two men play a game of chess .", "Men play chess in the park ."],
    "c.jpg": ["A dog is in the water .", "A black dog swims , swims and swims !"],
    "d.jpg": ["A woman on a red bicycle .", "A woman rides her red bicycle to the park ."],
}
MADE = {
    "a.jpg": "a dog runs on grass",
    "b.jpg": "two men play chess in the park and play chess in the park",
    "c.jpg": "a dog swims swims",
    "d.jpg": "a man on a skateboard",
}


def test_bleu_by_hand() -> None:
    scores = score(
        {"p": "A dog runs on grass."},
        {"p": ["A dog runs on the grass.", "dog on grass today, is ok"]},
        meteor=False,
    )
    # 5 of 5 words, 4 of 4 bigrams, 2 of 3 trigrams, 1 of 2 4-grams; 5 words where 6 were wanted
    brevity = math.exp(1 - 6 / 5)
    assert scores.bleu_1 == pytest.approx(100 * brevity)
    assert scores.bleu_2 == pytest.approx(100 * brevity)
    assert scores.bleu_3 == pytest.approx(100 * brevity * (2 / 3) ** (1 / 3))
    assert scores.bleu_4 == pytest.approx(100 * brevity * (2 / 3 * 1 / 2) ** (1 / 4))


def test_bleu_clips_repetitions() -> None:
    scores = score({"p": "the the the the"}, {"p": ["the cat the"]}, meteor=False)
    assert scores.bleu_1 == pytest.approx(100 * 2 / 4)


def test_bleu_is_penalised_by_the_closest_reference_the_shorter_of_two() -> None:
    four, six, nine = "a b c d", "a b c d e f", "a b c d e f g h i"
    brevity = math.exp(1 - 6 / 5)
    closest = score({"p": "a b c d e"}, {"p": [six, nine]}, meteor=False)
    assert closest.bleu_1 == pytest.approx(100 * brevity)
    shorter = score({"p": "a b c d e"}, {"p": [six, four]}, meteor=False)
    assert shorter.bleu_1 == pytest.approx(100)


def test_bleu_is_of_the_corpus_not_a_mean_of_photos() -> None:
    made = {"p": "a b", "q": "a b c d e f"}
    scores = score(made, {"p": ["x y"], "q": ["a b c d e f"]}, meteor=False)
    assert scores.bleu_1 == pytest.approx(100 * 6 / 8)


def test_rouge_by_hand() -> None:
    scores = score({"p": "a dog runs"}, {"p": ["a black dog"]}, meteor=False)
    precision, recall = 2 / 3, 2 / 3
    expected = (1 + 1.2**2) * precision * recall / (recall + 1.2**2 * precision)
    assert scores.rouge_l == pytest.approx(expected)


def independent_cider_d(made: Mapping[str, str], wanted: Mapping[str, Sequence[str]]) -> float:
    """CIDEr-D as its paper defines it, slow and plain; for texts that only need splitting."""

    def grams(text: str, n: int) -> Counter[tuple[str, ...]]:
        words = text.split()
        return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))

    total = 0.0
    for photo in made:
        for n in (1, 2, 3, 4):

            def idf(gram: tuple[str, ...], n: int = n) -> float:
                seen = sum(any(gram in grams(r, n) for r in refs) for refs in wanted.values())
                return math.log(len(wanted) / max(1, seen))

            def norm(counts: Counter[tuple[str, ...]], n: int = n) -> float:
                return math.sqrt(sum((tf * idf(g, n)) ** 2 for g, tf in counts.items()))

            ours = grams(made[photo], n)
            for reference in wanted[photo]:
                theirs = grams(reference, n)
                dot = sum(
                    min(tf * idf(g), theirs[g] * idf(g)) * theirs[g] * idf(g)
                    for g, tf in ours.items()
                )
                length = len(made[photo].split()) - len(reference.split())
                near = math.exp(-(length**2) / (2 * 6.0**2))
                norms = norm(ours) * norm(theirs)
                total += 10 / 4 * near * (dot / norms if norms else 0) / len(wanted[photo])
    return total / len(made)


def plain(text: str) -> str:
    return " ".join(word for word in text.lower().split() if word not in ".,!")


def test_cider_d_agrees_with_an_independent_implementation() -> None:
    wanted = {photo: [plain(r) for r in refs] for photo, refs in PHOTOS.items()}
    expected = independent_cider_d(MADE, wanted)
    assert expected > 0.5
    assert score(MADE, PHOTOS, meteor=False).cider_d == pytest.approx(expected)


def test_cider_d_of_a_perfect_caption_is_ten_and_of_a_foreign_one_nothing() -> None:
    wanted = {"p": ["a dog runs on grass"], "q": ["two men play some chess"]}
    assert score({p: r for p, [r] in wanted.items()}, wanted, meteor=False).cider_d == (
        pytest.approx(10)
    )
    assert score(dict.fromkeys(wanted, "zebra"), wanted, meteor=False).cider_d == 0


def test_one_photo_has_no_cider_d() -> None:
    assert score({"p": "a dog"}, {"p": ["a dog"]}, meteor=False).cider_d == 0


def test_order_of_photos_and_case_and_punctuation_change_nothing() -> None:
    turned = {photo: f"{MADE[photo].upper()} !" for photo in reversed(MADE)}
    assert score(turned, PHOTOS, meteor=False) == score(MADE, PHOTOS, meteor=False)


def test_what_the_numbers_hide() -> None:
    made = {"a": "A dog .", "b": "a dog", "c": "a cat on the", "d": "two men play", "e": ""}
    wanted = {photo: ["some dogs play"] for photo in made}
    scores = score(made, wanted, train_captions=["A DOG!", "two cats play"], meteor=False)
    assert scores.captions == 5
    assert scores.distinct == 4
    assert scores.copied == pytest.approx(2 / 5)
    assert scores.vocabulary == len({"a", "dog", "cat", "on", "the", "two", "men", "play"})
    assert scores.mean_length == pytest.approx((2 + 2 + 4 + 3 + 0) / 5)
    assert scores.bad_endings == pytest.approx(2 / 5)
    assert (scores.repeated, scores.wrong_articles) == (0, 0)
    assert scores.bad_language == pytest.approx(2 / 5)


def test_copied_is_unknown_without_training_captions() -> None:
    assert score(MADE, PHOTOS, meteor=False).copied is None


def test_scores_become_json_and_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    scores = score(MADE, PHOTOS, train_captions=["a dog swims swims"], meteor=False)
    assert json.loads(json.dumps(asdict(scores)))["copied"] == 0.25
    assert capfd.readouterr() == ("", "")


def test_captions_of_nothing_score_nothing() -> None:
    scores = score(dict.fromkeys(PHOTOS, " . "), PHOTOS, meteor=False)
    assert scores.bleu_4 == pytest.approx(0)
    assert scores.cider_d == 0
    assert scores.rouge_l == 0
    assert scores.bad_endings == 1


def test_missing_photos_are_named() -> None:
    with pytest.raises(ValueError, match=r"2 photos without a caption: a\.jpg, b\.jpg"):
        score({"c.jpg": "x", "d.jpg": "x"}, PHOTOS)
    with pytest.raises(ValueError, match=r"1 photo without reference captions: z\.jpg"):
        score({**MADE, "z.jpg": "x"}, PHOTOS)
    with pytest.raises(ValueError, match=r"1 photo without reference captions: a\.jpg"):
        score(MADE, {**PHOTOS, "a.jpg": []})
    with pytest.raises(ValueError, match=r"5 photos .*: 0, 1, 2, …$"):
        score({str(i): "x" for i in range(5)}, {})


def test_nothing_to_score_is_an_error() -> None:
    with pytest.raises(ValueError, match="no captions"):
        score({}, {})


# The best constant caption


def test_best_constant_caption_is_what_trying_them_all_finds() -> None:
    candidates = [r for refs in PHOTOS.values() for r in refs]
    candidates += [*MADE.values(), "a a a dog", "in the park", "", "zebra", "a dog in the park"]
    by_scorer = {
        c: score(dict.fromkeys(PHOTOS, c), PHOTOS, meteor=False).cider_d for c in candidates
    }
    for candidate, expected in by_scorer.items():
        text, cider_d = best_constant_caption(PHOTOS, [candidate])
        assert text == candidate
        assert cider_d == pytest.approx(expected)
    best = max(by_scorer, key=lambda c: by_scorer[c])
    assert best_constant_caption(PHOTOS, candidates)[0] == best


def test_the_first_of_equal_captions_wins() -> None:
    same = ["zebra", "A dog .", "a dog", "A DOG!"]
    assert best_constant_caption(PHOTOS, same)[0] == "A dog ."
    assert best_constant_caption(PHOTOS, ["zebra", "lion"]) == ("zebra", 0.0)


def test_no_candidates_or_references_is_an_error() -> None:
    with pytest.raises(ValueError, match="no candidate"):
        best_constant_caption(PHOTOS, [])
    broken: list[dict[str, list[str]]] = [{}, {"a": []}, {"a": ["x"], "b": []}]
    for wanted in broken:
        with pytest.raises(ValueError, match="no reference"):
            best_constant_caption(wanted, ["a dog"])


# METEOR


def fake_java(folder: Path, script: str) -> None:
    program = folder / "java"
    program.write_text(f"#!/bin/sh\necho $$ > {folder}/pid\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_no_java_no_meteor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with_it = score(MADE, PHOTOS)
    assert with_it.meteor is None
    assert with_it == score(MADE, PHOTOS, meteor=False)


@pytest.mark.parametrize(
    "script",
    ["exec sleep 600", "exit 1", "while read line; do echo gibberish; done", "exec yes"],
    ids=["hangs", "fails", "gibberish", "floods"],
)
def test_broken_java_is_reported_and_leaves_no_process(
    script: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake_java(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert meteor_score({"p": "a dog"}, {"p": ["a cat"]}, seconds=3) is None
    assert "METEOR is left out" in caplog.text
    assert "dog" not in caplog.text
    pid = tmp_path / "pid"
    if pid.exists():  # the slowest of hosts may not have got that far
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid.read_text()), 0)


@pytest.mark.skipif(shutil.which("java") is None, reason="METEOR needs Java")
def test_meteor() -> None:
    wanted = {"p": ["a dog runs", "a black dog is running"], "q": ["two café men play chess"]}
    perfect = meteor_score({"p": "a dog runs", "q": "two café men play chess"}, wanted)
    assert perfect == pytest.approx(1.0)


@pytest.mark.skipif(shutil.which("java") is None, reason="METEOR needs Java")
@pytest.mark.parametrize(
    ("language", "said", "wanted", "weight"),
    [  # the weight of a stem in METEOR 1.5, by language
        ("de", "hund", "hunde", 0.8),
        ("fr", "chiens", "chien", 0.2),
        ("pt", "cachorros", "cachorro", 0.5),
    ],
)
def test_meteor_by_stems(language: str, said: str, wanted: str, weight: float) -> None:
    made, people = {"p": said, "q": "a b"}, {"p": [wanted], "q": ["a b"]}
    assert meteor_score({"p": said}, {"p": [wanted]}, language=language) == pytest.approx(weight)
    both = meteor_score(made, people, language=language)
    assert both is not None
    assert weight < both < 1  # the other caption is right


def test_languages_without_stems_have_no_meteor() -> None:
    assert [meteor_name(code) for code in ("en", "de", "fr", "pt", "zh", "ar")] == [
        "METEOR",
        *["METEOR, exact and stems"] * 3,
        None,
        None,
    ]
    chinese = score({"p": "一只狗"}, {"p": ["一只猫"]}, language="zh")
    assert chinese.meteor is None
