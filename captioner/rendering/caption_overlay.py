"""Draws a caption below a picture, with one word marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from captioner.fonts import font_file, script_of

Colour = tuple[int, int, int]

PAPER: Colour = (17, 19, 24)
SAID: Colour = (240, 240, 236)
TO_COME: Colour = (112, 118, 130)
MARKED: Colour = (26, 18, 0)
MARKER: Colour = (255, 190, 70)

_LONGEST = 80  # letters of a word that are drawn at most
_GLUED = re.compile(r"[.,;:!?%)\]…،؛؟]+|n't|['’](?:s|m|d|re|ve|ll)?")
_UNSPACED = frozenset(("zh", "ja"))  # languages that are written without spaces
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur"))

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def runs_left(language: str) -> bool:
    """Whether a language is written from right to left."""
    return language.partition("-")[0] in _RIGHT_TO_LEFT


def font_for(text: str, size: int) -> Font:
    """A font that has the letters of a text, in a size in pixels.

    Pillow's own where that is enough, so that no host needs fonts for English, and where the host
    has none for the script: what is missing are boxes then, and accents (see `fit_text`).
    """
    script = script_of(text)
    file = font_file(script) if script else None
    return _font(str(file) if file else "", size)


@lru_cache(maxsize=64)
def _font(file: str, size: int) -> Font:
    return ImageFont.truetype(file, size) if file else ImageFont.load_default(size)


def _has_accents(font: Font) -> bool:
    return isinstance(font, ImageFont.FreeTypeFont) and isinstance(font.path, str)


def fit_text(text: str, font: Font, room: float) -> str:
    """The text as one line of at most `room` pixels; if it is longer, it ends with an ellipsis.

    Accents are removed for Pillow's font, which has none; other missing characters become boxes.
    """
    plain = unicodedata.normalize("NFC", text)
    if not _has_accents(font):
        letters = unicodedata.normalize("NFKD", text)
        plain = "".join(c for c in letters if not unicodedata.combining(c))
    line = " ".join("".join(c if c.isprintable() else " " for c in plain).split()) or "·"
    if len(line) <= _LONGEST and font.getlength(line) <= room:
        return line
    low, high = 1, min(len(line), _LONGEST)
    while low < high:  # the longest start that fits
        middle = (low + high + 1) // 2
        fits = font.getlength(line[:middle] + "…") <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return line[:low] + "…"


@lru_cache(maxsize=256)
def _pill(width: int, height: int, radius: float) -> Image.Image:
    """A mask with round corners; it is scaled down, because Pillow draws hard edges."""
    mask = Image.new("L", (4 * width, 4 * height))
    box = (0, 0, 4 * width - 1, 4 * height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius=4 * radius, fill=255)
    return mask.resize((width, height), Image.Resampling.BOX)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word and where it starts, in pixels."""

    text: str
    x: float
    y: float
    length: float


class CaptionStrip:
    """A caption in lines for a width in pixels; `draw` marks a word in it.

    The text is as large as fits into three lines, at most `largest` pixels. It never gets too
    small to read: a long caption gets more lines. Lines run as the language does.
    """

    def __init__(
        self, words: Sequence[str], width: int, *, language: str = "en", largest: int = 28
    ) -> None:
        self._width, self._runs_left = width, runs_left(language)
        self._spaced = language.partition("-")[0] not in _UNSPACED
        caption = " ".join(words)
        start = min(largest, max(12, round(width / 16)))
        for size in range(start, max(11, round(start * 0.7)) - 1, -1):
            self._font = font_for(caption, size)
            self._line = round(size * 1.5)
            self._margin = round(size * 0.6)
            lines = self._set(words)
            if len(lines) <= 3:
                break
        self._placed = [word for line in lines for word in line]
        self.height = len(lines) * self._line + 2 * self._margin
        self._lit, self._dim = self._write(SAID), self._write(TO_COME)

    def draw(self, marked: int | None = None) -> Image.Image:
        """The strip: words before the marked one are bright, those after it are dim.

        Without a marked word, the whole caption is bright.
        """
        if marked is None:
            return self._lit
        word = self._placed[marked]
        top = round(word.y - self._line / 2)
        bottom, middle = top + self._line, round(word.x + word.length / 2)
        strip = self._lit.copy()
        rest = (0, top, middle, bottom) if self._runs_left else (middle, top, self._width, bottom)
        for box in rest, (0, bottom, self._width, self.height):
            strip.paste(self._dim.crop(box), box)
        pad = round(self._line * (0.14 if self._spaced else 0.03))
        inset = round(self._line * 0.06)
        pill = _pill(round(word.length) + 2 * pad, self._line - 2 * inset, self._line * 0.22)
        strip.paste(MARKER, (round(word.x) - pad, top + inset), pill)
        draw = ImageDraw.Draw(strip)
        draw.text((word.x, word.y), word.text, fill=MARKED, font=self._font, anchor="lm")
        return strip

    def _write(self, colour: Colour) -> Image.Image:
        picture = Image.new("RGB", (self._width, self.height), PAPER)
        draw = ImageDraw.Draw(picture)
        for word in self._placed:
            draw.text((word.x, word.y), word.text, fill=colour, font=self._font, anchor="lm")
        return picture

    def _set(self, words: Sequence[str]) -> list[list[_Placed]]:
        """The words in centred lines; punctuation and clitics stay with the word before them."""
        room = self._width - 2 * self._margin
        space = self._font.getlength(" ") * 1.7 if self._spaced else 0.0
        units: list[list[tuple[str, float]]] = []  # words without space between them
        for word in words:
            text = fit_text(word, self._font, room)
            if not units or not _GLUED.fullmatch(text):
                units.append([])
            units[-1].append((text, self._font.getlength(text)))
        lines: list[list[tuple[str, float, float]]] = [[]]  # text, offset, length
        end = -space
        for unit in units:
            end += space
            whole = sum(length for _, length in unit)
            for number, (text, length) in enumerate(unit):
                need = whole if number == 0 and whole <= room else length
                if lines[-1] and end + need > room:
                    lines.append([])
                    end = 0.0
                lines[-1].append((text, end, length))
                end += length
        placed = []
        for number, line in enumerate(lines):
            _, offset, length = line[-1]
            left = (self._width - offset - length) / 2
            y = self._margin + (number + 0.5) * self._line
            if self._runs_left:
                placed.append([_Placed(t, self._width - left - x - n, y, n) for t, x, n in line])
            else:
                placed.append([_Placed(t, left + x, y, n) for t, x, n in line])
        return placed
