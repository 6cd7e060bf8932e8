"""Which version of CaptionBot runs, and how to add packages that it can do without.

The name on PyPI that matches our command belongs to somebody else, so no text may tell people to
install that: `how_to_install` names the checkout and the image instead.
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
    """The version that is installed, such as 0.2.0; "unknown" where the code was only copied."""
    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "unknown"


def how_to_install(extra: str) -> str:
    """What to type to get the packages of an extra; the middle of a sentence."""
    pip = ".venv/bin/pip" if Path(sys.prefix).name == ".venv" else "pip"
    command = f"in the checkout, run {pip} install -c constraints.txt -e '.[{extra}]'"
    image = _IMAGES.get(extra)
    return f"{command}; with Docker, use the image {image}" if image else command
