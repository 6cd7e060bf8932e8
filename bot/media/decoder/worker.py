"""What every decoding process does: gives up rights, sets limits, answers until its input ends."""

from __future__ import annotations

import argparse
import ctypes
import math
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from bot.media.decoder import LENGTH, READY, UNCONFINED

_GRACE = 2.0  # seconds; the parent ends a slow process first, this is for when it no longer can

# Landlock (landlock(7), Linux 5.13 and later) asks for no privilege and no package. It takes away
# what limits on open files leave: to remove, rename or run files by their names, to trace processes
# and, from Linux 6.12 on, to send signals to others. Where the kernel has none of it, the limits
# are what there is.
_CREATE_RULESET, _RESTRICT_SELF = 444, 446  # system calls: the same numbers on all machines
_ASK_VERSION = 1
_NO_NEW_PRIVILEGES = 38  # of prctl(2)
# Rights over files by version of Landlock: 13, then to link elsewhere, to truncate, to control
# devices.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
_BIND_AND_CONNECT, _SINCE_NETWORK = 0b11, 4
_SOCKETS_AND_SIGNALS, _SINCE_SCOPES = 0b11, 6


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may spend."""

    max_pixels: int  # of a picture
    seconds: float  # for one file
    memory: int  # bytes of address space
    moments: int  # how many photos are made of one file at most


def run(
    name: str, *, prepare: Callable[[Limits], None], answer: Callable[[bytes, Limits], bytes]
) -> None:
    """Read files, write answers, as `python -m NAME` with the options that `bot` gives it.

    `prepare` loads whatever will be needed, for later no file can be opened.
    """
    limits = _limits(name)
    # The end of the input ends this process. A signal to the whole group must not, for the bot
    # may still have photos to answer before it stops.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    prepare(limits)
    _silence()
    confined = confine()
    _limit(limits.memory)
    _write(answers, READY if confined else UNCONFINED)
    while (data := _read(requests)) is not None:
        start_clock(limits.seconds + _GRACE)
        said = answer(data, limits)
        del data
        signal.setitimer(signal.ITIMER_REAL, 0)
        _write(answers, said)


def _limits(name: str) -> Limits:
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    parser.add_argument("--max-pixels", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--moments", type=int, default=1)
    return Limits(**vars(parser.parse_args()))


def start_clock(seconds: float) -> None:
    """End this process by a signal after so much time, inside a decoding library too."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _at_most(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + seconds), final=False)


def _limit(memory: int) -> None:
    """No more memory than this, no files, no sockets, no core dump with somebody's photo in it."""
    _at_most(resource.RLIMIT_AS, memory)
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE):
        _at_most(what, 0)


def _at_most(what: int, value: int, *, final: bool = True) -> None:
    """Set a limit that the host may already have set lower."""
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(what, (value, value if final else hard))


def confine() -> int:
    """Give up every right that can be given up; the version of Landlock in force, 0 for none.

    Only for this thread and those it will start: call it while there is no other.
    """
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    version = max(0, int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)))
    if not version:
        return 0
    rules = _nothing_allowed(version)
    ruleset = int(libc.syscall(_CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), 0))
    if ruleset < 0:
        return 0
    refused = int(libc.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return 0 if refused else version


def _nothing_allowed(version: int) -> bytes:
    """The kernel's `struct landlock_ruleset_attr`, as long as this version knows it."""
    files = (1 << max(n for since, n in _FILE_RIGHTS.items() if since <= version)) - 1
    parts = [files]
    if version >= _SINCE_NETWORK:
        parts.append(_BIND_AND_CONNECT)
    if version >= _SINCE_SCOPES:
        parts.append(_SOCKETS_AND_SIGNALS)
    return struct.pack(f"={len(parts)}Q", *parts)


def _silence() -> None:
    """Decoding libraries print what they find in a file; neither log nor answers are for that."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None


def _write(stream: BinaryIO, payload: bytes) -> None:
    stream.write(LENGTH.pack(len(payload)) + payload)
    stream.flush()
