"""Draws the attention for every word, as an animation (GIF) or a contact sheet (PNG)."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from captioner.queue.messages import Word
from captioner.rendering.overlay import (
    MARKED,
    MARKER,
    PAPER,
    SAID,
    TO_COME,
    CaptionStrip,
    HeatmapOverlay,
    check_attention,
    fit_text,
    fitted_size,
    font_for,
    heat_maps,
    runs_left,
)

Bytes = NDArray[np.uint8]

OPENING_MS, WORD_MS, CLOSING_MS = 700, 600, 2200
_GRAIN = 7.0  # levels of dither
_COLOURS = (255, 176, 112, 80)
_FAR = 1.4  # times the limit: too much for fewer colours to help
_CLOSE = 1.1  # times the limit: if the estimate is below this, it is tried
_SMALLEST = 48  # pixels a side; if the file is still too large then, it fails
_NARROWEST = 0.6  # of the side: a very tall photo gets a margin, so that its caption has room


def attention_gif(
    photo: Image.Image,
    words: Sequence[Word],
    grid: tuple[int, int],
    *,
    language: str = "en",
    side: int = 320,
    max_bytes: int = 1_000_000,
) -> bytes:
    """A GIF that shows, word by word, where the model looked.

    `grid` is the number of rows and columns of the attention weights; it covers the whole photo.
    The photo's longest side is `side` pixels, and the caption is below it. The first and the last
    frame have the plain photo and the whole caption; between them is one frame for each word. It
    repeats for ever. A word without attention shows the plain photo. `language`
    is that of the words.

    If the file is larger than `max_bytes`, it gets fewer colours, then fewer pixels. Raises
    ValueError for invalid input: no words, weights that do not match the grid or are not finite, a
    limit that cannot be met.
    """
    check_attention(words, grid)
    while side >= _SMALLEST:
        lit = HeatmapOverlay(photo, fitted_size(photo, side), grain=_GRAIN)
        film = _make_frames(lit, words, grid, side, language)
        size = 0
        for colours in _COLOURS:
            shades = _palette([lit.shades()], colours)
            size = _guessed(film, shades)
            if size <= _CLOSE * max_bytes:
                made = _encode_gif(film, shades, _plain_palette(lit.plain, colours))
                if len(made) <= max_bytes:
                    return made
                size = len(made)
            if size > _FAR * max_bytes:
                break
        side = _smaller(side, size, max_bytes)
    raise ValueError(f"an animation of {len(words)} words does not go into {max_bytes} bytes")


def attention_sheet(
    photo: Image.Image,
    words: Sequence[Word],
    grid: tuple[int, int],
    *,
    language: str = "en",
    panel: int = 240,
    max_bytes: int = 1_000_000,
) -> bytes:
    """A PNG with the caption, the plain photo, and for each word a panel with its attention.

    A panel's longest side is `panel` pixels. Limits and errors are as in `attention_gif`.
    """
    check_attention(words, grid)
    while panel >= _SMALLEST:
        lit = HeatmapOverlay(photo, fitted_size(photo, panel))
        sheet = _sheet(lit, words, grid, panel, language)
        for colours in _COLOURS:
            made = io.BytesIO()
            palette = _palette([lit.plain, lit.shades()], colours)
            sheet.quantize(palette=palette).save(made, "PNG")
            if made.tell() <= max_bytes:
                return made.getvalue()
            if made.tell() > _FAR * max_bytes:
                break
        panel = _smaller(panel, made.tell(), max_bytes)
    raise ValueError(f"a sheet of {len(words)} words does not go into {max_bytes} bytes")


def _smaller(side: int, got: int, wanted: int) -> int:
    """The next side to try: as much smaller as needed, and at least by a tenth."""
    return math.floor(side * min(0.9, max(0.5, math.sqrt(max(wanted, 1) / got))))


@dataclass(frozen=True, slots=True)
class _Frames:
    """The frames: the plain photo, and those of the words in one tall picture.

    One picture, because Pillow analyses the palette anew for each picture that it quantizes.
    `plain_too` are the words without attention; their frames show the plain photo.
    """

    plain: Image.Image
    looks: Image.Image
    plain_too: frozenset[int]

    def look(self, number: int, looks: Image.Image) -> Image.Image:
        """The frame of one word, cut out of `looks` (the original or a quantized one)."""
        width, height = self.plain.size
        return looks.crop((0, number * height, width, (number + 1) * height))

    def __len__(self) -> int:
        return self.looks.height // self.plain.height


def _make_frames(
    lit: HeatmapOverlay, words: Sequence[Word], grid: tuple[int, int], side: int, language: str
) -> _Frames:
    width, height = lit.plain.size
    page = max(width, round(side * _NARROWEST))
    left = (page - width) // 2
    strip = CaptionStrip([word.text for word in words], page, language=language)
    whole = height + strip.height
    plain = Image.new("RGB", (page, whole), PAPER)
    lit.draw(plain, (left, 0), None)
    plain.paste(strip.draw(), (0, height))
    looks = Image.new("RGB", (page, whole * len(words)), PAPER)
    for number, heat in enumerate(heat_maps(words, grid, lit.plain.size)):
        lit.draw(looks, (left, number * whole), heat)
        looks.paste(strip.draw(number), (0, number * whole + height))
    return _Frames(plain, looks, frozenset(n for n, w in enumerate(words) if not w.attention))


def _guessed(film: _Frames, shades: Image.Image) -> int:
    """An estimate of the animation's bytes, from a frame in the middle."""
    made = io.BytesIO()
    frame = film.look(len(film) // 2, film.looks)
    _in_colours(frame, shades).save(made, "GIF", optimize=False)
    return made.tell() * len(film)


def _encode_gif(film: _Frames, shades: Image.Image, bright: Image.Image) -> bytes:
    """The plain photo, the words, the plain photo again; the plain photo has its own palette."""
    plain = _in_colours(film.plain, bright)
    indices = _in_colours(film.looks, shades)
    looks = [
        _in_colours(film.look(number, film.looks), bright)
        if number in film.plain_too
        else film.look(number, indices)
        for number in range(len(film))
    ]
    made = io.BytesIO()
    plain.save(
        made,
        "GIF",
        save_all=True,
        append_images=[*looks, plain],
        duration=[OPENING_MS, *[WORD_MS] * len(looks), CLOSING_MS],
        loop=0,
        disposal=1,
        optimize=False,
    )
    return made.getvalue()


def _in_colours(picture: Image.Image, palette: Image.Image) -> Image.Image:
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def _palette(
    pictures: Sequence[Image.Image],
    colours: int,
    method: Image.Quantize = Image.Quantize.MEDIANCUT,
) -> Image.Image:
    """A palette with the caption's colours; the others come from `pictures`."""
    own = _text_colours()
    pixels = [np.asarray(picture) for picture in pictures]
    sample = np.concatenate([p[:: _step(p), :: _step(p)].reshape(-1, 3) for p in pixels])
    found = Image.fromarray(sample[None]).quantize(colours - len(own), method).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*(c for colour in own for c in colour), *found])
    return palette


def _plain_palette(plain: Image.Image, colours: int) -> Image.Image:
    # Where there are many colours, an octree finds as good ones in a tenth of the time.
    return _palette([plain], colours, Image.Quantize.FASTOCTREE)


def _step(pixels: Bytes) -> int:
    return max(1, math.isqrt(pixels.size // 3 // 4_000))


@cache
def _text_colours() -> list[tuple[int, int, int]]:
    """The colours of the caption, and those between them at the edges of letters."""
    pairs = ((PAPER, SAID, 7), (PAPER, TO_COME, 4), (PAPER, MARKER, 5), (MARKED, MARKER, 6))
    shades = {
        tuple(round(a + (b - a) * i / (n - 1)) for a, b in zip(start, end, strict=True))
        for start, end, n in pairs
        for i in range(n)
    }
    return sorted((r, g, b) for r, g, b in shades)


def _sheet(
    lit: HeatmapOverlay, words: Sequence[Word], grid: tuple[int, int], panel: int, language: str
) -> Image.Image:
    width, height = lit.plain.size
    cell_width = max(width, round(panel * _NARROWEST))
    gap, label = max(4, panel // 24), max(16, panel // 7)
    cell_height = height + label
    columns = _columns(len(words) + 1, cell_width + gap, cell_height + gap)
    rows = math.ceil((len(words) + 1) / columns)
    page = columns * (cell_width + gap) + gap
    strip = CaptionStrip([word.text for word in words], page, language=language)
    sheet = Image.new("RGB", (page, strip.height + rows * (cell_height + gap)), PAPER)
    sheet.paste(strip.draw())
    draw = ImageDraw.Draw(sheet)
    font = font_for(" ".join(word.text for word in words), round(label * 0.62))
    heats = [None, *heat_maps(words, grid, lit.plain.size)]
    for number, (text, heat) in enumerate(
        zip(["photo" if language == "en" else "", *(w.text for w in words)], heats, strict=True)
    ):
        row, column = divmod(number, columns)
        if runs_left(language):
            column = columns - 1 - column
        top = strip.height + row * (cell_height + gap)
        left = gap + column * (cell_width + gap)
        lit.draw(sheet, (left + (cell_width - width) // 2, top), heat)
        middle = (left + cell_width / 2, top + height + label / 2)
        if text:
            line = fit_text(text, font, cell_width)
            draw.text(middle, line, fill=SAID if number else TO_COME, font=font, anchor="mm")
    return sheet


def _columns(panels: int, width: int, height: int) -> int:
    """The number of columns that gives the sheet about the shape of an upright phone."""

    def shape(columns: int) -> float:
        rows = math.ceil(panels / columns)
        return abs(math.log(columns * width / (rows * height) / 0.8))

    return min(range(1, panels + 1), key=shape)
