"""A decoding process that was taken over reaches nothing: no file, no network, no other process."""

from __future__ import annotations

import ctypes
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.media.decoder_pool import Children, OutOfTime, Program
from bot.media.sanitizer import Intake, VideoIntake
from tests.support.children import assert_holds_nothing, decoders
from tests.support.photos import animated, photo

_MEMORY = 600_000_000
_OPTIONS = ("--max-pixels", "1000", "--seconds", "1", "--memory", str(_MEMORY))
_SINCE = {"truncate a file": 3, "signal the parent": 6}  # versions of Landlock
# What no limit on open files keeps from happening.
_BY_LANDLOCK = {
    "make a folder", "remove a file", "rename a file", "truncate a file", "link a file",
    "run a program", "signal the parent", "read the parent's memory",
}  # fmt: skip


def landlock() -> int:
    """The version that this kernel has; 0 for none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(444, None, ctypes.c_size_t(0), 1)))


@asynccontextmanager
async def taken_over() -> AsyncIterator[Children]:
    hostile = Program(
        name="taken over",
        arguments=lambda: ("-m", "tests.bot.media.decoder.taken_over", *_OPTIONS),
        max_answer=100_000,
    )
    children = Children(hostile, seconds=60.0)
    try:
        yield children
    finally:
        await children.close()


async def test_nothing_that_does_harm_succeeds(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    async with taken_over() as children:
        said = await children.ask(str(tmp_path).encode(), json.loads)
    version = landlock()
    within_reach = {
        name for name in _BY_LANDLOCK if version < _SINCE.get(name, 1) or not version
    }  # fmt: skip
    assert {name for name, outcome in said.items() if outcome == "done"} <= within_reach
    assert said["take more memory"] == "MemoryError"
    if version:
        assert victim.read_bytes() == b"precious"
        assert [path.name for path in tmp_path.iterdir()] == ["victim"]


@pytest.mark.skipif(landlock() < 6, reason="the kernel's Landlock knows no signals yet")
async def test_with_a_new_kernel_there_is_no_exception(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    async with taken_over() as children:
        said = await children.ask(str(tmp_path).encode(), json.loads)
    assert "done" not in said.values()


async def test_a_kernel_without_it_is_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As before Linux 5.13: the system call does not exist."""
    without = (
        "import runpy, bot.media.decoder.worker as c; c._CREATE_RULESET = 9999; "
        "runpy.run_module('tests.bot.media.decoder.taken_over', run_name='__main__')"
    )
    old = Program(
        name="photo decoder", arguments=lambda: ("-c", without, *_OPTIONS), max_answer=100_000
    )
    children = Children(replace(old, files_per_process=1), seconds=60.0)
    try:
        for _ in range(2):  # each in a process of its own
            (tmp_path / "victim").write_bytes(b"precious")
            said = await children.ask(str(tmp_path).encode(), json.loads)
            for path in tmp_path.iterdir():
                path.rmdir() if path.is_dir() else path.unlink()
    finally:
        await children.close()
    told = [record.getMessage() for record in caplog.records if "Landlock" in record.getMessage()]
    assert len(told) == 1
    assert told[0].startswith("the photo decoder is held by limits alone")
    assert {name for name, outcome in said.items() if outcome == "done"} <= _BY_LANDLOCK


async def test_nothing_is_said_where_all_is_well(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if not landlock():
        pytest.skip("the kernel has no Landlock")
    (tmp_path / "victim").write_bytes(b"precious")
    async with taken_over() as children:
        await children.ask(str(tmp_path).encode(), json.loads)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_computing_for_ever_is_ended(tmp_path: Path) -> None:
    """By the process's own clock too, should nobody be there to end it."""
    endless = Program(
        name="endless",
        arguments=lambda: ("-m", "tests.bot.media.decoder.endless", "--max-pixels", "9",
                           "--seconds", "0.1", "--memory", str(_MEMORY)),
        max_answer=100,
    )  # fmt: skip
    children = Children(endless, seconds=60)
    try:
        with pytest.raises(OutOfTime):
            await children.ask(b"go", bytes)
    finally:
        await children.close()


async def test_the_real_processes_hold_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a setting, nor an open file beside their pipes, nor a second thread."""
    for name in ("TELEGRAM_BOT_TOKEN", "REDIS_URL", "CAPTIONBOT_HASH_KEY", "DISCORD_BOT_TOKEN"):
        monkeypatch.setenv(name, "very-secret-0123456789")
    async with Intake() as intake, VideoIntake() as video:
        await intake.clean(photo())
        await video.moments(animated("GIF"))
        children = decoders()
        assert len(children) == 2
        for child in children:
            assert_holds_nothing(child, secret=b"very-secret")
