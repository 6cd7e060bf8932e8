"""The decoding processes as they are, with the cost of each file before its answer.

`python -m tests.fuzz.decoding photos|films`, with the options that `bot` gives them.
"""

from __future__ import annotations

import sys
import time

from bot.media.decoder import encode_answer, encode_shots, photos, video_worker, worker
from bot.media.decoder.worker import Limits
from tests.fuzz.cost import COST


def _photo(data: bytes, limits: Limits) -> bytes:
    return encode_answer(photos.clean(data, limits.max_pixels))


def _film(data: bytes, limits: Limits) -> bytes:
    return encode_shots(video_worker.shots(data, limits))


if __name__ == "__main__":
    films = sys.argv.pop(1) == "films"
    answer = _film if films else _photo

    def measured(data: bytes, limits: Limits) -> bytes:
        begun = time.process_time()
        said = answer(data, limits)
        return COST.pack(time.process_time() - begun) + said

    def prepare(limits: Limits) -> None:
        if films:
            video_worker.prepare(limits)
        else:
            photos.prepare(limits.max_pixels)

    worker.run("tests.fuzz.decoding", prepare=prepare, answer=measured)
