"""Names of files as they can be printed: a name may hold any bytes, a terminal's too."""

from __future__ import annotations

import os
from pathlib import Path

_NOT_UTF8 = range(0xDC80, 0xDD00)  # how Python keeps bytes of a name that are no UTF-8


def shown(path: Path | str) -> str:
    r"""The name on one line, what is not printable as an escape: `caf\xe9.jpg`, `\x1b[2J`."""
    return "".join(c if c.isprintable() else _escaped(c) for c in os.fspath(path))


def _escaped(character: str) -> str:
    code = ord(character)
    if code in _NOT_UTF8:
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
