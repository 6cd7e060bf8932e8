"""A decoding process that a file has taken over: it tries whatever could do harm.

`python -m tests.bot.media.decoder.taken_over`, with the options of a decoding process. Its input
is the name of a folder; its answer says what became of each attempt.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

from bot.media.decoder import worker
from bot.media.decoder.worker import Limits


class _Span(ctypes.Structure):
    """A `struct iovec`."""

    _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))


def _spy(process: int) -> None:
    """Read another's memory: who may trace it may, and unlike tracing it does not stop it."""
    libc = ctypes.CDLL(None, use_errno=True)
    here = ctypes.create_string_buffer(1)
    span = _Span(ctypes.addressof(here), 1)
    read = libc.process_vm_readv(
        process, ctypes.byref(span), ctypes.c_ulong(1), ctypes.byref(span), ctypes.c_ulong(1),
        ctypes.c_ulong(0),
    )  # fmt: skip
    # EFAULT: it would be allowed, but there is nothing at this place.
    if read < 0 and ctypes.get_errno() != errno.EFAULT:
        raise OSError(ctypes.get_errno(), "process_vm_readv")


def _attempts(folder: Path, memory: int) -> dict[str, Callable[[], object]]:
    victim = folder / "victim"
    return {
        "read a file": victim.read_bytes,
        "read /etc/passwd": Path("/etc/passwd").read_bytes,
        "read the parent's settings": Path(f"/proc/{os.getppid()}/environ").read_bytes,
        "list a folder": lambda: list(folder.iterdir()),
        "write a file": lambda: (folder / "new").write_bytes(b"x"),
        "make a folder": (folder / "new").mkdir,
        "remove a file": victim.unlink,
        "rename a file": lambda: victim.rename(folder / "other"),
        "truncate a file": lambda: os.truncate(victim, 0),
        "link a file": lambda: (folder / "new").symlink_to(victim),
        "run a program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "open a socket": lambda: socket.socket(socket.AF_INET),
        "open a local socket": lambda: socket.socket(socket.AF_UNIX),
        "look up a name": lambda: socket.getaddrinfo("example.org", 80),
        "open a pipe": os.pipe,
        "duplicate a file": lambda: os.dup(0),
        "signal the parent": lambda: os.kill(os.getppid(), 0),
        "read the parent's memory": lambda: _spy(os.getppid()),
        "take more memory": lambda: bytearray(memory),
    }


def _answer(data: bytes, limits: Limits) -> bytes:
    said = {}
    for name, attempt in _attempts(Path(data.decode()), limits.memory).items():
        try:
            attempt()
        except (OSError, MemoryError) as error:
            said[name] = type(error).__name__
        else:
            said[name] = "done"
    return json.dumps(said).encode()


if __name__ == "__main__":
    socket.getfqdn()  # modules that are loaded at the first use are loaded
    worker.run("tests.bot.media.decoder.taken_over", prepare=lambda _: None, answer=_answer)
