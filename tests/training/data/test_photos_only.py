"""Photos alone: read where no captions are needed, refused where they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from captioner.captioner import Captioner
from tests.support.models import save_small_checkpoint
from training.data.check import check_folder
from training.data.check.report import FindingKind
from training.data.photos_only import PHOTOS_ONLY
from training.data.reader_base import DataError
from training.data.registry import read_source
from training.evaluation.evaluate import evaluate


def test_every_photo_of_a_folder_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "some"
    folder.mkdir()
    for name in ("b.JPG", "a.png", "._a.png"):
        Image.new("RGB", (8, 8)).save(folder / name)
    (folder / "notes.txt").write_text("no photo")
    photos = read_source("photos:some", tmp_path)
    assert [(one.name, one.captions) for one in photos] == [("a.png", ()), ("b.JPG", ())]


def test_captions_are_missed_by_nobody_but_who_scores(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    kinds = {one.kind for one in check_folder(tmp_path, reader=PHOTOS_ONLY).findings}
    assert FindingKind.NO_CAPTION not in kinds
    captioner = Captioner.load(save_small_checkpoint(tmp_path / "small.safetensors"), device="cpu")
    with pytest.raises(DataError, match="have no captions that others could be scored by"):
        list(evaluate(captioner, tmp_path, split="all", reader=PHOTOS_ONLY, beam_size=2))


def test_a_folder_without_photos_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    for folder, reason in (("none", "has no photos"), ("nowhere", "cannot be read")):
        with pytest.raises(DataError, match=reason):
            read_source(f"photos:{folder}", tmp_path)
