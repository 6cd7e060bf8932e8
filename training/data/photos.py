"""What every reader of captioned photos returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class DataError(ValueError):
    """A data set is missing, incomplete or damaged; the text names file and line."""


@dataclass(frozen=True)
class CaptionedPhoto:
    """A photo file and what people said of it, each caption as it stands in the data set."""

    name: str
    path: Path
    captions: tuple[str, ...]
