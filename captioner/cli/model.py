"""The model for commands; it is heavy, so a command imports this only when it runs."""

from __future__ import annotations

from pathlib import Path

from captioner.base import PhotoCaptioner, PhotoCaptions, PromptedCaptioner
from captioner.loading import ModelSettings, load_captioner
from captioner.rendering.attention_gif import attention_gif, attention_sheet

__all__ = [
    "PhotoCaptioner",
    "PhotoCaptions",
    "PromptedCaptioner",
    "attention_gif",
    "attention_sheet",
    "open_captioner",
]


def open_captioner(
    settings: ModelSettings, checkpoint: Path | None, device: str | None
) -> PhotoCaptioner:
    """The model of the options, the settings or the bundled checkpoint, in that order.

    A model of the Hub is fetched if it is not there. Raises CheckpointError, DeviceError and
    FetchError.
    """
    return load_captioner(settings, checkpoint, device)
