"""A door behind which things go wrong as the input says: `python -m tests.fuzz.misbehaving`."""

from __future__ import annotations

import asyncio
import os
import sys

from tests.fuzz import child
from tests.fuzz.target import Outcome, Target, plainly


def _misbehave(data: bytes) -> Outcome:
    if data == b"crash":
        os.abort()
    if data == b"hang":
        while True:
            pass
    if data == b"slow":
        sum(range(3_000_000))
    if data == b"memory":
        bytearray(2 * child.MEMORY)
    if data == b"nonsense":
        raise KeyError("nobody expected this")
    return Outcome("accepted")


TARGET = Target(
    name="misbehaving", group="misbehaving", seeds=lambda: [b"good"], open=plainly(_misbehave),
    share=1,
)  # fmt: skip

if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "wb")
    targets = {TARGET.name: TARGET}
    asyncio.run(child.serve(targets, sys.stdin.buffer, answers, ended_after=0.5))
