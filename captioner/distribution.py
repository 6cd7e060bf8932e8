"""What is installed: the version, the checkpoints that come with it, and how to get the rest.

The PyPI package with the name of our command belongs to somebody else, so no text may tell people
to install it: `how_to_install` names the checkout and the image instead.
"""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

NAME = "captionbot-selfhosted"  # of the distribution, as pyproject.toml has it
_IMAGES = {
    "bot": "bot or run",
    "worker": "worker-gpu",
    "openvino": "worker-cpu or run",
}


def version() -> str:
    """The installed version, such as 0.2.0; "unknown" if the code was only copied."""
    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "unknown"


def how_to_install(extra: str) -> str:
    """The command that installs an extra; a part of a sentence."""
    pip = ".venv/bin/pip" if Path(sys.prefix).name == ".venv" else "pip"
    command = f"in the checkout, run {pip} install -c constraints.txt -e '.[{extra}]'"
    image = _IMAGES.get(extra)
    return f"{command}; with Docker, use the image {image}" if image else command


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
