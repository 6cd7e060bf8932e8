"""A look at photo files, in this process and in others."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.support.photos import hostile
from tests.support.shapes import draw
from training.data import decoding
from training.data.decoding import PhotoInspection, inspect_photo, inspect_photos, open_rgb


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    path = tmp_path / "drawn.png"
    draw("red", "circle", random.Random(0)).save(path)
    return path


def test_the_same_pixels_in_other_bytes(drawn: Path) -> None:
    other = drawn.with_name("other.png")
    with Image.open(drawn) as opened:
        opened.save(other, compress_level=0)
    first, second = inspect_photo(drawn, decode=True), inspect_photo(other, decode=True)
    assert first.pixels == second.pixels
    assert first.file != second.file
    assert (first.error, first.suspicion, first.missing) == ("", "", False)


def test_the_same_bytes_of_pixels_in_another_shape(tmp_path: Path) -> None:
    looks = []
    for size in ((8, 4), (4, 8)):
        noise = np.random.default_rng(0).integers(0, 255, (*size, 3), dtype=np.uint8)
        Image.fromarray(noise).save(tmp_path / "a.png")
        looks.append(inspect_photo(tmp_path / "a.png", decode=True).pixels)
    assert looks[0] != looks[1]


@pytest.mark.parametrize("name", sorted(hostile()))
def test_hostile_files_are_named_not_raised(tmp_path: Path, name: str) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(hostile()[name].data)
    found = inspect_photo(path, decode=True)
    assert found.file
    assert (not found.error) == bool(found.pixels)
    assert not found.error or found.error.startswith(str(path))


def test_truncated_empty_missing_and_unreadable(tmp_path: Path, drawn: Path) -> None:
    cut = tmp_path / "cut.jpg"
    draw("blue", "square", random.Random(0)).save(cut)
    cut.write_bytes(cut.read_bytes()[:-200])
    assert "does not decode" in inspect_photo(cut, decode=True).error
    assert inspect_photo(cut, decode=False).error == ""  # fast looks do not find it
    empty = tmp_path / "empty.jpg"
    empty.touch()
    for decode in (True, False):
        assert "is empty" in inspect_photo(empty, decode=decode).error
        assert inspect_photo(tmp_path / "none.jpg", decode=decode) == PhotoInspection(missing=True)
        assert "cannot be read" in inspect_photo(tmp_path, decode=decode).error


@pytest.mark.parametrize("save", [{}, {"progressive": True}, {"quality": 95}])
def test_a_jpeg_without_its_end(tmp_path: Path, save: dict[str, Any]) -> None:
    photo = draw("blue", "square", random.Random(0)).resize((400, 300))
    path = tmp_path / "a.jpg"
    photo.save(path, **save)
    whole = path.read_bytes()
    for cut in (1, 2, 8):  # no more than the marker of its end, or a little
        path.write_bytes(whole[:-cut])
        found = inspect_photo(path, decode=True)
        assert (found.error, found.suspicion) == ("", "")
        assert found.pixels
    for at in (0.1, 0.3, 0.5):
        path.write_bytes(whole[: int(len(whole) * at)])
        assert "does not decode" in inspect_photo(path, decode=True).error
    path.write_bytes(whole[: int(len(whole) * 0.3)] + bytes(len(whole)))
    assert inspect_photo(path, decode=True).error


def test_a_jpeg_of_which_most_is_there(tmp_path: Path) -> None:
    photo = draw("blue", "square", random.Random(0)).resize((400, 300))
    path = tmp_path / "a.jpg"
    photo.save(path, quality=95)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * 0.85)])
    found = inspect_photo(path, decode=True)
    assert found.error == ""
    assert "rows are grey, as where a JPEG was cut off" in found.suspicion


def suspicion(path: Path, pixels: Image.Image) -> str:
    pixels.save(path)
    return inspect_photo(path, decode=True).suspicion


def test_photos_that_decode_but_look_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    photo = draw("red", "square", random.Random(0))
    photo.paste((128, 128, 128), (0, 56, 64, 64))
    assert "last 8 of 64 rows are grey" in suspicion(path, photo)
    assert "one colour" in suspicion(path, Image.new("RGB", (32, 32), (128, 128, 128)))
    assert "one colour" in suspicion(path, Image.new("L", (1, 1)))


def test_photos_that_do_not(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    photo = draw("red", "square", random.Random(0))
    photo.paste((0, 0, 0), (0, 40, 64, 64))  # a black border is a border
    assert suspicion(path, photo) == ""
    photo.paste((128, 128, 128), (0, 0, 64, 20))  # and a grey sky a sky
    assert suspicion(path, photo) == ""


def test_other_processes_see_the_same(
    tmp_path: Path, drawn: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, missing = tmp_path / "broken.jpg", tmp_path / "missing.jpg"
    broken.write_bytes(b"no photo")
    paths = [drawn, broken, missing]
    alone = inspect_photos(paths, decode=True, progress=lambda _done: None)
    done: list[int] = []
    monkeypatch.setattr(decoding, "_ALONE", 0)
    monkeypatch.setattr(decoding, "_CHUNK", 2)
    assert inspect_photos(paths, decode=True, progress=done.append) == alone
    assert done == [2, 3]
    assert (bool(alone[drawn].pixels), alone[missing].missing) == (True, True)


FIELD = Path(__file__).parents[2] / "bot" / "media" / "decoder" / "field"
BESIDE = ("p01_ztxt_2mb", "p02_iccp_2mb", "p03_text_chunk_wrong_crc", "p06_wrong_adler")


@pytest.mark.parametrize("name", BESIDE)
def test_pngs_that_are_broken_beside_their_pixels(name: str) -> None:
    path = FIELD / f"{name}.png"
    assert inspect_photo(path, decode=True).error == ""
    with Image.open(FIELD / "00_reference.png") as reference:
        wanted = np.asarray(reference.convert("RGB").resize((48, 32)), float)
    seen = np.asarray(open_rgb(path, name).resize((48, 32)), float)
    assert np.abs(seen - wanted).mean() < 6


def test_png_that_breaks_off(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    whole = tmp_path / "whole.png"
    Image.fromarray(rng.integers(0, 255, (90, 120, 3), "uint8")).save(whole)
    data = whole.read_bytes()
    cut = tmp_path / "cut.png"
    cut.write_bytes(data[: int(len(data) * 0.8)])
    assert inspect_photo(cut, decode=True).error == ""
    assert open_rgb(cut, "cut").height >= 54
    cut.write_bytes(data[: int(len(data) * 0.4)])
    assert "does not decode" in inspect_photo(cut, decode=True).error
