"""The model for `bot.cli`; it is heavy, so a command imports this only when it runs."""

from __future__ import annotations

from captioner.base import PhotoCaptioner, PhotoCaptions, PromptedCaptioner
from captioner.loading import load_captioner
from captioner.rendering.attention_gif import attention_gif, attention_sheet

__all__ = [
    "PhotoCaptioner",
    "PhotoCaptions",
    "PromptedCaptioner",
    "attention_gif",
    "attention_sheet",
    "load_captioner",
]
