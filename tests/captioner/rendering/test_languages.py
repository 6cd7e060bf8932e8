"""Captions under attention pictures in languages with other letters and another direction."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from captioner import fonts
from captioner.fonts import ARABIC, CHINESE, WIDE, font_file, script_of
from captioner.queue.messages import Word
from captioner.rendering.attention_gif import attention_gif, attention_sheet
from captioner.rendering.overlay import MARKER, PAPER, CaptionStrip, fit_text, font_for

CAPTIONS = {
    "ar": ("كلب", "يجري", "على", "العشب"),
    "de": ("ein", "Hund", "läuft", "über", "Gras"),
    "zh": ("一只", "狗", "在", "草地", "上"),
}


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("a dog", None),
        ("über", WIDE),
        ("собака", WIDE),
        ("a كلب", ARABIC),
        ("狗 DVD", CHINESE),
        ("犬", CHINESE),
    ],
)
def test_the_script_that_a_caption_needs(text: str, script: fonts.Script | None) -> None:
    assert script_of(text) is script


def test_this_machine_can_draw_them() -> None:
    """Which the tests below need; `deploy/install-test-packages.sh` installs the fonts."""
    assert features.check("raqm"), "libfribidi0 is missing"
    for script in (WIDE, ARABIC, CHINESE):
        assert font_file(script), script.package


def marked(strip: CaptionStrip, number: int) -> tuple[float, float]:
    """Where the mark of a word is: its middle."""
    pixels = np.asarray(strip.draw(number))
    rows, columns = np.nonzero((pixels == MARKER).all(axis=2))
    return float(columns.mean()), float(rows.mean())


def test_an_elided_word_stands_against_the_next_one() -> None:
    def width(words: str, language: str) -> int:
        strip = np.asarray(CaptionStrip(words.split(), 400, language=language).draw())
        columns = np.nonzero((strip != PAPER).any(axis=(0, 2)))[0]
        return int(columns[-1] - columns[0])

    assert width("près d' une femme", "fr") < width("près d' une femme", "en") - 5
    assert width("près d une femme", "fr") == width("près d une femme", "en")


@pytest.mark.parametrize("language", CAPTIONS)
def test_the_mark_moves_as_the_language_is_read(language: str) -> None:
    strip = CaptionStrip(CAPTIONS[language], 400, language=language)
    places = [marked(strip, number)[0] for number in range(len(CAPTIONS[language]))]
    assert places == sorted(places, reverse=language == "ar")


@pytest.mark.parametrize("language", CAPTIONS)
def test_what_is_still_to_come_is_dim_on_the_side_that_is_read_later(language: str) -> None:
    strip = CaptionStrip(CAPTIONS[language], 400, language=language)
    middle = round(marked(strip, 1)[0])
    pixels = np.asarray(strip.draw(1)).astype(int).max(axis=2)
    half = 25 if language == "zh" else 60  # of the mark, and more
    before, after = pixels[:, : middle - half], pixels[:, middle + half :]
    if language == "ar":
        before, after = after, before
    assert before.max() > 200 > after.max() > max(PAPER)


def test_chinese_has_no_spaces_and_its_words_are_told_apart() -> None:
    with_spaces = CaptionStrip(CAPTIONS["zh"], 400)
    strip = CaptionStrip(CAPTIONS["zh"], 400, language="zh")

    def ink(one: CaptionStrip) -> int:
        columns = np.nonzero((np.asarray(one.draw()) != PAPER).any(axis=(0, 2)))[0]
        return int(columns[-1] - columns[0])

    assert ink(strip) < ink(with_spaces)


def test_arabic_letters_are_joined() -> None:
    font = font_for("كلب", 40)
    apart = sum(font.getlength(letter) for letter in "كلب")
    assert font.getlength("كلب") < 0.9 * apart, "letters within a word have other, narrower forms"


def test_accents_stay_where_a_font_has_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert fit_text("läuft", font_for("läuft", 20), 400) == "läuft"
    monkeypatch.setattr(fonts, "_FOLDERS", (str(tmp_path),))
    font_file.cache_clear()
    assert fit_text("läuft", font_for("läuft", 20), 400) == "lauft", "no font has them"
    font_file.cache_clear()


@pytest.mark.parametrize("language", CAPTIONS)
def test_panels_stand_in_the_order_of_reading(language: str) -> None:
    """The first panel is the plain photo, which is bright; it stands where one begins to read."""
    alphas = [tuple(np.eye(4)[n % 4].tolist()) for n in range(5)]
    words = [
        Word(text=t, log_prob=-1.0, attention=a)
        for t, a in zip(CAPTIONS[language], alphas, strict=False)
    ]
    photo = Image.new("RGB", (64, 64), (200, 200, 200))
    sheet = Image.open(io.BytesIO(attention_sheet(photo, words, (2, 2), language=language)))
    pixels = np.asarray(sheet.convert("L"))
    half = pixels.shape[1] // 2
    top = pixels[pixels.shape[0] // 4 : pixels.shape[0] // 3]
    left, right = float(top[:, :half].mean()), float(top[:, half:].mean())
    assert (right > left) is (language == "ar")
    gif = Image.open(io.BytesIO(attention_gif(photo, words, (2, 2), language=language)))
    assert getattr(gif, "n_frames", 0) == len(words) + 2
