"""The process that decodes photos."""

from __future__ import annotations

from bot.media.decoder import encode_answer, photos, worker_main

if __name__ == "__main__":
    worker_main.run(
        "bot.media.decoder",
        prepare=lambda limits: photos.prepare(limits.max_pixels),
        answer=lambda data, limits: encode_answer(photos.clean(data, limits.max_pixels)),
    )
