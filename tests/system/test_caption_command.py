"""`captionbot caption`: files and folders, failures named, standard output clean."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from captioner.prompts import shipped_prompts
from tests.support import videos
from tests.support.chat_completions_server import MODEL, ChatServer, says, status
from tests.support.command import environment, finished
from tests.support.photos import hostile, photo
from tests.support.transformers_models import save_blip

Runner = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def run(checkpoint: Path, tmp_path: Path) -> Runner:
    """The command, run in an empty folder."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return finished(
            "caption", *arguments, folder=tmp_path, CAPTIONBOT_CHECKPOINT=str(checkpoint)
        )

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two photos, a broken one, a note, and a photo further down."""
    photos = tmp_path / "photos"
    (photos / "more").mkdir(parents=True)
    (photos / "a.jpg").write_bytes(photo(seed=1))
    (photos / "b.png").write_bytes(photo(seed=2, format="PNG"))
    (photos / "broken.jpg").write_bytes(hostile()["truncated JPEG"].data)
    (photos / "notes.txt").write_text("not a photo")
    (photos / "more" / "c.webp").write_bytes(photo(seed=3, format="WEBP"))
    return photos


def test_a_folder(run: Runner, folder: Path) -> None:
    done = run(folder)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        str(folder / "a.jpg"), str(folder / "b.png"), str(folder / "more" / "c.webp"),
    ]  # fmt: skip
    assert all(line.endswith((".", ". (not sure)")) for line in lines)
    complaints = [line for line in done.stderr.splitlines() if "broken.jpg" in line]
    assert len(complaints) == 1
    assert "damaged" in complaints[0]
    assert "Traceback" not in done.stderr


def test_json_has_one_object_a_line_and_nothing_else(run: Runner, folder: Path) -> None:
    done = run(folder, "--json", "--n-best", 3, "--batch-size", 2, "--language", "en-GB")
    assert done.returncode == 1
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(f["photo"]).name for f in found] == ["a.jpg", "b.png", "c.webp"]
    for one in found:
        assert len(one["alternatives"]) <= 2
        assert one["caption"]
        assert one["language"] == "en"
        assert one["unsure"] is (one["confidence"] < 0.5)
        scores = [one["score"], *(other["score"] for other in one["alternatives"])]
        assert scores == sorted(scores, reverse=True)
        rows, columns = one["grid"]
        for word in one["words"]:
            assert word.keys() == {"word", "log_prob", "sure", "level", "certainty", "attention"}
            assert word["level"] == ("sure" if word["sure"] else "doubtful")  # not calibrated
            assert len(word["attention"]) == rows * columns


def test_a_good_photo_ends_well_and_is_drawn(run: Runner, folder: Path, tmp_path: Path) -> None:
    gif, sheet = tmp_path / "out.gif", tmp_path / "out.png"
    done = run(folder / "a.jpg", "--attention-gif", gif, "--attention-sheet", sheet)
    assert (done.returncode, done.stderr) == (0, "")
    with Image.open(gif) as animation:
        assert animation.format == "GIF"
        assert getattr(animation, "n_frames", 1) > 2
    with Image.open(sheet) as still:
        assert still.format == "PNG"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["empty"], "empty: no photo or video in this folder"),
        (["-", "-"], "standard input (-) is one photo"),
        (["a.jpg", "--attention-gif", "x.jpg"], "--attention-gif writes a .gif file; x.jpg has"),
        (["a.jpg", "--attention-sheet", "x"], "--attention-sheet writes a .png file"),
        (["a.jpg", "--n-best", "7"], "--beam-size 7 or more"),
        (["a.jpg", "a.jpg", "--attention-gif", "x.gif"], "of one photo; you gave 2"),
        (["a.jpg", "--checkpoint", "none.safetensors"], "none.safetensors: no such checkpoint"),
        (["a.jpg", "--device", "cuda:77"], "no such GPU"),
        (["a.jpg", "--question", "What is it?"], "--question: this model answers no questions"),
        (["a.jpg", "--question", " ?\n"], "--question: I see no question there."),
        (["a.jpg", "--question", "x" * 301], "--question: That question is too long."),
        (["a.jpg", "--question", "What?", "--length", "alt"], "--length is of captions"),
        (["a.jpg", "--question", "What?", "--n-best", "2"], "--n-best is of short captions"),
        (["a.jpg", "--length", "long"], "--length long: this model writes captions of: short;"),
        (["a.jpg", "--length", "alt", "--attention-gif", "x.gif"], "where you give --length"),
    ],
)
def test_usage_errors(run: Runner, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.jpg").write_bytes(photo())
    done = run(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_file_that_is_not_there_and_a_video(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(videos.video(videos.scenes(1), 2.0))
    done = run("absent.jpg", "a.mp4")
    assert done.returncode == 1
    assert re.fullmatch(r"a\.mp4: 0:00 [^\n]+\.\n", done.stdout)
    assert done.stderr.strip() == "captionbot: absent.jpg: No such file or directory"
    done = run("a.mp4", "--attention-gif", "out.gif")
    assert done.returncode == 1
    told = "captionbot: a.mp4: an attention picture is of a photo, not of a video"
    assert done.stderr.strip() == told


def test_videos_have_a_timeline(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    scenes = videos.scenes(2)
    (tmp_path / "clips" / "a.mp4").write_bytes(videos.video(scenes, 2.0))
    (tmp_path / "clips" / "b.gif").write_bytes(videos.animation("GIF", scenes, 500))
    (tmp_path / "clips" / "c.jpg").write_bytes(photo())
    (tmp_path / "clips" / "d.webm").write_bytes(videos.broken()["WebM of noise"].data)
    done = run("clips", "--json", "--batch-size", 2)
    assert done.returncode == 1
    assert done.stderr.count("d.webm") == len(done.stderr.splitlines()) == 1
    a, b, c = (json.loads(line) for line in done.stdout.splitlines())
    assert (Path(a["video"]).name, Path(b["video"]).name) == ("a.mp4", "b.gif")
    assert (a["duration"], b["duration"]) == (4.0, 1.0)
    for one in (a, b):
        assert 1 <= len(one["timeline"]) <= 2
        assert one["timeline"][0]["start"] == 0.0
        assert one["timeline"][-1]["end"] == one["duration"]
        assert all(line["caption"].endswith(".") for line in one["timeline"])
    assert c["caption"]
    assert "timeline" not in c


def _named(folder: Path, name: bytes, data: bytes) -> None:
    Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_bytes(data)  # noqa: PTH118 - bytes, which Path has not


def test_names_that_are_no_text_or_steer_terminals(
    checkpoint: Path, folder: Path, tmp_path: Path
) -> None:
    odd = tmp_path / "odd"
    odd.mkdir()
    _named(odd, b"caf\xe9.jpg", photo(seed=4))
    _named(odd, b"caf\xe9-broken.jpg", b"\xff\xd8\xff")
    _named(odd, b"clear\x1b[2J.jpg", photo(seed=5))
    _named(odd, b"turned\xe2\x80\xae.png", photo(seed=6, format="PNG"))
    settings = environment(
        CAPTIONBOT_CHECKPOINT=str(checkpoint), PYTHONIOENCODING="utf-8:strict", PYTHONUTF8="1"
    )
    command = [sys.executable, "-m", "bot.cli", "caption", str(odd), str(folder / "a.jpg")]
    done = subprocess.run(command, env=settings, capture_output=True, check=False, timeout=200)
    assert done.returncode == 1
    lines = done.stdout.decode("utf-8").splitlines()
    names = [line.split(": ")[0].rpartition("/")[2] for line in lines]
    assert names == [r"caf\xe9.jpg", r"clear\x1b[2J.jpg", r"turned\u202e.png", "a.jpg"]
    assert rb"caf\xe9-broken.jpg: " in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"\x1b[2J" not in done.stdout + done.stderr
    done = subprocess.run(
        [*command, "--json"], env=settings, capture_output=True, check=False, timeout=200
    )
    found = [json.loads(line)["photo"] for line in done.stdout.decode("utf-8").splitlines()]
    assert [os.fsencode(name).rpartition(b"/")[2] for name in found] == [
        b"caf\xe9.jpg", b"clear\x1b[2J.jpg", b"turned\xe2\x80\xae.png", b"a.jpg",
    ]  # fmt: skip


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_a_full_disk_is_said_in_a_line(
    checkpoint: Path, folder: Path, option: tuple[str, ...]
) -> None:
    command = [sys.executable, "-m", "bot.cli", "caption", str(folder / "a.jpg"), *option]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command,
            env=environment(CAPTIONBOT_CHECKPOINT=str(checkpoint)),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=200,
        )
    assert done.returncode == 1
    assert done.stderr.strip() == "captionbot: cannot write: No space left on device"


def test_a_picture_that_cannot_be_written(run: Runner, folder: Path, tmp_path: Path) -> None:
    for option, ending in (("--attention-gif", "gif"), ("--attention-sheet", "png")):
        done = run(folder / "a.jpg", option, tmp_path / "nowhere" / f"o.{ending}")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.strip().endswith("cannot be written: there is no such folder")
        done = run(folder / "a.jpg", option, tmp_path)
        assert done.returncode == 2
        assert done.stderr.strip().endswith("cannot be written: it is a folder")
        full = tmp_path / f"full.{ending}"
        full.symlink_to("/dev/full")
        done = run(folder / "a.jpg", option, full)
        assert done.returncode == 2
        assert f"{full}: cannot be written: No space left on device" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_folder_from_a_mac(run: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "mac"
    folder.mkdir()
    companion = b"\0\5\x16\7\0\2\0\0Mac OS X        " + bytes(60)
    for name in ("one.jpg", "two.jfif", "._three.png"):
        (folder / name).write_bytes(photo(seed=7))
        (folder / f"._{name}").write_bytes(companion)
    done = run(folder)
    assert (done.returncode, done.stderr) == (0, "")
    names = [line.split(": ")[0].rpartition("/")[2] for line in done.stdout.splitlines()]
    assert names == ["._three.png", "one.jpg", "two.jfif"]


def test_a_folder_below_that_cannot_be_read(checkpoint: Path, folder: Path, tmp_path: Path) -> None:
    locked = folder / "locked"
    locked.mkdir()
    (locked / "d.jpg").write_bytes(photo(seed=8))
    locked.chmod(0)
    # Root may read everything, unless it runs the command without that right.
    humble = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("nothing is forbidden to root")
    command = [sys.executable, "-m", "bot.cli", "caption", str(folder / "more"), str(folder)]
    done = subprocess.run(
        [*(humble if os.geteuid() == 0 else ()), *command],
        env=environment(CAPTIONBOT_CHECKPOINT=str(checkpoint)),
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    locked.chmod(0o700)
    assert done.returncode == 1
    assert f"captionbot: {locked}: Permission denied" in done.stderr
    assert len(done.stdout.splitlines()) == 4


def test_an_animation_with_an_attention_picture(run: Runner, tmp_path: Path) -> None:
    blank, shown = Image.new("RGB", (96, 64), "white"), videos.scenes(1)[0].resize((96, 64))
    still, moving, out = tmp_path / "a.png", tmp_path / "a.gif", tmp_path / "out.gif"
    moving.write_bytes(videos.animation("GIF", [blank, shown], [40, 4000]))
    with Image.open(moving) as opened:
        opened.seek(1)
        opened.convert("RGB").save(still)
    captions = [run(path, "--attention-gif", out).stdout for path in (still, moving)]
    assert out.is_file()
    assert captions[0].split(": ")[1] == captions[1].split(": ")[1]


def test_a_photo_from_standard_input(checkpoint: Path, tmp_path: Path) -> None:
    data = photo(seed=1)
    (tmp_path / "a.jpg").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "caption", "-", "a.jpg"],
        cwd=tmp_path,
        env=environment(CAPTIONBOT_CHECKPOINT=str(checkpoint)),
        input=data,
        capture_output=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.decode().splitlines()
    assert first.removeprefix("-: ") == second.removeprefix("a.jpg: ") != first


def test_several_captions_have_their_rank(run: Runner, folder: Path) -> None:
    done = run(folder / "a.jpg", "--n-best", 3)
    assert done.returncode == 0
    lines = [line.removeprefix(f"{folder / 'a.jpg'}: ") for line in done.stdout.splitlines()]
    assert [line[:3] for line in lines] == ["1. ", "2. ", "3. "]
    best = run(folder / "a.jpg").stdout.strip()
    assert best == f"{folder / 'a.jpg'}: {lines[0].removeprefix('1. ')}"


def test_the_language_is_one_of_the_models(run: Runner, folder: Path) -> None:
    refused = run(folder / "a.jpg", "--language", "tlh\n")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "captionbot: --language 'tlh\\n': this model writes captions in en (English)\n"
    )


def test_what_cannot_be_read_does_not_refuse_the_others(
    run: Runner, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    done = run("empty", "absent.jpg", folder / "a.jpg")
    assert done.returncode == 1
    assert done.stdout.startswith(f"{folder / 'a.jpg'}: ")
    assert "captionbot: empty: no photo or video in this folder" in done.stderr
    assert "captionbot: absent.jpg: No such file or directory" in done.stderr


@pytest.fixture
def model() -> Iterator[ChatServer]:
    with ChatServer() as running:
        yield running


@pytest.fixture
def prompted(model: ChatServer, tmp_path: Path) -> Runner:
    """The command with a model that follows prompts, behind an address."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return finished(
            "caption", *arguments, folder=tmp_path, CAPTIONBOT_ENGINE="openai",
            CAPTIONBOT_OPENAI_URL=model.url, CAPTIONBOT_OPENAI_MODEL=MODEL,
            CAPTIONBOT_MODEL_LANGUAGES="en,de",
        )  # fmt: skip

    return run


def test_a_model_without_vision(prompted: Runner, model: ChatServer, folder: Path) -> None:
    model.always(status(400))
    done = prompted(folder / "a.jpg")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith(
        "captionbot: 127.0.0.1 does not describe a test photo (the server answered 400); see"
    )


def test_a_model_that_is_not_calibrated_calls_no_word_sure_or_not(
    run: Runner, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "blip").mkdir()
    save_blip(tmp_path / "blip")
    done = run(folder / "a.jpg", "--checkpoint", tmp_path / "blip", "--json")
    said = json.loads(done.stdout)
    assert (said["confidence"], said["unsure"]) == (None, False)
    assert {(word["sure"], word["level"]) for word in said["words"]} == {(None, None)}


def test_questions_about_photos(prompted: Runner, model: ChatServer, folder: Path) -> None:
    model.next(says("Ein Hund. Er läuft."), status(400))
    done = prompted(folder / "a.jpg", folder / "b.png", "--question", "Was\nist das?",
                    "--language", "de", "--batch-size", 1)  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == f"{folder / 'a.jpg'}: Ein Hund. Er läuft.\n"
    why, complaint = done.stderr.splitlines()
    assert why.endswith("the server answered 400")
    assert complaint == f"captionbot: {folder / 'b.png'}: the model gave no answer"
    assert model.calls[0].text == shipped_prompts().text("question", "de", question="Was ist das?")
    done = prompted(folder / "a.jpg", "--question", "What is it?", "--json")
    said = json.loads(done.stdout)
    assert (said["question"], said["answer"]) == ("What is it?", model.says)
    assert "caption" not in said
    assert said["confidence"] is None
    model.always(status(503))
    done = prompted(folder / "a.jpg", "--question", "What is it?")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("captionbot: the model cannot be reached now: ")
    assert "Traceback" not in done.stderr


def test_captions_of_a_length(prompted: Runner, model: ChatServer, folder: Path) -> None:
    (folder / "clip.gif").write_bytes(videos.animation("GIF", videos.scenes(2), 500))
    done = prompted(folder / "clip.gif", folder / "a.jpg", "--length", "long")
    assert (done.returncode, done.stderr) == (0, "")
    assert {call.text for call in model.calls} == {shipped_prompts().text("long", "en")}
    assert done.stdout.splitlines()[-1] == f"{folder / 'a.jpg'}: {model.says}"
    done = prompted(folder / "a.jpg", "--attention-sheet", "x.png")
    assert done.returncode == 2
    assert done.stderr.endswith("this model does not say where it looked\n")
