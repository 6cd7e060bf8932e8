"""Where the model looked for every word: as an animation, and as a still sheet of panels."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from captioner.attention_art import LitPhoto, check, fit, heat_maps
from captioner.caption_strip import (
    MARKED,
    MARKER,
    PAPER,
    SAID,
    TO_COME,
    CaptionStrip,
    drawable,
    font_of,
)
from captioner.jobs import Word

Bytes = NDArray[np.uint8]

OPENING_MS, WORD_MS, CLOSING_MS = 700, 600, 2200
_GRAIN = 7.0  # levels of dither
_COLOURS = (255, 176, 112, 80)
_FAR = 1.4  # times the limit: more than fewer colours can save
_SMALLEST = 48  # pixels; a picture that is still too large at this side cannot be made
_NARROWEST = 0.6  # of the side: a very tall photo gets a margin, so that its caption has room


def attention_gif(
    photo: Image.Image,
    words: Sequence[Word],
    grid: tuple[int, int],
    *,
    side: int = 320,
    max_bytes: int = 1_000_000,
) -> bytes:
    """A GIF that shows, word by word, where the model looked.

    `grid` is the rows and columns of the words' attention weights; it covers the whole photo,
    whatever the photo's shape. The photo's longest side is `side` pixels and the caption stands
    below it. First and last come the plain photo and the whole caption, between them one frame
    a word; it repeats for ever. A word without attention shows the plain photo.

    Where that is more than `max_bytes`, it gets fewer colours, then fewer pixels. Raises
    ValueError for what cannot be drawn: no words, weights that do not match the grid or are not
    finite, a limit that no picture meets.
    """
    check(words, grid)
    while side >= _SMALLEST:
        lit = LitPhoto(photo, fit(photo, side), grain=_GRAIN)
        frames = _frames(lit, words, grid, side)
        for colours in _COLOURS:
            made = _encode_gif(frames, lit, colours, words)
            if len(made) <= max_bytes:
                return made
            if len(made) > _FAR * max_bytes:
                break
        side = _smaller(side, len(made), max_bytes)
    raise ValueError(f"an animation of {len(words)} words does not go into {max_bytes} bytes")


def attention_sheet(
    photo: Image.Image,
    words: Sequence[Word],
    grid: tuple[int, int],
    *,
    panel: int = 240,
    max_bytes: int = 1_000_000,
) -> bytes:
    """A PNG with the caption, the plain photo, and a panel a word of where the model looked.

    A panel's longest side is `panel` pixels. Limits and errors are those of `attention_gif`.
    """
    check(words, grid)
    while panel >= _SMALLEST:
        lit = LitPhoto(photo, fit(photo, panel))
        sheet = Image.fromarray(_sheet(lit, words, grid, panel))
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
    """The next side to try: about as much smaller as needed, and a tenth at least."""
    return math.floor(side * min(0.9, max(0.5, math.sqrt(max(wanted, 1) / got))))


def _frames(lit: LitPhoto, words: Sequence[Word], grid: tuple[int, int], side: int) -> Bytes:
    """The plain photo and then a frame a word, as (frames, height, width, 3)."""
    height, width = lit.plain.shape[:2]
    page = max(width, round(side * _NARROWEST))
    left = (page - width) // 2
    strip = CaptionStrip([word.text for word in words], page)
    frames = np.empty((len(words) + 1, height + strip.height, page, 3), np.uint8)
    if page > width:
        frames[:, :height] = np.array(PAPER, np.uint8)
    frames[0, :height, left : left + width] = lit.plain
    frames[0, height:] = strip.draw()
    for number, heat in enumerate(heat_maps(words, grid, (width, height))):
        frame = frames[number + 1]
        frame[:height, left : left + width] = lit.lit(heat)
        frame[height:] = strip.draw(number)
    return frames


def _encode_gif(frames: Bytes, lit: LitPhoto, colours: int, words: Sequence[Word]) -> bytes:
    """The frames, the first shown again at the end; plain photos have a palette of their own."""
    count, height, width, _ = frames.shape
    bright = _palette([lit.plain], colours)
    plain = _in_colours(frames[0], bright)
    indices = _in_colours(frames[1:].reshape(-1, width, 3), _palette([lit.shades()], colours))
    looks = [
        indices.crop((0, number * height, width, (number + 1) * height))
        if word.attention
        else _in_colours(frames[number + 1], bright)
        for number, word in enumerate(words)
    ]
    made = io.BytesIO()
    plain.save(
        made,
        "GIF",
        save_all=True,
        append_images=[*looks, plain],
        duration=[OPENING_MS, *[WORD_MS] * (count - 1), CLOSING_MS],
        loop=0,
        disposal=1,
        optimize=False,
    )
    return made.getvalue()


def _in_colours(pixels: Bytes, palette: Image.Image) -> Image.Image:
    return Image.fromarray(pixels).quantize(palette=palette, dither=Image.Dither.NONE)


def _palette(pictures: Sequence[Bytes], colours: int) -> Image.Image:
    """A palette of the caption's own colours and shades, the rest from some pictures."""
    own = _text_colours()
    sample = np.concatenate([p[:: _step(p), :: _step(p)].reshape(-1, 3) for p in pictures])
    found = Image.fromarray(sample[None]).quantize(colours - len(own)).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*(c for colour in own for c in colour), *found])
    return palette


def _step(pixels: Bytes) -> int:
    return max(1, math.isqrt(pixels.size // 3 // 4_000))


def _text_colours() -> list[tuple[int, int, int]]:
    """The colours of the caption with what lies between them at the edges of letters."""
    pairs = ((PAPER, SAID, 7), (PAPER, TO_COME, 4), (PAPER, MARKER, 5), (MARKED, MARKER, 6))
    shades = {
        tuple(round(a + (b - a) * i / (n - 1)) for a, b in zip(start, end, strict=True))
        for start, end, n in pairs
        for i in range(n)
    }
    return sorted((r, g, b) for r, g, b in shades)


def _sheet(lit: LitPhoto, words: Sequence[Word], grid: tuple[int, int], panel: int) -> Bytes:
    """The sheet as (height, width, 3)."""
    height, width = lit.plain.shape[:2]
    cell_width = max(width, round(panel * _NARROWEST))
    gap, label = max(4, panel // 24), max(16, panel // 7)
    cell_height = height + label
    columns = _columns(len(words) + 1, cell_width + gap, cell_height + gap)
    rows = math.ceil((len(words) + 1) / columns)
    page = columns * (cell_width + gap) + gap
    strip = CaptionStrip([word.text for word in words], page)
    sheet = np.empty((strip.height + rows * (cell_height + gap), page, 3), np.uint8)
    sheet[:] = np.array(PAPER, np.uint8)
    sheet[: strip.height] = strip.draw()
    corners = []
    pictures = [lit.plain, *map(lit.lit, heat_maps(words, grid, (width, height)))]
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        top = strip.height + row * (cell_height + gap)
        left = gap + column * (cell_width + gap)
        corners.append((left, top))
        inset = left + (cell_width - width) // 2
        sheet[top : top + height, inset : inset + width] = picture
    return _labelled(
        sheet, corners, ["photo", *(w.text for w in words)], (cell_width, height), label
    )


def _labelled(
    sheet: Bytes,
    corners: Sequence[tuple[int, int]],
    labels: Sequence[str],
    cell: tuple[int, int],
    label: int,
) -> Bytes:
    picture = Image.fromarray(sheet)
    draw = ImageDraw.Draw(picture)
    font = font_of(round(label * 0.62))
    for number, ((left, top), text) in enumerate(zip(corners, labels, strict=True)):
        middle = (left + cell[0] / 2, top + cell[1] + label / 2)
        line = drawable(text, font, cell[0])
        draw.text(middle, line, fill=SAID if number else TO_COME, font=font, anchor="mm")
    return np.asarray(picture)


def _columns(panels: int, width: int, height: int) -> int:
    """How many columns bring the sheet nearest to the shape of a phone held upright."""

    def shape(columns: int) -> float:
        rows = math.ceil(panels / columns)
        return abs(math.log(columns * width / (rows * height) / 0.8))

    return min(range(1, panels + 1), key=shape)
