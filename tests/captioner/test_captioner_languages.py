"""Captions in several languages by one checkpoint, on both engines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from captioner.captioner import Captioner, PhotoCaptions
from captioner.checkpoint.file import read_file, write_file
from captioner.language.writing import written
from captioner.queue.messages import CaptionJob
from captioner.worker.batch_handler import BatchHandler
from captioner.worker.health import check_model
from tests.support.models import FUNCTION_WORDS, LANGUAGES, WORDS, save_small_checkpoint
from tests.support.photos import drawing, photo

STATIC = Path(__file__).parents[2] / "bot" / "adapters" / "web" / "static"
AGREED = {"an", "no"}  # articles that the model lacks: "a", "na" before other words
CODES = ("en", "de", "pt", "zh")
OWN = {"en": WORDS, **{code: words for own in LANGUAGES.values() for code, words in own.items()}}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("languages")
    save_small_checkpoint(place / "english.safetensors")
    return save_small_checkpoint(place / "many.safetensors", languages=True)


@pytest.fixture(scope="module")
def on_torch(path: Path) -> Captioner:
    return Captioner.load(path, device="cpu", engine="torch")


@pytest.fixture(scope="module")
def on_openvino(path: Path) -> Captioner:
    return Captioner.load(path, device="cpu", engine="openvino")


@pytest.fixture(scope="module", params=["torch", "openvino"])
def captioner(request: pytest.FixtureRequest) -> Captioner:
    found: Captioner = request.getfixturevalue(f"on_{request.param}")
    return found


@pytest.fixture(scope="module")
def photos() -> list[Image.Image]:
    return [drawing(200 + 7 * seed, 160, seed) for seed in range(12)]


def words_of(found: PhotoCaptions) -> list[list[str]]:
    return [[word.text for word in caption.words] for caption in found.captions]


def same(found: list[PhotoCaptions], others: list[PhotoCaptions]) -> None:
    for one, other in zip(found, others, strict=True):
        assert (words_of(one), one.language) == (words_of(other), other.language)
        for x, y in zip(one.captions, other.captions, strict=True):
            assert x.text == y.text
            assert x.log_prob == pytest.approx(y.log_prob, abs=1e-3)
        assert one.confidence == pytest.approx(other.confidence, abs=1e-3)


def test_every_language_says_its_own_words(captioner: Captioner, photos: list[Image.Image]) -> None:
    assert captioner.languages == captioner.capabilities.languages == CODES
    assert captioner.language == "en"
    for code in CODES:
        found = captioner.caption(photos, languages=[code] * len(photos))
        assert {one.language for one in found} == {code}
        assert len({one.captions[0].text for one in found}) >= 3
        for one in found:
            [words] = words_of(one)
            assert {*words} <= {*OWN[code], *AGREED}
            assert one.captions[0].text == written(words, code)


def test_a_batch_of_many_languages_is_each_photo_alone(
    captioner: Captioner, photos: list[Image.Image]
) -> None:
    wanted = [("zh", "en", "de", None, "pt", "ja")[n % 6] for n in range(len(photos))]
    together = captioner.caption(photos, n_best=3, languages=wanted)
    assert [one.language for one in together[:6]] == ["zh", "en", "de", "en", "pt", "en"]
    alone = [
        captioner.caption([one], n_best=3, languages=[language])[0]
        for one, language in zip(photos, wanted, strict=True)
    ]
    same(together, alone)


def test_english_is_what_it_is_without_the_others(
    captioner: Captioner, path: Path, photos: list[Image.Image]
) -> None:
    alone = Captioner.load(
        path.with_name("english.safetensors"), device="cpu", engine=captioner.engine
    )
    captioner.caption(photos[:2], languages=["de", "zh"])
    assert captioner.caption(photos, n_best=3) == alone.caption(photos, n_best=3)
    assert captioner.caption(photos[:1], n_best=3) == alone.caption(photos[:1], n_best=3)


def test_both_engines_agree_in_every_language(
    on_torch: Captioner, on_openvino: Captioner, photos: list[Image.Image]
) -> None:
    wanted = [CODES[n % 4] for n in range(len(photos))]
    same(
        on_openvino.caption(photos, n_best=3, languages=wanted),
        on_torch.caption(photos, n_best=3, languages=wanted),
    )


def test_content_words_come_once(captioner: Captioner, photos: list[Image.Image]) -> None:
    for code, function_words in FUNCTION_WORDS.items():
        assert captioner.vocabulary_in(code) > {*OWN[code]}
        for one in captioner.caption(photos, languages=[code] * len(photos)):
            content = [w for w in words_of(one)[0] if w not in {*function_words, *AGREED}]
            assert len(content) == len({*content})
            assert {word.family for word in one.said if word.family} == {
                word.lower() for word in content
            }


def test_alternatives_read_differently_once_their_words_agree() -> None:
    bundled = Captioner.load(device="cpu")
    cat = Image.open(STATIC / "example-cat.jpg")  # Portuguese: "sentado" and "sentada"
    languages = bundled.languages
    found = bundled.caption([cat] * len(languages), n_best=3, languages=languages)
    texts = {one.language: [caption.text for caption in one.captions] for one in found}
    assert len(texts["en"]) == len(texts["de"]) == 3
    for said in texts.values():
        assert len(said) == len({*said})


def test_beam_sizes_in_a_language(captioner: Captioner, photos: list[Image.Image]) -> None:
    found = captioner.caption_by_beam_size(photos[:3], [1, 4], language="de")
    same(found[4], captioner.caption(photos[:3], beam_size=4, languages=["de"] * 3))
    assert {one.language for one in found[1]} == {"de"}


def test_a_language_may_prefer_longer_captions(
    captioner: Captioner, path: Path, photos: list[Image.Image], tmp_path: Path
) -> None:
    file = read_file(path)
    lengths = {}
    for power in (0.0, 2.0):
        german = replace(file.languages["de"], length_power=power)
        changed = replace(file, languages={**file.languages, "de": german})
        write_file(tmp_path / "changed.safetensors", changed.describe(), file.tensors)
        assert read_file(tmp_path / "changed.safetensors").languages["de"].length_power == power
        other = Captioner.load(
            tmp_path / "changed.safetensors", device="cpu", engine=captioner.engine
        )
        found = other.caption(photos, languages=["de"] * len(photos))
        lengths[power] = sum(len(words_of(one)[0]) for one in found)
        assert other.caption(photos[:3]) == captioner.caption(photos[:3])
    assert lengths[0.0] < lengths[2.0]


def test_a_worker_can_use_it(captioner: Captioner) -> None:
    answers = BatchHandler(captioner)
    check_model(answers)
    [reply] = answers.answer([CaptionJob(adapter="web", photo=photo(seed=3), dedupe="", person="")])
    assert reply.captions


def test_a_worker_s_identity_changes_with_a_language(path: Path, tmp_path: Path) -> None:
    """What is cached is kept by it."""
    file = read_file(path)
    changed = file.tensors | {
        "languages.de.output.bias": file.tensors["languages.de.output.bias"] + 1
    }
    write_file(tmp_path / path.name, file.describe(), changed)
    first, other = (
        BatchHandler(Captioner.load(one, device="cpu", engine="torch")).model
        for one in (path, tmp_path / path.name)
    )
    assert first != other
