"""What commands need of the model; a command imports this where it needs it, not before."""

from __future__ import annotations

from pathlib import Path

from captioner.captioner import Captioned, Captioner
from captioner.cli.options import ModelSettings
from captioner.rendering.attention_gif import attention_gif, attention_sheet

__all__ = ["Captioned", "Captioner", "attention_gif", "attention_sheet", "open_captioner"]


def open_captioner(
    settings: ModelSettings, checkpoint: Path | None, device: str | None
) -> Captioner:
    """Options first, then settings, then the bundled checkpoint. Raises CheckpointError."""
    return Captioner.load(
        checkpoint or settings.checkpoint,
        device=device or settings.device,
        engine=settings.engine,
    )
