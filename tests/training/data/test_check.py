"""A whole folder, and `captionbot data check` on it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from bot import cli
from tests.support.layouts import (
    draw_photos,
    make_coco,
    make_kaggle_flickr30k,
    make_karpathy_coco,
    make_vizwiz,
)
from training.data.check import DatasetReport, FindingKind, check_folder

Lines = tuple[int, list[str], str]  # exit status, standard output, standard error


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clean Flickr8k folder: four photos of train, two of dev, three captions each."""
    names = [f"{n:04d}.jpg" for n in range(6)]
    draw_photos(tmp_path / "Images", names)
    words = ("big", "small", "round")
    lines = [
        f"{n}#{k}\tA {w} thing on a light ground ." for n in names for k, w in enumerate(words)
    ]
    (tmp_path / "Flickr8k.token.txt").write_text("\n".join(lines) + "\n")
    (tmp_path / "Flickr_8k.trainImages.txt").write_text("\n".join(names[:4]) + "\n")
    (tmp_path / "Flickr_8k.devImages.txt").write_text("\n".join(names[4:]) + "\n")
    return tmp_path


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Lines]:
    """The command as a person gives it, in this process."""

    def run(*arguments: object) -> Lines:
        monkeypatch.setattr(sys, "argv", ["captionbot", "data", "check", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "120")
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, printed.out.splitlines(), printed.err

    return run


def kinds(report: DatasetReport) -> list[tuple[FindingKind, str]]:
    return [(finding.kind, finding.photo) for finding in report.findings]


def test_a_clean_folder(folder: Path, run: Callable[..., Lines]) -> None:
    report = check_folder(folder)
    assert report.findings == ()
    assert (report.photos, report.captions) == ({"train": 4, "dev": 2}, {"train": 12, "dev": 6})
    status, lines, errors = run(folder)
    assert (status, errors) == (0, "")
    assert any("nothing to put right" in line for line in lines)


def test_everything_wrong_at_once(folder: Path, run: Callable[..., Lines]) -> None:
    images = folder / "Images"
    (images / "0000.jpg").unlink()
    (images / "0001.jpg").write_bytes((images / "0001.jpg").read_bytes()[:-500])
    shutil.copy(images / "0002.jpg", images / "0003.jpg")
    shutil.copy(images / "0002.jpg", images / "0004.jpg")
    with (folder / "Flickr8k.token.txt").open("a") as tokens:
        tokens.write("0005.jpg#3\t \nnonsense\n")
    with (folder / "Flickr_8k.devImages.txt").open("a") as names:
        names.write("0002.jpg\n0005.jpg\n")
    report = check_folder(folder)
    assert kinds(report) == [
        (FindingKind.BROKEN, ""), (FindingKind.BROKEN, ""), (FindingKind.BROKEN, ""),
        (FindingKind.MISSING, "0000.jpg"), (FindingKind.DAMAGED, "0001.jpg"),
        (FindingKind.OVERLAP, "0004.jpg"), (FindingKind.OVERLAP, "0002.jpg"),
        (FindingKind.SAME_FILE, "0003.jpg"),
    ]  # fmt: skip
    status, lines, _ = run(folder)
    assert status == 1
    tokens_file, names_file = folder / "Flickr8k.token.txt", folder / "Flickr_8k.devImages.txt"
    assert f"{tokens_file}:19: broken entry: 0005.jpg: the caption is empty" in lines
    assert (
        f"{names_file}:4: broken entry: 0005.jpg is named again, first in {names_file}:2" in lines
    )
    (overlap,) = (line for line in lines if "0004.jpg is in dev and train" in line)
    assert overlap.startswith(f"{names_file}:1: photo in two splits: 0004.jpg is in dev and train:")
    assert any("damaged photo" in line and "stops a run" in line for line in lines)


def test_fast_looks_do_not_decode(folder: Path) -> None:
    images = folder / "Images"
    (images / "0001.jpg").write_bytes((images / "0001.jpg").read_bytes()[:-500])
    shutil.copy(images / "0002.jpg", images / "0003.jpg")
    report = check_folder(folder, fast=True)
    assert not report.decoded
    assert kinds(report) == [(FindingKind.SAME_FILE, "0003.jpg")]


def test_near_duplicates_are_told_as_a_guess(folder: Path) -> None:
    with Image.open(folder / "Images/0002.jpg") as opened:
        opened.save(folder / "Images/0003.jpg", quality=70)
    (found,) = check_folder(folder).findings
    assert (found.kind, found.photo) == (FindingKind.ALIKE, "0003.jpg")
    assert "perceptual hash, which may be wrong" in found.text


def test_json_is_the_last_line(folder: Path, run: Callable[..., Lines]) -> None:
    (folder / "Images/0005.jpg").unlink()
    (folder / "Images/stranger.jpg").touch()
    status, lines, _ = run(folder, "--json")
    document = json.loads(lines[-1])
    assert status == 1
    assert document["reader"] == "flickr8k"
    assert document["splits"]["dev"] == {"photos": 2, "captions": 6}
    assert document["counts"] == {"missing photo": 1}
    assert document["findings"] == [
        {
            "kind": "missing photo",
            "stops_a_run": True,
            "where": f"{folder / 'Flickr_8k.devImages.txt'}:2",
            "photo": "0005.jpg",
            "text": f"{folder / 'Images/0005.jpg'} is missing",
        }
    ]
    assert document["notes"] == [f"{folder / 'Images'}: 1 photos are in no split, as stranger.jpg"]


def test_one_split(folder: Path, run: Callable[..., Lines]) -> None:
    (folder / "Images/0005.jpg").unlink()
    assert run(folder, "--split", "train")[0] == 0
    assert run(folder, "--split", "val")[0] == 1


def test_many_lines_are_cut_where_told(folder: Path, run: Callable[..., Lines]) -> None:
    shutil.rmtree(folder / "Images")
    (folder / "Images").mkdir()
    _, lines, _ = run(folder, "--show", 2)
    assert sum("is missing" in line for line in lines) == 2
    assert "… and 4 more of “missing photo”: --show 0 prints all" in lines
    assert sum("is missing" in line for line in run(folder, "--show", 0)[1]) == 6


def test_a_caption_steers_no_terminal(folder: Path, run: Callable[..., Lines]) -> None:
    with (folder / "Flickr8k.token.txt").open("a") as tokens:
        tokens.write("\x1b[2J[red]nonsense\n")
    status, lines, _ = run(folder)
    assert status == 1
    assert any("[red]nonsense" in line for line in lines)
    assert "\x1b[2J" not in "".join(lines)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--reader", "imagenet"], "there is no reader 'imagenet'; there are flickr8k"),
        (["--reader", "vizwiz"], "has neither train.json nor val.json"),
        (["--split", "test"], "Flickr_8k.testImages.txt: no such file"),
        (["--split", "nonsense"], "has no split 'nonsense'"),
    ],
)
def test_what_cannot_be_read(
    folder: Path, run: Callable[..., Lines], arguments: list[str], sentence: str
) -> None:
    status, lines, errors = run(folder, *arguments)
    assert (status, lines) == (2, [])
    assert sentence in errors
    assert len(errors.splitlines()) == 1


def test_other_data_sets(tmp_path: Path) -> None:
    assert check_folder(make_karpathy_coco(tmp_path / "karpathy")).photos == {
        "train": 1, "test": 1, "val": 1, "restval": 1,
    }  # fmt: skip
    assert check_folder(make_coco(tmp_path / "coco")).photos == {"train2017": 2, "val2014": 1}
    blind = check_folder(make_vizwiz(tmp_path / "vizwiz"))
    assert blind.photos == {"train": 2, "val": 1}
    assert "rejected or precanned" in blind.notes[0]
    (line,) = check_folder(make_kaggle_flickr30k(tmp_path / "kaggle")).findings
    assert (line.kind, line.where) == (FindingKind.BROKEN, f"{tmp_path}/kaggle/results.csv:21")
