import io
from collections.abc import Callable, Sequence

import pytest
from PIL import Image

from captioner.queue.messages import Word
from captioner.rendering.attention_gif import attention_gif, attention_sheet
from tests.support.attention import (
    GRID,
    frames_of,
    looking_at,
    noisy_photo,
    plain_photo,
    sentence,
)

Maker = Callable[..., bytes]
both = pytest.mark.parametrize("make", [attention_gif, attention_sheet])


def weighing(*weights: float) -> Word:
    return Word(text="secret", log_prob=0.0, attention=weights)


@both
@pytest.mark.parametrize(
    ("words", "grid", "message"),
    [
        ([], (1, 2), "without words"),
        ([Word(text="secret", log_prob=0.0)], (1, 2), "none of the words"),
        ([weighing(0.5, 0.5)], (0, 0), "no cells"),
        ([weighing(0.5, 0.5)], (-1, -2), "no cells"),
        ([weighing(0.5, 0.5), weighing(1.0)], (1, 2), "word 2 has 1 attention weights for 1 x 2"),
        ([weighing(0.5, 0.5)], (2, 2), "word 1 has 2 attention weights for 2 x 2"),
        ([weighing(0.5, float("nan"))], (1, 2), "word 1 .* not finite"),
        ([weighing(0.5, float("inf"))], (1, 2), "word 1 .* not finite"),
        ([weighing(1.5, -0.5)], (1, 2), "word 1 .* negative"),
        ([weighing(0.0, 0.0)], (1, 2), "word 1 .* do not sum to 1"),
        ([weighing(1e-320, 0.0)], (1, 2), "word 1 .* do not sum to 1"),
        ([weighing(1e308, 1e308)], (1, 2), "word 1 .* do not sum to 1"),
    ],
)
def test_what_cannot_be_drawn_is_named_without_the_caption(
    make: Maker, words: Sequence[Word], grid: tuple[int, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        make(plain_photo(), words, grid)
    assert "secret" not in str(caught.value)


@both
@pytest.mark.parametrize(
    "size", [(1, 1), (1, 50), (50, 1), (40, 2000), (2000, 40), (1, 3000), (3000, 1)]
)
def test_photos_of_any_shape(make: Maker, size: tuple[int, int]) -> None:
    made = make(plain_photo(size), sentence(), GRID)
    with Image.open(io.BytesIO(made)) as opened:
        opened.load()
        assert opened.width >= 150  # room for the caption
        assert max(opened.size) < 2500


@both
@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "CMYK"])
def test_photos_of_any_mode(make: Maker, mode: str) -> None:
    assert make(plain_photo().convert(mode), sentence("a dog"), GRID)


def test_the_given_photo_is_left_as_it_was() -> None:
    photo = noisy_photo()
    before = photo.tobytes()
    attention_gif(photo, sentence("a dog"), GRID)
    assert photo.size == (640, 480)
    assert photo.tobytes() == before


ODD_WORDS = [
    "supercalifragilisticexpialidocious" * 3, "y" * 100_000, "犬", "🐕", "مرحبا", "café",
    "", " ", "\n", "a\nb\tc", "\0", "\ud800", "\u202e", "\u0301", ",", "n't", "'s", "<b>", "%s",
]  # fmt: skip


@both
@pytest.mark.parametrize("text", ODD_WORDS, ids=[ascii(t[:20]) for t in ODD_WORDS])
def test_odd_words_are_drawn(make: Maker, text: str) -> None:
    made = make(plain_photo(), [looking_at(t, 1, 1) for t in ("a", text, "dog")], GRID)
    if make is attention_gif:
        assert len(frames_of(made)) == 5


def test_a_single_cell_and_a_fine_grid() -> None:
    for grid in ((1, 1), (1, 9), (40, 40)):
        cells = grid[0] * grid[1]
        word = Word(text="dog", log_prob=0.0, attention=(1.0, *[0.0] * (cells - 1)))
        assert len(frames_of(attention_gif(plain_photo(), [word], grid))) == 3
