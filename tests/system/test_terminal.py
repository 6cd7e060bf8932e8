"""Commands on a terminal: the progress bar and the lines do not garble each other."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.support.command import environment
from tests.support.photos import photo
from tests.support.redis_server import free_port
from tests.support.terminal import Terminal

pytestmark = pytest.mark.timeout(300)
_COMMAND = (sys.executable, "-m", "bot.cli")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        (tmp_path / f"{number}.jpg").write_bytes(photo(seed=number))
    (tmp_path / "2-broken.jpg").write_bytes(b"not a photo")
    return tmp_path


def test_lines_stay_whole_beside_the_bar(folder: Path, checkpoint: Path) -> None:
    with Terminal(
        [*_COMMAND, "caption", "--batch-size", "1", "."],
        folder=folder,
        environment=environment(CAPTIONBOT_CHECKPOINT=str(checkpoint)),
    ) as terminal:
        terminal.read_until(None)
        assert terminal.process.returncode == 1
        shown = terminal.text
    assert "captioning" in shown, "no bar was shown"
    # A line is what stands between the last return to its start and its end.
    lines = [line.rpartition("\r")[2].rstrip() for line in shown.replace("\r\n", "\n").split("\n")]
    captions = [line for line in lines if re.fullmatch(r"\d\.jpg: [^:]+\.( \(not sure\))?", line)]
    assert [line.partition(":")[0] for line in captions] == [f"{n}.jpg" for n in range(4)]
    assert [line for line in lines if line.startswith("captionbot: 2-broken.jpg: ")]
    assert all("captioning" not in line or "jpg" not in line for line in lines)


def test_captions_go_to_a_file_while_the_bar_is_on_the_terminal(
    folder: Path, checkpoint: Path
) -> None:
    out = folder / "captions.txt"
    with (
        out.open("wb") as file,
        Terminal(
            [*_COMMAND, "caption", "."],
            folder=folder,
            environment=environment(CAPTIONBOT_CHECKPOINT=str(checkpoint)),
            stdout=file,
        ) as terminal,
    ):
        terminal.read_until(None)
    assert [line.partition(":")[0] for line in out.read_text().splitlines()] == [
        f"{n}.jpg" for n in range(4)
    ]
    assert "captioning" in terminal.text
    assert not re.search(r"\d\.jpg: A ", terminal.text)


def test_run_says_what_is_on_and_where(tmp_path: Path, checkpoint: Path) -> None:
    number = free_port()
    with Terminal(
        [*_COMMAND, "run"],
        folder=tmp_path,
        environment=environment(
            CAPTIONBOT_CHECKPOINT=str(checkpoint), CAPTIONBOT_WEB_PORT=str(number)
        ),
    ) as terminal:
        terminal.read_until("Ctrl-C ends it")
        text = terminal.text
    assert "CaptionBot is ready." in text
    assert re.search(rf"Page +http://127.0.0.1:{number}/", text)
    assert re.search(r"Telegram +off: TELEGRAM_BOT_TOKEN is not set", text)
