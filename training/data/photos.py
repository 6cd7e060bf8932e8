"""What every reader of captioned photos returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from captioner.errors import OperatorError

_LONGEST_REASON = 600  # characters: a file must not fill a screen with what it holds


class DataError(OperatorError, ValueError):
    """A data set is missing, incomplete or damaged; the text names file and line."""

    def __init__(self, text: str) -> None:
        super().__init__(shortened(text))


def shortened(text: str) -> str:
    """A text that may repeat what a file says, made fit for a line on a terminal."""
    shown = text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
    return shown.encode(errors="backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Region:
    """A named thing in a photo and where: left, top, right, bottom as fractions of its sides."""

    name: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class CaptionedPhoto:
    """A photo file and what people said of it, each caption as it stands in the data set."""

    name: str
    path: Path
    captions: tuple[str, ...]  # none where the photo has regions only
    regions: tuple[Region, ...] = ()
