"""What a release needs to know: `release.py version`, and `release.py notes`.

The version stands in pyproject.toml and nowhere else; the notes are its section of CHANGELOG.md.
Needs Python 3.11 and nothing else.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_REPOSITORY = Path(__file__).parents[1]


def version(project: str) -> str:
    """The version in the text of a pyproject.toml."""
    said: str = tomllib.loads(project)["project"]["version"]
    return said


def notes(changelog: str, number: str) -> str:
    """The section of a version in the text of a changelog; raises ValueError if there is none."""
    sections = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    for section in sections:
        title, _, text = section.partition("\n")
        if title.startswith(f"[{number}]") and text.strip():
            return text.strip() + "\n"
    raise ValueError(f"CHANGELOG.md has no section for {number}")


def main(arguments: list[str]) -> int:
    """Print what was asked for."""
    number = version((_REPOSITORY / "pyproject.toml").read_text())
    match arguments:
        case ["version"]:
            text = f"{number}\n"
        case ["notes"]:
            try:
                text = notes((_REPOSITORY / "CHANGELOG.md").read_text(), number)
            except ValueError as error:
                sys.stderr.write(f"release.py: {error}\n")
                return 1
        case _:
            sys.stderr.write("usage: release.py version | notes\n")
            return 2
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
