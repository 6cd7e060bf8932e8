import io
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from captioner.queue.messages import Word
from captioner.rendering.attention_gif import (
    CLOSING_MS,
    OPENING_MS,
    WORD_MS,
    attention_gif,
    attention_sheet,
)
from captioner.rendering.overlay import MARKER
from tests.support.attention import (
    GRID,
    SENTENCE,
    Floats,
    evenly,
    frames_of,
    looking_at,
    noisy_photo,
    plain_photo,
    sentence,
)

Maker = Callable[..., bytes]
both = pytest.mark.parametrize("make", [attention_gif, attention_sheet])


def durations_of(gif: bytes) -> list[int]:
    with Image.open(io.BytesIO(gif)) as opened:
        times = []
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            times.append(opened.info["duration"])
        return times


def png_of(sheet: bytes) -> Floats:
    with Image.open(io.BytesIO(sheet)) as opened:
        assert opened.format == "PNG"
        return np.asarray(opened.convert("RGB"), np.float64)


def cell(picture: Floats, row: int, column: int, size: tuple[int, int] = (320, 240)) -> Floats:
    """The middle of one attention cell of a photo drawn `size` large at the top left."""
    width, height = size
    y, x = (row + 0.5) * height / GRID[0], (column + 0.5) * width / GRID[1]
    return picture[int(y) - 5 : int(y) + 6, int(x) - 5 : int(x) + 6]


def marked_at(frame: Floats) -> tuple[float, float] | None:
    """Middle (y, x) of the marked word, if there is one."""
    ys, xs = np.nonzero(np.abs(frame - np.array(MARKER)).sum(axis=2) < 24)
    return (ys.mean(), xs.mean()) if len(ys) > 40 else None


def test_one_frame_a_word_between_the_plain_photo_twice() -> None:
    words = sentence()
    gif = attention_gif(plain_photo(), words, GRID)
    assert len(frames_of(gif)) == len(words) + 2
    assert durations_of(gif) == [OPENING_MS, *[WORD_MS] * len(words), CLOSING_MS]
    assert CLOSING_MS > 2 * WORD_MS
    with Image.open(io.BytesIO(gif)) as opened:
        assert opened.info["loop"] == 0  # for ever


def test_the_photo_keeps_its_shape_above_the_caption() -> None:
    wide = frames_of(attention_gif(noisy_photo((640, 480)), sentence("a dog"), GRID))[0]
    assert wide.shape[1] == 320
    assert 240 + 20 < wide.shape[0] < 240 + 80
    expected = np.asarray(noisy_photo().resize((320, 240), Image.Resampling.BICUBIC), np.float64)
    assert np.corrcoef(wide[:240].mean(2).ravel(), expected.mean(2).ravel())[0, 1] > 0.8
    tall = frames_of(attention_gif(plain_photo((480, 640)), sentence("a dog"), GRID, side=200))[0]
    assert tall.shape[1] == 150
    assert tall.shape[0] > 200


def test_the_attended_cell_is_bright_and_the_rest_dark_in_the_frame_of_its_word() -> None:
    places = [(0, 0), (3, 3), (6, 1), (1, 6)]
    words = [looking_at(f"word{i}", *place) for i, place in enumerate(places)]
    frames = frames_of(attention_gif(plain_photo(), words, GRID))
    for frame, place in zip(frames[1:-1], places, strict=True):
        there = cell(frame, *place).mean()
        for other in places:
            if other != place:
                assert cell(frame, *other).mean() < 0.5 * there
        assert there > 0.9 * cell(frames[0], *place).mean()


def test_what_is_dark_has_less_colour() -> None:
    frame = frames_of(attention_gif(plain_photo(), [looking_at("dog", 3, 3)], GRID))[1]
    saturation = [
        np.ptp(cell(frame, *p).mean((0, 1))) / cell(frame, *p).max() for p in ((3, 3), (0, 0))
    ]
    assert saturation[1] < 0.7 * saturation[0]


def test_rows_and_columns_are_not_confused() -> None:
    words = [looking_at("dog", 0, 3, (2, 4))]
    frame = frames_of(attention_gif(plain_photo((400, 400)), words, (2, 4)))[1]
    corners = {"right": frame[80, 280], "left": frame[80, 40], "below": frame[240, 280]}
    brightness = {name: colour.mean() for name, colour in corners.items()}
    assert brightness["right"] > 2 * max(brightness["left"], brightness["below"])


def test_even_attention_looks_even() -> None:
    frames = frames_of(attention_gif(plain_photo(), [evenly("dog")], GRID))
    assert frames[1][:240].std(axis=(0, 1)).max() < 4
    assert cell(frames[1], 3, 3).mean() < 0.8 * cell(frames[0], 3, 3).mean()


def test_nearly_even_attention_does_not_look_like_a_finding() -> None:
    frames = frames_of(attention_gif(plain_photo(), [evenly("dog", noise=0.1)], GRID))
    levels = [cell(frames[1], r, c).mean() for r in range(7) for c in range(7)]
    assert max(levels) < 1.2 * min(levels)


def test_sharper_attention_is_never_shown_weaker_than_full() -> None:
    soft = np.exp(-((np.arange(49) % 7 - 3) ** 2 + (np.arange(49) // 7 - 3) ** 2) / 4)
    word = Word(text="dog", log_prob=0.0, attention=tuple((soft / soft.sum()).tolist()))
    frames = frames_of(attention_gif(plain_photo(), [word], GRID))
    assert cell(frames[1], 3, 3).mean() > 0.95 * cell(frames[0], 3, 3).mean()


def test_the_marked_word_walks_through_the_caption() -> None:
    frames = frames_of(attention_gif(plain_photo(), sentence(), GRID))
    assert marked_at(frames[0]) is None
    assert marked_at(frames[-1]) is None
    places = [marked_at(frame) for frame in frames[1:-1]]
    assert all(place is not None and place[0] > 240 for place in places)
    reading_order = [(round(place[0] / 15), place[1]) for place in places if place]
    assert reading_order == sorted(reading_order)
    assert len({y for y, _ in reading_order}) > 1  # it wraps


def test_words_said_are_brighter_than_words_to_come() -> None:
    words = sentence("dog dog dog dog")
    frames = frames_of(attention_gif(plain_photo(), words, GRID))
    strip = frames[2][240:]  # the second word is marked
    place = marked_at(frames[2])
    assert place is not None
    x = int(place[1])
    said, to_come = strip[:, : x - 30].max(), strip[:, x + 30 :].max()
    assert said > 200
    assert 60 < to_come < 160
    assert frames[-1][240:, x + 30 :].max() > 200


def test_first_and_last_frame_are_the_same_plain_photo() -> None:
    frames = frames_of(attention_gif(plain_photo(), sentence(), GRID))
    assert np.array_equal(frames[0], frames[-1])
    assert np.abs(frames[0][:240].mean((0, 1)) - np.array([120, 150, 90])).max() < 5


def test_a_word_without_attention_shows_the_plain_photo() -> None:
    words = [looking_at("a", 0, 0), Word(text="dog", log_prob=-1.0), looking_at("runs", 6, 6)]
    frames = frames_of(attention_gif(plain_photo(), words, GRID))
    assert len(frames) == 5
    assert np.abs(frames[2][:240].mean((0, 1)) - frames[0][:240].mean((0, 1))).max() < 8
    assert marked_at(frames[2]) is not None


@pytest.mark.parametrize("count", [12, 60])
def test_noise_stays_within_the_limit(count: int) -> None:
    words = sentence(" ".join((SENTENCE.split() * 5)[:count]))
    gif = attention_gif(noisy_photo(), words, GRID)
    assert len(gif) <= 1_000_000
    assert len(frames_of(gif)) == count + 2
    assert len(attention_sheet(noisy_photo(), words, GRID)) <= 1_000_000


def test_fewer_colours_come_before_fewer_pixels() -> None:
    words = sentence("a dog runs")
    whole = attention_gif(noisy_photo(), words, GRID)
    less = attention_gif(noisy_photo(), words, GRID, max_bytes=int(len(whole) * 0.95))
    assert len(less) <= 0.95 * len(whole)
    assert frames_of(less)[0].shape == frames_of(whole)[0].shape
    least = attention_gif(noisy_photo(), words, GRID, max_bytes=len(whole) // 5)
    assert len(least) <= len(whole) // 5
    assert frames_of(least)[0].shape[1] < 320


@both
@pytest.mark.parametrize("limit", [-1, 0, 1, 1000])
def test_an_impossible_limit_is_said_and_ends(make: Maker, limit: int) -> None:
    with pytest.raises(ValueError, match=f"into {limit} bytes"):
        make(noisy_photo(), sentence(), GRID, max_bytes=limit)


@both
def test_the_same_input_gives_the_same_bytes(make: Maker) -> None:
    assert make(noisy_photo(), sentence(), GRID) == make(noisy_photo(), sentence(), GRID)


def test_many_lines_are_all_within_the_picture() -> None:
    words = sentence(" ".join(SENTENCE.split() * 3))
    for frame in frames_of(attention_gif(plain_photo(), words, GRID))[1:-1]:
        place = marked_at(frame)
        assert place is not None
        assert 240 < place[0] < frame.shape[0] - 5


# The sheet


def test_the_sheet_has_the_photo_and_then_a_panel_a_word() -> None:
    places = [(0, 0), (3, 3), (6, 1), (1, 6), (6, 6)]
    words = [looking_at("dog", *place) for place in places]
    sheet = png_of(attention_sheet(plain_photo(), words, GRID, panel=140))
    # panels of 140 x 105 with their corners on a regular lattice: find it by the first, lit one
    lit = np.abs(sheet - np.array([120, 150, 90])).max(axis=2) < 12
    top = int(np.argmax(lit.mean(axis=1) > 0.15))
    left = int(np.argmax(lit[top + 50]))
    columns = round((sheet.shape[1] - left) / (140 + left))
    for number, place in enumerate(places, start=1):
        row, column = divmod(number, columns)
        y, x = top + row * (sheet.shape[0] - top) // -(-6 // columns), left + column * (140 + left)
        panel = sheet[y : y + 105, x : x + 140]
        levels = {p: cell(panel, *p, size=(140, 105)).mean() for p in places}
        assert max(levels, key=lambda p: levels[p]) == place


def test_the_sheet_is_upright_enough_for_a_phone() -> None:
    for count in (1, 5, 12, 30):
        words = sentence(" ".join((SENTENCE.split() * 3)[:count]))
        height, width, _ = png_of(attention_sheet(plain_photo(), words, GRID)).shape
        assert 0.4 < width / height < 1.3
        assert width <= 1600


def test_neither_torch_nor_a_chat_library_is_imported() -> None:
    code = (
        "import sys, captioner.rendering.attention_gif;"
        "print(sorted({'torch', 'matplotlib', 'telegram', 'discord'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
