"""Photos and words for tests of pictures of attention, and what a viewer makes of the result."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captioner.queue.messages import Word

GRID = (7, 7)
SENTENCE = "a black dog and a white dog are running through the grass"
Floats = NDArray[np.float64]


def looking_at(text: str, row: int, column: int, grid: tuple[int, int] = GRID) -> Word:
    """A word for which nine tenths of the attention lie on one cell."""
    cells = grid[0] * grid[1]
    weights = np.full(cells, 0.1 / (cells - 1))
    weights[row * grid[1] + column] = 0.9
    return Word(text=text, log_prob=-1.0, attention=tuple(weights.tolist()))


def evenly(text: str, noise: float = 0.0) -> Word:
    weights = 1 + noise * np.random.default_rng(len(text)).uniform(-1, 1, GRID[0] * GRID[1])
    return Word(text=text, log_prob=-1.0, attention=tuple((weights / weights.sum()).tolist()))


def sentence(text: str = SENTENCE) -> list[Word]:
    return [looking_at(t, i % 7, (3 * i) % 7) for i, t in enumerate(text.split())]


def plain_photo(size: tuple[int, int] = (640, 480)) -> Image.Image:
    return Image.new("RGB", size, (120, 150, 90))


def noisy_photo(size: tuple[int, int] = (640, 480)) -> Image.Image:
    pixels = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def frames_of(gif: bytes) -> list[Floats]:
    """Frames as a viewer composes them, (height, width, 3)."""
    frames = []
    with Image.open(io.BytesIO(gif)) as opened:
        assert opened.format == "GIF"
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            frames.append(np.asarray(opened.convert("RGB"), np.float64))
    return frames
