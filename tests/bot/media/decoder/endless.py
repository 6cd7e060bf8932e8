"""A decoding process that never answers: `python -m tests.bot.media.decoder.endless`."""

from __future__ import annotations

from bot.media.decoder import worker
from bot.media.decoder.worker import Limits


def _answer(_data: bytes, _limits: Limits) -> bytes:
    while True:
        pass


if __name__ == "__main__":
    worker.run("tests.bot.media.decoder.endless", prepare=lambda _: None, answer=_answer)
