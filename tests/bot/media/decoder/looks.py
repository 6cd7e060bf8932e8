"""How much two pictures look alike."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from bot.chat.refusals import Refusal, RefusalCode
from bot.media.sanitizer import CleanPhoto, Intake

Outcome = CleanPhoto | tuple[RefusalCode, dict[str, str | int]]
FIELD = Path(__file__).parent / "field"
REFERENCE = Image.open(FIELD / "00_reference.png").convert("RGB")


def opened(photo: CleanPhoto) -> Image.Image:
    return Image.open(io.BytesIO(photo.jpeg)).convert("RGB")


def difference(photo: CleanPhoto, wanted: Image.Image = REFERENCE) -> float:
    """The mean difference of two pictures' colours, 0…255; the wanted one is scaled to fit."""
    seen = opened(photo)
    wanted = wanted.convert("RGB").resize(seen.size)
    apart = np.asarray(seen, np.float32) - np.asarray(wanted, np.float32)
    return float(np.abs(apart).mean())


async def outcome(intake: Intake, data: bytes) -> Outcome:
    """The photo, or the reason why there is none, with its figures."""
    try:
        return await intake.clean(data)
    except Refusal as refused:
        return refused.code, refused.args_for_text
