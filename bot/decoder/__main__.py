"""The decoding process: sets its own limits, then answers until its input ends."""

from __future__ import annotations

import argparse
import math
import os
import resource
import signal
import sys
from typing import BinaryIO

from bot.decoder import LENGTH, READY, encode_answer, pixels

_GRACE = 2.0  # seconds; the parent ends a slow process first, this is for when it no longer can


def main() -> None:
    """Read requests, write answers."""
    parser = argparse.ArgumentParser(prog="python -m bot.decoder")
    parser.add_argument("--max-pixels", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True, help="for one picture")
    parser.add_argument("--memory", type=int, required=True, help="bytes of address space")
    options = parser.parse_args()

    # The end of the input ends this process. A signal to the whole group must not, for the bot
    # may still have photos to answer before it stops.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    pixels.prepare(options.max_pixels)
    _silence()
    _limit(options.memory)
    _write(answers, READY)
    serve(requests, answers, max_pixels=options.max_pixels, seconds=options.seconds)


def serve(requests: BinaryIO, answers: BinaryIO, *, max_pixels: int, seconds: float) -> None:
    """Answer each request in turn; returns at the end of the input."""
    while (data := _read(requests)) is not None:
        _start_clock(seconds + _GRACE)
        answer = encode_answer(pixels.clean(data, max_pixels))
        del data
        signal.setitimer(signal.ITIMER_REAL, 0)
        _write(answers, answer)


def _start_clock(seconds: float) -> None:
    """End this process by a signal after so much time, inside a picture library too."""
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


def _silence() -> None:
    """Image libraries print what they find in a file; neither log nor answers are for that."""
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


if __name__ == "__main__":
    main()
