"""What is drawn over a photo: the light of attention, and a strip with the caption's words."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from captioner.fonts import font_file, script_of
from captioner.queue.messages import Word

Floats = NDArray[np.float32]

_SPREAD = 0.55  # sigma of the blur over the grid, in cells
_COOL = (0.30, 0.315, 0.35)  # what is left of red, green and blue where nobody looked
_WARM = (0.14, 0.09, 0.02)  # how far towards full they go where the model looked
_GOLDEN = (math.sqrt(5) - 1) / 2
_COARSE = 4
_FULL = 2.5  # this many times the uniform weight is fully lit, where nothing weighs more


def heat_maps(
    words: Sequence[Word], grid: tuple[int, int], size: tuple[int, int]
) -> list[Floats | None]:
    """The heat map (0…1) of each word's attention; None for a word without attention.

    A map has a quarter of the width and height of the photo (`size` pixels): it is smooth, and
    `HeatmapOverlay.draw` scales it up. The highest weight becomes 1 if it is at least 2.5 times the
    uniform weight 1/K, so evenly spread attention looks even. Raises ValueError as
    `check_attention` does.
    """
    check_attention(words, grid)
    rows, columns = grid
    width, height = (max(1, round(side / _COARSE)) for side in size)
    down, across = _blur(rows, height), _blur(columns, width)
    maps: list[Floats | None] = []
    for word in words:
        if not word.attention:
            maps.append(None)
            continue
        alpha = np.array(word.attention, np.float64).reshape(rows, columns)
        ratio = (alpha * (alpha.size / alpha.sum())).astype(np.float32)
        # einsum, not @: waking a BLAS's threads takes longer than the sums
        lit = np.einsum("yr,rx->yx", down, np.einsum("rc,xc->rx", ratio, across))
        maps.append(lit / max(float(lit.max()), _FULL))
    return maps


def check_attention(words: Sequence[Word], grid: tuple[int, int]) -> None:
    """Raise ValueError, naming the word, for input that cannot be drawn.

    That is: no words, no attention at all, a grid without cells, a number of weights that does not
    match the grid, weights that are negative or not finite, or a sum far from 1.
    """
    rows, columns = grid
    if not words:
        raise ValueError("a caption without words has no attention to show")
    if rows < 1 or columns < 1:
        raise ValueError(f"a grid of {rows} x {columns} has no cells")
    if not any(word.attention for word in words):
        raise ValueError("none of the words has attention weights")
    for number, word in enumerate(words, start=1):
        weights = np.array(word.attention, np.float64)
        if not weights.size:
            continue
        if weights.size != rows * columns:
            raise ValueError(
                f"word {number} has {weights.size} attention weights for {rows} x {columns} cells"
            )
        if not np.isfinite(weights).all() or (weights < 0).any():
            raise ValueError(f"word {number} has attention weights that are negative or not finite")
        if weights.max() > 100 or not 0.01 < weights.sum() < 100:  # rounding is forgiven
            raise ValueError(f"word {number} has attention weights that do not sum to 1")


@lru_cache(maxsize=32)
def _blur(cells: int, pixels: int) -> Floats:
    """Gaussian interpolation (pixels, cells); each row sums to 1, so that even stays even."""
    centres = (np.arange(pixels, dtype=np.float32) + 0.5) * (cells / pixels) - 0.5
    distance = centres[:, None] - np.arange(cells, dtype=np.float32)
    weights = np.exp(-(distance**2) / (2 * _SPREAD**2))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


class HeatmapOverlay:
    """A photo with a heat map: bright and warm where the model looked, dark and grey elsewhere.

    `grain` is the amplitude (of 0…255) of an ordered dither. It is the same in every frame, and
    hides the steps between the few colours of a GIF.
    """

    def __init__(self, photo: Image.Image, size: tuple[int, int], *, grain: float = 0.0) -> None:
        rgb = photo.convert("RGB").resize(size, Image.Resampling.BICUBIC, reducing_gap=1.5)
        width, height = self._size = size
        # A row is red, green, blue, red…: numpy is slow where the last dimension is of three.
        colour = np.asarray(rgb).reshape(height, 3 * width).astype(np.float32)
        grey = np.repeat(np.asarray(rgb.convert("L")), 3, axis=1).astype(np.float32)
        dither = _ordered(size) * np.float32(grain)
        cool, warm = (np.tile(np.array(c, np.float32), width) for c in (_COOL, _WARM))

        def drawn(pixels: Floats) -> Image.Image:
            pixels = np.clip(pixels, grain / 2, 255 - grain / 2) + dither
            return Image.fromarray(pixels.astype(np.uint8).reshape(height, width, 3))

        self.plain = drawn(colour)
        self._dark = drawn((0.75 * grey + 0.25 * colour) * cool)
        self._bright = drawn(colour + (255 - colour) * warm)

    def draw(self, page: Image.Image, corner: tuple[int, int], heat: Floats | None) -> None:
        """Draw the photo onto a page, lit by a heat map of 0…1; plain without one."""
        if heat is None:
            page.paste(self.plain, corner)
            return
        mask = Image.fromarray((heat * 255).astype(np.uint8))
        page.paste(self._dark, corner)
        page.paste(self._bright, corner, mask.resize(self._size, Image.Resampling.BILINEAR))

    def shades(self) -> Image.Image:
        """A small picture with the colours that overlays have, from dark to bright."""
        step = max(1, math.isqrt(math.prod(self._size) // 1_500))
        dark, bright = (
            np.asarray(drawn, np.float32)[::step, ::step] for drawn in (self._dark, self._bright)
        )
        pixels = np.arange(math.prod(dark.shape[:2]), dtype=np.float32)
        heat = (pixels * _GOLDEN % 1) ** 1.5  # spread evenly over neighbours, more dark than bright
        shades = dark + (bright - dark) * heat.reshape(*dark.shape[:2], 1)
        return Image.fromarray(shades.astype(np.uint8))


@lru_cache(maxsize=8)
def _ordered(size: tuple[int, int]) -> Floats:
    """Bayer's 8 x 8 thresholds, -0.5…0.5, repeated over (height, 3 * width)."""
    matrix = np.zeros((1, 1))
    for _ in range(3):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    width, height = size
    tiled = np.tile((matrix + 0.5) / 64 - 0.5, (height // 8 + 1, width // 8 + 1))
    return np.repeat(tiled[:height, :width], 3, axis=1).astype(np.float32)


def fitted_size(photo: Image.Image, side: int) -> tuple[int, int]:
    """Width and height of the photo with its longest side `side`, never less than a pixel."""
    width, height = photo.size
    if width < 1 or height < 1:
        raise ValueError("a photo without pixels")
    scale = side / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


Colour = tuple[int, int, int]

PAPER: Colour = (17, 19, 24)
SAID: Colour = (240, 240, 236)
TO_COME: Colour = (112, 118, 130)
MARKED: Colour = (26, 18, 0)
MARKER: Colour = (255, 190, 70)

_LONGEST = 80  # letters of a word that are drawn at most
_GLUED = re.compile(r"[.,;:!?%)\]…،؛؟]+|n't|['’](?:s|m|d|re|ve|ll)?")
_ELIDED = re.compile(r".*\w['’]")  # "l'" of "l'homme"
_ELIDING = frozenset(("fr", "it"))  # languages that write no space behind such words
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
        code = language.partition("-")[0]
        self._spaced, self._elides = code not in _UNSPACED, code in _ELIDING
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
        """The words in centred lines.

        Punctuation and clitics stay with the word before them, elided words with the one behind.
        """
        room = self._width - 2 * self._margin
        space = self._font.getlength(" ") * 1.7 if self._spaced else 0.0
        units: list[list[tuple[str, float]]] = []  # words without space between them
        elided = False
        for word in words:
            text = fit_text(word, self._font, room)
            if not units or not (elided or _GLUED.fullmatch(text)):
                units.append([])
            elided = self._elides and bool(_ELIDED.fullmatch(text))
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
