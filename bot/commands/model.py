"""The captioner that a command's options and the settings ask for."""

from __future__ import annotations

from pathlib import Path

from bot.settings import load_settings
from captioner.captioner import Captioner


def open_captioner(checkpoint: Path | None, device: str | None) -> Captioner:
    """Options first, then settings, then the bundled checkpoint. Raises CheckpointError."""
    settings = load_settings()
    return Captioner.load(
        checkpoint or settings.checkpoint,
        device=device or settings.device,
        engine=settings.engine,
    )
