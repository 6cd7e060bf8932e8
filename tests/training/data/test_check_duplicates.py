"""Photos that look the same, and those that do not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from training.data import check
from training.data.check import near_pairs
from training.data.decoding import THUMB


def thumb(photo: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(photo.convert("L").resize((THUMB, THUMB), Image.Resampling.BOX))


def scene(seed: int) -> Image.Image:
    """A picture with light and dark all over, as photos have."""
    noise = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((240, 160), Image.Resampling.BICUBIC)


def changed(photo: Image.Image) -> list[Image.Image]:
    """The same picture as people have it twice: saved badly, squashed, softened, brightened."""
    bad = io.BytesIO()
    photo.save(bad, format="JPEG", quality=20)
    brighter = photo.point([min(255, level + 5) for level in range(256)] * 3)
    return [
        Image.open(bad).convert("RGB"),
        photo.resize((120, 120)),
        photo.filter(ImageFilter.GaussianBlur(1)),
        brighter,
    ]


def test_the_same_picture_in_other_forms() -> None:
    scenes = [scene(seed) for seed in range(8)]
    for index, photo in enumerate(scenes):
        for other in changed(photo):
            pairs = list(near_pairs(np.stack([thumb(p) for p in [*scenes, other]])))
            assert pairs == [(8, index)]


def test_other_pictures_differ() -> None:
    thumbs = [thumb(scene(seed)) for seed in range(60)]
    thumbs.append(thumbs[7])
    stacked = np.stack(thumbs)
    assert list(near_pairs(stacked)) == [(60, 7)]
    assert list(near_pairs(stacked[:0])) == []


def test_small_blocks_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    thumbs = np.stack([thumb(scene(seed % 5)) for seed in range(12)])
    whole = sorted(near_pairs(thumbs))
    monkeypatch.setattr(check, "_PAIRS_AT_ONCE", 1)
    assert sorted(near_pairs(thumbs)) == whole
    assert (9, 4) in whole


def test_flat_pictures_of_other_brightness_differ() -> None:
    """Their hash says nothing: it is the thumbnails that tell them apart."""
    flat = np.stack([np.full((THUMB, THUMB), level, np.uint8) for level in (20, 200)])
    assert list(near_pairs(flat)) == []
