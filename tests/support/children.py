"""The decoding processes that this process has started, found as `ps` finds them."""

from __future__ import annotations

import asyncio
import os
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
