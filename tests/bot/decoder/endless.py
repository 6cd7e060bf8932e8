"""A decoding process that never answers: `python -m tests.bot.decoder.endless`."""

from __future__ import annotations

from bot.decoder import sandbox
from bot.decoder.sandbox import Limits


def _answer(_data: bytes, _limits: Limits) -> bytes:
    while True:
        pass


if __name__ == "__main__":
    sandbox.run("tests.bot.decoder.endless", prepare=lambda _: None, answer=_answer)
