"""A worker in a process of its own: `python -m tests.support.worker_process URL PREFIX NAME`.

With `--visibility SECONDS`; with `--hang`, its model never comes back. A batch takes
`--batch-seconds` and for each photo `--photo-seconds` more; there are up to `--max-batch` in one.
Its answers are kept for `--cache-for` seconds.
It says "ready" and "working" on its standard output, and stops on SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Sequence

from captioner.queue import Limits
from captioner.queue.messages import CaptionJob
from captioner.queue.redis import RedisQueue
from captioner.worker.loop import Worker
from tests.support.scripted_worker import ScriptedCaptions


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("prefix")
    parser.add_argument("name")
    parser.add_argument("--visibility", type=float, default=30.0)
    parser.add_argument("--hang", action="store_true")
    parser.add_argument("--batch-seconds", type=float, default=0.0)
    parser.add_argument("--photo-seconds", type=float, default=0.0)
    parser.add_argument("--max-batch", type=int, default=16)
    parser.add_argument("--cache-for", type=float, default=Limits().cache_for)
    options = parser.parse_args()

    def before(jobs: Sequence[CaptionJob]) -> None:
        say("working")
        if options.hang:
            time.sleep(3600)
        time.sleep(options.batch_seconds + options.photo_seconds * len(jobs))

    limits = Limits(visibility=options.visibility, cache_for=options.cache_for)
    async with RedisQueue(options.url, limits, options.prefix) as queue:
        worker = Worker(
            queue,
            ScriptedCaptions(before),
            consumer=options.name,
            max_batch=options.max_batch,
            wait=0.1,
        )
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, worker.request_stop)
        await queue.ping()
        say("ready")
        await worker.run()


if __name__ == "__main__":
    asyncio.run(main())
