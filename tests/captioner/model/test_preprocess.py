"""What a model sees of a photo."""

from __future__ import annotations

import numpy as np
from PIL import Image

from captioner.model.preprocess import Preprocess


def stripes(side: int, width: int) -> Image.Image:
    """Upright stripes, black and white by turns."""
    row = np.arange(side) // width % 2 * 255
    return Image.fromarray(np.broadcast_to(row, (side, side)).astype(np.uint8))


def contrast(preprocess: Preprocess, photo: Image.Image) -> float:
    return float(preprocess.to_array(photo).std())


def test_photos_of_any_mode_and_shape_become_squares() -> None:
    for mode in ("RGB", "L", "RGBA", "CMYK", "P"):
        for size in ((300, 200), (20, 90), (64, 64)):
            array = Preprocess(size=64).to_array(Image.new(mode, size))
            assert array.shape == (64, 64, 3)
            assert array.dtype == np.uint8


def test_nothing_finer_than_the_detail_is_seen() -> None:
    """Stripes of two pixels are grey to a model that learnt from photos of half the size."""
    fine, coarse = stripes(128, 2), stripes(128, 16)
    sharp, soft = Preprocess(size=128), Preprocess(size=128, detail=32)
    assert contrast(sharp, fine) > 100
    assert contrast(soft, fine) < 20
    assert contrast(soft, coarse) > 90
    assert soft.to_array(fine).shape == (128, 128, 3)


def test_photos_as_small_as_those_learnt_from_are_not_touched_twice() -> None:
    small = stripes(32, 4)
    plain, detailed = Preprocess(size=64), Preprocess(size=64, detail=32)
    assert np.array_equal(plain.to_array(small), detailed.to_array(small))
