"""The checkpoints that come with CaptionBot, and their names."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent
BUNDLED = _FOLDER / "bundled.safetensors"  # the one that is used where none is chosen


def shipped() -> dict[str, Path]:
    """The files by name; that of the bundled one, "bundled", is the first."""
    others = sorted(path for path in _FOLDER.glob("*.safetensors") if path != BUNDLED)
    return {path.stem: path for path in (BUNDLED, *others) if path.is_file()}


def checkpoint_path(given: Path) -> Path:
    """The file that is meant: one that comes with CaptionBot where only its name is given.

    A file of that name in the current folder goes before.
    """
    name = str(given)
    return given if given.exists() else shipped().get(name, given)


def shipped_names() -> str:
    """The names, for a sentence."""
    return ", ".join(shipped())
