"""Speech, by the real espeak-ng, decoded again."""

from __future__ import annotations

import asyncio
import io
import threading
from pathlib import Path

import av
import numpy as np
import pytest

from bot.chat import speech as speech_module
from bot.chat.speech import Speech, SpeechUnavailable, available, speak

SENTENCE = "A brown dog runs through the grass."


def heard(speech: Speech) -> tuple[float, float]:
    """How long it is and how loud at its loudest, 0…1, as somebody's player has it."""
    with av.open(io.BytesIO(speech.ogg), "r", format="ogg") as opened:
        (stream,) = opened.streams.audio
        assert stream.codec_context.name == "opus"
        assert (stream.codec_context.sample_rate, stream.codec_context.channels) == (48_000, 1)
        frames = [frame.to_ndarray() for frame in opened.decode(stream)]
    sound = np.concatenate(frames, axis=1)
    assert sound.dtype == np.float32
    return sound.shape[1] / 48_000, float(np.abs(sound).max())


async def test_a_sentence() -> None:
    assert available()
    speech = await speak(SENTENCE)
    seconds, loudest = heard(speech)
    assert 1.0 < speech.seconds < 5.0
    assert seconds == pytest.approx(speech.seconds, abs=0.1)
    assert 0.4 < loudest <= 1.0
    assert len(speech.ogg) < 8000 * speech.seconds  # about 32 kbit/s
    longer = await speak(f"{SENTENCE} {SENTENCE}")
    assert longer.seconds > 1.6 * speech.seconds


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Ein Hund läuft über die Wiese."), ("es", "Un perro corre por la hierba."),
        ("fr", "Un chien court dans l’herbe."), ("pt-BR", "Um cachorro corre na grama."),
        ("it", "Un cane corre nell’erba."), ("ru", "Собака бежит по траве."),
        ("uk", "Собака біжить по траві."), ("hi", "एक कुत्ता घास पर दौड़ रहा है।"),
        ("ar", "كلب يجري على العشب."),
        ("zh_CN", "一只狗在草地上跑。"), ("ja", "いぬがはしっています。"),
    ],
)  # fmt: skip
async def test_languages(language: str, text: str) -> None:
    speech = await speak(text, language=language)
    assert heard(speech)[1] > 0.4
    assert speech.ogg != (await speak(text, language="en")).ogg  # another voice


async def test_an_unknown_language_is_spoken_in_english() -> None:
    english = (await speak(SENTENCE)).seconds
    for language in ("tlh", "", "../../etc/passwd", "-w", "en+f3"):
        assert (await speak(SENTENCE, language=language)).seconds == english


@pytest.mark.parametrize(
    "text",
    [
        "-w {file}",
        "--phonout={file}",
        "-f /etc/passwd",
        "<speak><audio src='{file}'/>a dog</speak>",
        "[[h@l'oU]] a dog [[",
        "a\0dog\x1b[31m\r\n\udcff\u202e runs",
        "🐶🌍👩‍👩‍👧",
        "a dog. " * 15_000,
        "x" * 100_000,
    ],
)
async def test_hostile_text_is_only_text(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    speech = await speak(text.replace("{file}", str(tmp_path / "written.wav")))
    seconds, loudest = heard(speech)
    assert 0.2 < seconds < 200
    assert loudest > 0.4
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", " \n\t", "\0\x01\u200b", "…"])
async def test_nothing_to_say(text: str) -> None:
    with pytest.raises(SpeechUnavailable, match="nothing to say"):
        await speak(text)


async def test_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not available()
    with pytest.raises(SpeechUnavailable, match="apt-get install espeak-ng"):
        await speak(SENTENCE)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("exit 3", "status 3"),
        ("exec cat", "no sound"),
        ("exec sleep 60", "longer than 0.2 seconds"),
    ],
)
async def test_a_program_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, sentence: str
) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    if "sleep" in script:
        monkeypatch.setattr(speech_module, "_SECONDS", 0.2)
    with pytest.raises(SpeechUnavailable, match=sentence):
        await speak(SENTENCE)


async def test_cancelled_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, mark = tmp_path / "espeak-ng", tmp_path / "pid"
    program.write_text(
        f"#!/bin/sh\necho $$ > {mark}.new; /bin/mv {mark}.new {mark}; exec /bin/sleep 60\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    task = asyncio.create_task(speak(SENTENCE))
    while not mark.exists():
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not Path(f"/proc/{int(mark.read_text())}").exists()


async def test_others_go_on_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop is not held up while a sound is encoded."""
    begun, may_end, encoded = threading.Event(), threading.Event(), speech_module._encoded

    def waiting(wave: bytes) -> Speech:
        begun.set()
        assert may_end.wait(30), "nobody else came to anything"
        return encoded(wave)

    monkeypatch.setattr(speech_module, "_encoded", waiting)
    task = asyncio.create_task(speak("a dog runs through the grass"))
    while not begun.is_set():
        await asyncio.sleep(0.001)
    may_end.set()
    assert (await task).seconds > 1
