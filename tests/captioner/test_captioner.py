"""The one door to the model: the same photo, the same caption, whatever is around it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from captioner.capabilities import Capabilities
from captioner.captioner import Captioner, DeviceError, PhotoCaptions
from captioner.checkpoint.confidence import (
    UNCALIBRATED,
    CaptionCertainty,
    Certainty,
    WordCertainty,
)
from captioner.checkpoint.file import read_file
from captioner.checkpoint.torch_checkpoint import CheckpointError, load_checkpoint
from captioner.engines.torch_engine import TorchEngine, pick_device
from captioner.language.english import ANIMAL_OF
from captioner.queue.messages import Caption
from tests.support.models import save_small_checkpoint, small_checkpoint
from tests.support.photos import photo


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_small_checkpoint(tmp_path_factory.mktemp("captioner") / "small.safetensors")


@pytest.fixture(scope="module", params=["torch", "openvino"])
def captioner(request: pytest.FixtureRequest, path: Path) -> Captioner:
    return Captioner.load(path, device="cpu", engine=request.param)


@pytest.fixture(scope="module")
def photos() -> list[Image.Image]:
    return [open_photo(seed) for seed in range(32)]


def open_photo(seed: int) -> Image.Image:
    import io

    return Image.open(io.BytesIO(photo(width=200 + 7 * seed, height=160, seed=seed))).convert("RGB")


def same(one: PhotoCaptions, other: PhotoCaptions) -> None:
    assert [c.text for c in one.captions] == [c.text for c in other.captions]
    for x, y in zip(one.captions, other.captions, strict=True):
        assert x.log_prob == pytest.approx(y.log_prob, abs=1e-3)
    assert one.confidence == pytest.approx(other.confidence, abs=1e-3)


def test_captions_differ_from_photo_to_photo(
    captioner: Captioner, photos: list[Image.Image]
) -> None:
    """Else the tests of sameness below would be empty."""
    texts = {found.captions[0].text for found in captioner.caption(photos)}
    assert len(texts) >= 8


def test_same_caption_twice(captioner: Captioner, photos: list[Image.Image]) -> None:
    first = captioner.caption(photos[:4], n_best=3)
    captioner.caption(photos[4:20])
    for one, other in zip(first, captioner.caption(photos[:4], n_best=3), strict=True):
        assert one == other


def test_same_caption_after_reloading(
    captioner: Captioner, path: Path, photos: list[Image.Image]
) -> None:
    again = Captioner.load(path, device="cpu", engine=captioner.engine)
    assert captioner.caption(photos[:8]) == again.caption(photos[:8])


def test_same_caption_alone_and_in_a_batch_of_32(
    captioner: Captioner, photos: list[Image.Image]
) -> None:
    together = captioner.caption(photos, beam_size=5, n_best=3)
    for one, alone in zip(photos, together, strict=True):
        same(captioner.caption([one], beam_size=5, n_best=3)[0], alone)


def test_same_caption_in_any_place_of_the_batch(
    captioner: Captioner, photos: list[Image.Image]
) -> None:
    straight = captioner.caption(photos[:9])
    backwards = captioner.caption(photos[8::-1])
    for one, other in zip(straight, reversed(backwards), strict=True):
        same(one, other)


def test_same_caption_on_one_thread_and_on_two(
    captioner: Captioner, photos: list[Image.Image]
) -> None:
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = captioner.caption(photos[:8])
        torch.set_num_threads(2)
        two = captioner.caption(photos[:8])
    finally:
        torch.set_num_threads(threads)
    for x, y in zip(one, two, strict=True):
        same(x, y)


def test_what_a_caption_holds(captioner: Captioner, photos: list[Image.Image]) -> None:
    found = captioner.caption(photos[:1], beam_size=4, n_best=3)[0]
    best, *others = found.captions
    assert len(others) == 2
    assert found.grid == (2, 2)
    assert found.confidence is not None
    assert 0 < found.confidence < 1
    words = [word.log_prob for word in best.words]
    assert found.confidence == pytest.approx(UNCALIBRATED.confidence(best.log_prob, words))
    for word in best.words:
        assert word.log_prob <= 0
        assert sum(word.attention) == pytest.approx(1, abs=1e-3)
        assert len(word.attention) == 4
    assert sum(w.log_prob for w in best.words) >= best.log_prob
    assert all(not w.attention for c in others for w in c.words)
    assert len({c.text for c in found.captions}) == 3


def test_its_only_language_is_the_default_one(
    captioner: Captioner, photos: list[Image.Image]
) -> None:
    assert captioner.capabilities == Capabilities(("en",), True, True, False, ("short",))
    assert (captioner.languages, captioner.language) == (("en",), "en")
    found = captioner.caption(photos[:3], languages=["de", None, "en"])
    assert found == captioner.caption(photos[:3])
    assert {one.language for one in found} == {"en"}
    with pytest.raises(ValueError, match="2 languages for 3 photos"):
        captioner.caption(photos[:3], languages=["en", "en"])


def test_photos_of_every_shape_and_mode(captioner: Captioner) -> None:
    photos = [
        Image.new("RGB", (1, 1)), Image.new("L", (3, 900)), Image.new("RGBA", (2000, 40)),
        Image.new("CMYK", (64, 64)), Image.new("1", (64, 64)), Image.new("P", (10, 10)),
    ]  # fmt: skip
    assert len(captioner.caption(photos)) == len(photos)


def test_no_photos(captioner: Captioner) -> None:
    assert captioner.caption([]) == []


@pytest.mark.parametrize("options", [{"beam_size": 0}, {"n_best": 9}, {"n_best": 0}])
def test_impossible_options(captioner: Captioner, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="n_best"):
        captioner.caption([Image.new("RGB", (64, 64))], **options)


@pytest.mark.parametrize("name", ["cuda:99", "tpu", "cpu:x", ""])
def test_devices_that_are_not_there(name: str) -> None:
    with pytest.raises(DeviceError, match="CAPTIONBOT_DEVICE"):
        pick_device(name)


def test_a_model_of_others_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    for path in (Path("hf:owner/name"), tmp_path):
        with pytest.raises(CheckpointError, match="a model that others made"):
            read_file(path)


def test_missing_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no such checkpoint"):
        Captioner.load(tmp_path / "none.safetensors")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_same_caption_on_cpu_and_gpu(path: Path, photos: list[Image.Image]) -> None:
    on_gpu = Captioner(load_checkpoint(path, device="cuda"), device="cuda").caption(photos)
    on_cpu = Captioner.load(path, device="cpu", engine="torch").caption(photos)
    assert_nearly_the_same(on_gpu, on_cpu)  # the encoder may be in bfloat16 there


def test_an_encoder_in_bfloat16_says_nearly_the_same(path: Path, photos: list[Image.Image]) -> None:
    checkpoint = load_checkpoint(path)
    half = Captioner(TorchEngine(checkpoint, "cpu", precision=torch.bfloat16))
    exact = Captioner(TorchEngine(checkpoint, "cpu"))
    assert_nearly_the_same(half.caption(photos), exact.caption(photos))
    assert half.caption(photos) == half.caption(photos)
    assert half.caption(photos) != exact.caption(photos)
    assert next(checkpoint.encoder.parameters()).dtype == torch.float32  # it is a copy


def assert_nearly_the_same(found: list[PhotoCaptions], expected: list[PhotoCaptions]) -> None:
    alike = 0
    for one, other in zip(found, expected, strict=True):
        mine, theirs = one.captions[0], other.captions[0]
        if mine.text == theirs.text:
            alike += 1
            assert mine.log_prob == pytest.approx(theirs.log_prob, rel=0.05)
    assert alike >= 0.7 * len(found)


def test_an_animal_has_its_name_where_that_is_certain(photos: list[Image.Image]) -> None:
    """The caption says the same otherwise, and nothing is known of the general word."""
    words = ("is", "in", "on", "with", "dog", "cat", "cow", "horse", "sheep", "grass", "snow")
    checkpoint = small_checkpoint(words=words)

    def said(bias: float) -> list[Caption]:
        certainty = Certainty(WordCertainty(bias, {}, {}, 0.9), CaptionCertainty(0.0, {}))
        calibrated = replace(UNCALIBRATED, certainty=certainty)
        captioner = Captioner(replace(checkpoint, calibration=calibrated))
        return [found.captions[0] for found in captioner.caption(photos)]

    changed = 0
    for sure, unsure in zip(said(5.0), said(-5.0), strict=True):
        assert "animal" not in sure.text
        assert sure.log_prob == unsure.log_prob
        for before, after in zip(sure.words, unsure.words, strict=True):
            if after.text != before.text:
                changed += 1
                assert before.text in ANIMAL_OF
                assert after.text in ("animal", "animals")
                assert after.certainty is after.sure is None
                assert after.attention == before.attention
                assert after.text in unsure.text.lower()
    assert changed >= 5
