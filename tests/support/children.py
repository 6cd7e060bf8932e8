"""The decoding processes that this process has started, found as `ps` finds them."""

from __future__ import annotations

import asyncio
import os
import re
import time
from pathlib import Path


def decoders(parent: int | None = None) -> set[int]:
    """Ids of the living decoding processes of a process; of this one where none is named.

    Those that tests share (tests.support.intake) are not among them.
    """
    parent = os.getpid() if parent is None else parent
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, father = folder.joinpath("stat").read_text().rpartition(")")[2].split()[:2]
            command = folder.joinpath("cmdline").read_bytes()
        except OSError:  # it ended meanwhile
            continue
        ours = int(father) == parent and state != "Z" and b"--max-pixels" in command
        if ours and b"lasting" not in command:
            found.add(int(folder.name))
    return found


def alive(pid: int) -> bool:
    """Whether a process is there and not merely a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def gone(pids: set[int], *, seconds: float = 30.0) -> bool:
    """Whether all these processes end within a generous time."""
    deadline = time.monotonic() + seconds
    while any(alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


def assert_holds_nothing(child: int, *, secret: bytes) -> None:
    """A decoder may make no file and gain no right, and has nothing but its pipes.

    It has neither a setting of ours, such as the secret, nor an open file, nor a second thread.
    """
    folder = Path(f"/proc/{child}")
    assert secret not in (folder / "environ").read_bytes()
    assert secret not in (folder / "cmdline").read_bytes()
    names = [str(file.readlink()) for file in (folder / "fd").iterdir()]
    assert all(name.startswith("pipe:") or name == os.devnull for name in names), names
    assert len(list((folder / "task").iterdir())) == 1
    assert "NoNewPrivs:\t1" in (folder / "status").read_text(encoding="ascii")
    limits = (folder / "limits").read_text(encoding="ascii")
    for name in ("Max open files", "Max file size", "Max core file size"):
        assert re.search(rf"^{name} +0 +0 ", limits, re.MULTILINE), limits


def memory(child: int) -> tuple[int, int]:
    """The most memory that a process may have, for good, and the most that it had: bytes."""
    limits = Path(f"/proc/{child}/limits").read_text(encoding="ascii")
    status = Path(f"/proc/{child}/status").read_text(encoding="ascii")
    limit = re.search(r"^Max address space +(\d+) +(\d+)", limits, re.MULTILINE)
    peak = re.search(r"^VmPeak:\s+(\d+) kB", status, re.MULTILINE)
    assert limit, limits
    assert peak, status
    assert limit[1] == limit[2]
    return int(limit[1]), int(peak[1]) * 1024
