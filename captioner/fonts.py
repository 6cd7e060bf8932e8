"""Fonts of the system for captions that Pillow's own font has no letters for.

Pillow's covers ASCII. Nothing is bundled: Debian's packages are named where one is missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/share/fonts-droid-fallback",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)


@dataclass(frozen=True, slots=True)
class Script:
    """Letters that one font file has."""

    name: str  # for people
    files: tuple[str, ...]  # that have them, the best first
    package: str  # of Debian


# DejaVu has Latin with its accents, Cyrillic and Arabic.
WIDE = Script(
    "accented Latin, Cyrillic and Arabic letters",
    ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf"),
    "fonts-dejavu-core",
)
ARABIC = Script(
    "Arabic letters",
    ("DejaVuSans.ttf", "NotoSansArabic-Regular.ttf", "NotoNaskhArabic-Regular.ttf", "Arial.ttf"),
    "fonts-dejavu-core libfribidi0",
)
CHINESE = Script(
    "Chinese and Japanese characters",
    (
        "NotoSansCJK-Regular.ttc",
        "NotoSansSC-Regular.otf",
        "DroidSansFallbackFull.ttf",
        "DroidSansFallback.ttf",
        "wqy-microhei.ttc",
        "PingFang.ttc",
        "msyh.ttc",
    ),
    "fonts-droid-fallback",
)
DEVANAGARI = Script(
    "Devanagari letters",
    ("NotoSansDevanagari-Regular.ttf", "Lohit-Devanagari.ttf", "Nirmala.ttf"),
    "fonts-lohit-deva",
)
_OF_LANGUAGES = {"ar": ARABIC, "fa": ARABIC, "zh": CHINESE, "ja": CHINESE, "hi": DEVANAGARI}


def script_of(text: str) -> Script | None:
    """The script whose font a text needs; None where Pillow's own has all its letters."""
    if text.isascii():
        return None
    for letter in text:
        if "\u0590" <= letter <= "\u08ff" or "\ufb50" <= letter <= "\ufefc":
            return ARABIC
        if "\u0900" <= letter <= "\u097f":
            return DEVANAGARI
        if "\u2e80" <= letter <= "\u9fff" or "\uf900" <= letter <= "\uffef":
            return CHINESE
    return WIDE


@cache
def font_file(script: Script) -> Path | None:
    """A font file that has a script, if there is one on this host."""
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for parent, _, names in os.walk(Path(folder).expanduser()):
            for name in names:
                found.setdefault(name, Path(parent, name))
    return next((found[name] for name in script.files if name in found), None)


def missing_fonts(languages: Iterable[str]) -> list[Script]:
    """The scripts that languages need and for which there is no font on this host."""
    needed = {
        _OF_LANGUAGES.get(code.partition("-")[0], WIDE): None
        for code in languages
        if code.partition("-")[0] != "en"
    }
    return [script for script in needed if font_file(script) is None]
