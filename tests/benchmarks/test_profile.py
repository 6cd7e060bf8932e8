from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks import samples
from benchmarks.measurements import profile as parts
from benchmarks.measurements.profile import Clock, main_operators, seconds_of_parts, split
from captioner.captioner import Captioner
from tests.support.models import save_small_checkpoint, small_checkpoint


def test_time_inside_another_part_counts_once() -> None:
    clock = Clock()
    inner = clock.part("inner", lambda: time.sleep(0.05))
    outer = clock.part("outer", inner)
    started = time.perf_counter()
    outer()
    taken = time.perf_counter() - started
    assert clock.seconds["inner"] >= 0.05
    assert sum(clock.seconds.values()) <= taken
    assert clock.seconds["outer"] < clock.seconds["inner"]


def test_a_part_gives_what_its_function_gives_and_counts_what_fails() -> None:
    def fail(reason: str) -> None:
        raise RuntimeError(reason)

    clock = Clock()
    assert clock.part("fine", max)(1, 2) == 2
    with pytest.raises(RuntimeError, match="on purpose"):
        clock.part("broken", fail)("on purpose")
    assert clock.seconds.keys() == {"fine", "broken"}


def test_a_caption_is_divided_and_the_captioner_left_as_it_was() -> None:
    captioner, photo = Captioner(small_checkpoint()), samples.small()
    before = captioner.caption([photo])
    seconds = seconds_of_parts(captioner, photo)
    assert seconds.keys() == {
        parts.PIXELS, parts.ENCODER, parts.START, parts.STEPS, parts.SEARCH, parts.SENTENCES,
    }  # fmt: skip
    assert all(taken > 0 for taken in seconds.values())
    assert "pixels" not in vars(captioner)
    assert captioner.caption([photo])[0].captions[0].text == before[0].captions[0].text


def test_a_caption_by_openvino_is_divided_too(tmp_path: Path) -> None:
    path = save_small_checkpoint(tmp_path / "small.safetensors")
    captioner, photo = Captioner.load(path, engine="openvino"), samples.small()
    before = captioner.caption([photo])
    seconds = seconds_of_parts(captioner, photo)
    assert seconds.keys() == {
        parts.PIXELS, parts.ENCODER, parts.STEPS, parts.SEARCH, parts.SENTENCES,
    }  # fmt: skip
    assert all(taken > 0 for taken in seconds.values())
    assert captioner.caption([photo])[0].captions[0].text == before[0].captions[0].text


def test_operators_divide_encoder_and_steps() -> None:
    captioner = Captioner(small_checkpoint())
    shares = main_operators(captioner, [samples.small()])
    assert shares.keys() == {parts.ENCODER, parts.STEPS}
    assert all(0 < share < 1 for share in shares.values())
    divided = split({parts.ENCODER: 2.0, parts.STEPS: 1.0, parts.SEARCH: 0.5}, shares)
    assert sum(divided.values()) == pytest.approx(3.5)
    assert divided[parts.CONVOLUTIONS] == pytest.approx(2.0 * shares[parts.ENCODER])
    assert parts.SEARCH in divided
