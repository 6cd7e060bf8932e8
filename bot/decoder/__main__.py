"""The process that decodes photos."""

from __future__ import annotations

from bot.decoder import encode_answer, pixels, sandbox

if __name__ == "__main__":
    sandbox.run(
        "bot.decoder",
        prepare=lambda limits: pixels.prepare(limits.max_pixels),
        answer=lambda data, limits: encode_answer(pixels.clean(data, limits.max_pixels)),
    )
