"""The process that puts inputs through doors: `python -m tests.fuzz.child GROUP`.

It speaks the decoding processes' frames. Each input has the name of its target before it, each
answer the seconds of computing that it took here. A door is opened for its first input.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import signal
import sys
import time
import traceback
from contextlib import AsyncExitStack
from dataclasses import astuple
from pathlib import Path
from typing import BinaryIO

from bot.media.decoder import LENGTH, READY
from tests.fuzz.cost import COST
from tests.fuzz.target import SEPARATOR, Check, Outcome, Target
from tests.fuzz.targets import group

MEMORY = 1 << 30  # bytes of address space that an input may take beyond what is there
ENDED_AFTER = 5.0  # seconds of computing; then the process is ended where it is


async def serve(
    targets: dict[str, Target],
    requests: BinaryIO,
    answers: BinaryIO,
    *,
    ended_after: float = ENDED_AFTER,
) -> None:
    """Answer until the input ends."""
    doors: dict[str, Check] = {}
    async with AsyncExitStack() as stack:
        _write(answers, READY)
        while (request := await asyncio.to_thread(_read, requests)) is not None:
            name, _, data = request.partition(SEPARATOR)
            target = targets[name.decode()]
            if target.name not in doors:
                _limit(resource.RLIM_INFINITY)
                assert target.open is not None
                doors[target.name] = await stack.enter_async_context(target.open())
                _limit(_address_space() + MEMORY)
            outcome, cost = await _put(doors[target.name], data, ended_after)
            _write(answers, COST.pack(cost) + json.dumps(astuple(outcome)).encode())


async def _put(check: Check, data: bytes, ended_after: float) -> tuple[Outcome, float]:
    signal.setitimer(signal.ITIMER_PROF, ended_after)
    begun = time.process_time()
    try:
        outcome = await check(data)
    except Exception as error:  # noqa: BLE001 - whatever comes out is what we look for
        outcome = Outcome("finding", _told(error))
    cost = time.process_time() - begun
    signal.setitimer(signal.ITIMER_PROF, 0)
    return outcome, cost


def _told(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    return f"{type(error).__name__} at {where}: {str(error)[:300]!r}"


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.RLIM_INFINITY))


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _write(stream: BinaryIO, payload: bytes) -> None:
    stream.write(LENGTH.pack(len(payload)) + payload)
    stream.flush()


if __name__ == "__main__":
    real = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is printed must not look like an answer
    logging.basicConfig(handlers=[logging.NullHandler()])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asyncio.run(serve(group(sys.argv[1]), sys.stdin.buffer, real))
