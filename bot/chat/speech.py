"""Text → speech, by espeak-ng, as Ogg/Opus: what Telegram's voice messages are."""

from __future__ import annotations

import asyncio
import contextlib
import io
import math
import shutil
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.locales import languages, say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_CHARACTERS = 1000  # of a text; about a minute and a half
PROGRAM = "espeak-ng"

_VOICES = {
    language: language
    for language in ("en", "de", "es", "fr", "pt", "it", "ru", "uk", "hi", "ar", "ja")
} | {"zh": "cmn"}
_SECONDS = 20.0  # that speaking may take
_MOST_SOUND = 32_000_000  # bytes; far more than the longest text needs
_RATE, _BITS_PER_SECOND = 48_000, 32_000
_PEAK = 0.7  # of full scale: all voices are equally loud
_NOTHING = "there is nothing to say in this text"
_UNSPOKEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))  # control characters and what is none


class SpeechUnavailable(Exception):
    """espeak-ng is not installed or failed; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A sentence, spoken."""

    ogg: bytes
    seconds: float


def available() -> bool:
    """Whether this host can speak."""
    return shutil.which(PROGRAM) is not None


async def speak(text: str, *, language: str = "en") -> Speech:
    """The text spoken, its first MAX_CHARACTERS characters; raises SpeechUnavailable.

    `language` is that of the text: "de", or with a country, "pt-BR"; English for any other.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise SpeechUnavailable(
            f"{PROGRAM} is not installed; on Debian and Ubuntu: apt-get install {PROGRAM}"
        )
    sayable = _sayable(text)
    if not sayable:
        raise SpeechUnavailable(_NOTHING)
    voice = _VOICES.get(language.lower().replace("_", "-").split("-")[0], "en")
    wave = await _spoken(program, voice, sayable)
    try:
        return await asyncio.to_thread(_encoded, wave)
    except ValueError as error:
        raise SpeechUnavailable(
            f"what {PROGRAM} said is no sound ({type(error).__name__}); is it installed whole?"
        ) from error


def _sayable(text: str) -> str:
    """The text without what would be no sound, or an instruction to the program.

    Brackets in pairs hold sounds by their names for espeak-ng.
    """
    plain = text[:MAX_CHARACTERS].replace("[", "(").replace("]", ")")
    kept = (" " if unicodedata.category(sign) in _UNSPOKEN else sign for sign in plain)
    return " ".join("".join(kept).split())


async def _spoken(program: str, voice: str, text: str) -> bytes:
    """A WAV file. The text is only ever the program's input, so it is never an option."""
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            *("-v", voice, "-b", "1", "--stdin", "--stdout"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
        )
    except OSError as error:
        raise SpeechUnavailable(f"{PROGRAM} cannot be started: {error.strerror}") from error
    try:
        async with asyncio.timeout(_SECONDS):
            wave, _ = await process.communicate(text.encode())
    except TimeoutError:
        raise SpeechUnavailable(f"{PROGRAM} took longer than {_SECONDS:g} seconds") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()
    if process.returncode:
        raise SpeechUnavailable(
            f"{PROGRAM} ended with status {process.returncode}; is the voice {voice!r} installed?"
        )
    return wave


def _encoded(wave: bytes) -> Speech:
    """The WAV file as Ogg/Opus; raises ValueError if it is none, SpeechUnavailable for silence.

    Its header is not believed: when espeak-ng writes it, it does not know the length yet.
    """
    # They take 30 MB, and most bots are never asked to speak.
    import numpy as np  # noqa: PLC0415 - only where somebody is spoken to
    from av.error import FFmpegError  # noqa: PLC0415 - only where somebody is spoken to

    rate = int.from_bytes(wave[24:28], "little")
    at = wave.find(b"data", 36)
    is_wave = wave[:4] == b"RIFF" and wave[8:12] == b"WAVE" and at > 0 and 8_000 <= rate <= _RATE
    if not is_wave or len(wave) > _MOST_SOUND:
        raise ValueError("not the sound that was asked for")
    samples = np.frombuffer(wave[at + 8 : len(wave) - len(wave) % 2], "<i2").astype(np.float32)
    loudest = float(np.abs(samples).max(initial=0.0))
    if not loudest:
        raise SpeechUnavailable(_NOTHING)
    sound = (samples * (_PEAK * 32_767 / loudest)).astype(np.int16)[None]
    try:
        return Speech(_ogg(sound, rate), math.floor(1000 * sound.shape[1] / rate) / 1000)
    except FFmpegError as error:
        raise ValueError("sound that cannot be encoded") from error


def _ogg(sound: NDArray[np.int16], rate: int) -> bytes:
    """Samples (1, n) as Ogg/Opus. Raises FFmpegError."""
    import av  # noqa: PLC0415 - only where somebody is spoken to

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="ogg") as opened:
        stream = opened.add_stream("libopus", rate=_RATE, layout="mono")
        stream.bit_rate = _BITS_PER_SECOND
        stream.codec_context.options = {"application": "voip"}
        resampler = av.AudioResampler("s16", "mono", _RATE, frame_size=_RATE // 50)
        frame = av.AudioFrame.from_ndarray(sound, "s16", "mono")
        frame.sample_rate = rate
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            opened.mux(stream.encode(piece))
        opened.mux(stream.encode(None))
    return buffer.getvalue()


def in_language(answer: str, language: str) -> str:
    """An answer of ours with what is said around its captions turned into their language."""
    return "\n".join(_line_in(line, language) for line in answer.splitlines())


def _line_in(line: str, language: str) -> str:
    mark = "\n"
    for text_id, name in (("unsure-of", "numbers"), ("unsure", "caption")):
        for lang in languages():
            before, _, after = say(text_id, lang, **{name: mark}).partition(mark)
            at = line.find(before)
            if before + after and at >= 0 and line[at + len(before) :].endswith(after):
                kept = line[at + len(before) : len(line) - len(after)]
                return line[:at] + say(text_id, language, **{name: kept})
    return line
